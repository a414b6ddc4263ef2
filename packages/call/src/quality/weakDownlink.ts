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
}

/** Fewer frames than that aren't motion. */
const MOTION_FPS = 3;
/** A voice of which more than that is made up can't be followed; some percent are hardly heard. */
export const VOICE_BREAKS = 0.15;
/** A change of layers takes a key frame, and that a second or two; milliseconds. */
const PATIENCE_MS = 6_000;
/** A mode that is only tried is given up sooner: the voice pays for it. Milliseconds. */
const TRY_PATIENCE_MS = 4_000;
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
};

function isStarving(mode: PictureMode, { expectsMotion, receiveFps, concealedRate }: DownlinkSample): boolean {
  if (mode === 'audio') return false;
  const standsStill = mode === 'video' && expectsMotion && (receiveFps ?? 0) < MOTION_FPS;
  return standsStill || concealedRate > VOICE_BREAKS;
}

export function weakDownlink(state: DownlinkState, sample: DownlinkSample): DownlinkState {
  const { at } = sample;
  if (sample.othersStarve) return { ...DOWNLINK_INITIAL, changedAt: state.mode === 'video' ? state.changedAt : at };
  const sinceChange = at - state.changedAt;
  const retryAfterMs = state.mode === 'video' && sinceChange > PROVEN_AFTER_MS ? FIRST_TRY_MS : state.retryAfterMs;
  if (isStarving(state.mode, sample)) {
    const since = state.starvingSince ?? at;
    const isTry = state.rose && sinceChange <= PROVEN_AFTER_MS;
    if (at - since < (isTry ? TRY_PATIENCE_MS : PATIENCE_MS)) return { ...state, starvingSince: since, retryAfterMs };
    // A try that failed soon makes the next one wait longer.
    return {
      mode: WORSE[state.mode],
      starvingSince: null,
      changedAt: at,
      rose: false,
      retryAfterMs: isTry ? Math.min(LONGEST_TRY_MS, retryAfterMs * 2) : retryAfterMs,
    };
  }
  if (state.mode === 'video' || sinceChange < retryAfterMs) return { ...state, starvingSince: null, retryAfterMs };
  return { mode: BETTER[state.mode], starvingSince: null, changedAt: at, rose: true, retryAfterMs };
}
