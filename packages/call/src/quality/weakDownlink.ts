/**
 * Whether moving pictures reach us at all. The media node leaves layers out that our downlink can't carry, down to none:
 * then the picture stands still without a word, and stills every few seconds are better. A pure rule, one sample a second.
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
}

export interface DownlinkState {
  readonly mode: 'video' | 'stills';
  readonly starvingSince: number | null;
  readonly changedAt: number;
  /** Wait before moving pictures are tried again, milliseconds. */
  readonly retryAfterMs: number;
}

/** Fewer frames than that aren't motion. */
const MOTION_FPS = 3;
/** A change of layers takes a key frame, and that a second or two; milliseconds. */
const PATIENCE_MS = 6_000;
/** Nothing tells what the downlink would carry: only a try does. Doubles with each failed one; milliseconds. */
const FIRST_TRY_MS = 40_000;
const LONGEST_TRY_MS = 160_000;
/** Motion that held this long has proven itself, milliseconds. */
const PROVEN_AFTER_MS = 30_000;

export const DOWNLINK_INITIAL: DownlinkState = {
  mode: 'video',
  starvingSince: null,
  changedAt: Number.NEGATIVE_INFINITY,
  retryAfterMs: FIRST_TRY_MS,
};

export function weakDownlink(state: DownlinkState, sample: DownlinkSample): DownlinkState {
  const { at, expectsMotion, othersStarve, receiveFps } = sample;
  if (othersStarve) return { ...DOWNLINK_INITIAL, changedAt: state.mode === 'stills' ? at : state.changedAt };
  const sinceChange = at - state.changedAt;
  if (state.mode === 'stills') {
    return sinceChange < state.retryAfterMs ? state : { ...state, mode: 'video', starvingSince: null, changedAt: at };
  }
  const retryAfterMs = sinceChange > PROVEN_AFTER_MS ? FIRST_TRY_MS : state.retryAfterMs;
  if (!expectsMotion || (receiveFps ?? 0) >= MOTION_FPS) return { ...state, starvingSince: null, retryAfterMs };
  const since = state.starvingSince ?? at;
  if (at - since < PATIENCE_MS) return { ...state, starvingSince: since, retryAfterMs };
  const failed = sinceChange <= PROVEN_AFTER_MS && Number.isFinite(state.changedAt);
  return {
    mode: 'stills',
    starvingSince: null,
    changedAt: at,
    retryAfterMs: failed ? Math.min(LONGEST_TRY_MS, retryAfterMs * 2) : retryAfterMs,
  };
}
