import { BETTER, type PictureMode, WORSE } from './weakNetwork.ts';

/**
 * Whether moving pictures reach us at all, and whether they leave the voice its place. The media node leaves layers out
 * that our downlink can't carry, down to none: then the picture stands still without a word, and stills every few seconds
 * are better; if they, too, break the voice, none at all. A pure rule, one sample a second.
 */
export interface DownlinkSample {
  /** Milliseconds, monotonic. */
  readonly at: number;
  /** Somebody sends a moving picture that we should see. */
  readonly expectsMotion: boolean;
  /** The others say that it is their own uplink: ours is not to blame. */
  readonly othersStarve: boolean;
  /** Over the last seconds. */
  readonly receiveFps: number | null;
  /** In the last one alone. */
  readonly lastFps: number | null;
  /** Of the voice we hear, 0–1, over the last seconds. */
  readonly concealedRate: number;
}

export interface DownlinkState {
  readonly mode: PictureMode;
  readonly starvingSince: number | null;
  readonly changedAt: number;
  /** The last change was a try of more. */
  readonly rose: boolean;
  /** Wait before the mode above is tried again, milliseconds. */
  readonly retryAfterMs: number;
  /** Since when a picture that should move has stood still, second by second, or `null`. */
  readonly stillSince: number | null;
  /** It has stood long enough to be said: nobody need think that the other side is frozen. */
  readonly stuck: boolean;
}

/** Fewer frames than that aren't motion. */
const MOTION_FPS = 3;
/** A voice of which more than that is made up can't be followed; some percent are hardly heard. */
export const VOICE_BREAKS = 0.15;
/** A change of layers takes a key frame, and that a second or two; the frame rate is known some seconds late. Milliseconds. */
const STILL_PATIENCE_MS = 4_000;
/** How long a voice breaks before the picture makes room for it, milliseconds. */
const VOICE_PATIENCE_MS = 6_000;
/** A mode that is only tried is given up sooner: the voice pays for it. Milliseconds. */
const TRY_PATIENCE_MS = 4_000;
/** Shorter than that it is the change of a layer. Milliseconds. */
const STUCK_AFTER_MS = 2_000;
/** Nothing tells what the downlink would carry: only a try does. Doubles with each failed one; milliseconds. */
const FIRST_TRY_MS = 15_000;
const LONGEST_TRY_MS = 160_000;
/** Motion that held this long has proven itself, milliseconds. */
const PROVEN_AFTER_MS = 30_000;

export const DOWNLINK_INITIAL: DownlinkState = {
  mode: 'video',
  starvingSince: null,
  changedAt: Number.NEGATIVE_INFINITY,
  rose: false,
  retryAfterMs: FIRST_TRY_MS,
  stillSince: null,
  stuck: false,
};

/** @returns how long it may go on like that, milliseconds; null: it isn't starving */
function patienceOf(mode: PictureMode, { expectsMotion, receiveFps, concealedRate }: DownlinkSample): number | null {
  if (mode === 'audio') return null;
  if (mode === 'video' && expectsMotion && (receiveFps ?? 0) < MOTION_FPS) return STILL_PATIENCE_MS;
  return concealedRate > VOICE_BREAKS ? VOICE_PATIENCE_MS : null;
}

/** @returns the next state; `mode` says what is wanted of the others' pictures, `stuck` what to say of them meanwhile */
export function weakDownlink(state: DownlinkState, sample: DownlinkSample): DownlinkState {
  const { at, expectsMotion, othersStarve, lastFps } = sample;
  const stands = expectsMotion && !othersStarve && (lastFps ?? 0) < MOTION_FPS;
  const stillSince = stands ? (state.stillSince ?? at) : null;
  const stuck = stillSince !== null && at - stillSince >= STUCK_AFTER_MS;
  return { ...nextMode(state, sample), stillSince, stuck };
}

function nextMode(state: DownlinkState, sample: DownlinkSample): DownlinkState {
  const { at } = sample;
  if (sample.othersStarve) return { ...DOWNLINK_INITIAL, changedAt: state.mode === 'video' ? state.changedAt : at };
  const sinceChange = at - state.changedAt;
  const retryAfterMs = state.mode === 'video' && sinceChange > PROVEN_AFTER_MS ? FIRST_TRY_MS : state.retryAfterMs;
  const patienceMs = patienceOf(state.mode, sample);
  if (patienceMs !== null) {
    const since = state.starvingSince ?? at;
    const isTry = state.rose && sinceChange <= PROVEN_AFTER_MS;
    if (at - since < (isTry ? TRY_PATIENCE_MS : patienceMs)) return { ...state, starvingSince: since, retryAfterMs };
    // A try that failed soon makes the next one wait longer.
    return {
      ...state,
      mode: WORSE[state.mode],
      starvingSince: null,
      changedAt: at,
      rose: false,
      retryAfterMs: isTry ? Math.min(LONGEST_TRY_MS, retryAfterMs * 2) : retryAfterMs,
    };
  }
  if (state.mode === 'video' || sinceChange < retryAfterMs) return { ...state, starvingSince: null, retryAfterMs };
  return { ...state, mode: BETTER[state.mode], starvingSince: null, changedAt: at, rose: true, retryAfterMs };
}
