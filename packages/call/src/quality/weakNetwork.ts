/**
 * When to give up one's own video so that the voice stays whole, and when to try it again. A pure rule: one sample a
 * second in, a verdict out.
 */
export interface WeakNetworkSample {
  /** Milliseconds, monotonic. */
  readonly at: number;
  readonly sendsVideo: boolean;
  readonly sendFps: number | null;
  /** The browser's estimate of what the uplink carries, bit/s. */
  readonly availableOutgoingBitrate: number | null;
  /** Lost on the way to the media node, 0–1. */
  readonly sendLossRate: number;
}

export interface WeakNetworkState {
  readonly suspended: boolean;
  /** Since when video has been starving, or `null`. */
  readonly starvingSince: number | null;
  readonly changedAt: number;
  /** Wait before the next try, milliseconds. */
  readonly retryAfterMs: number;
}

/** Voice with FEC and overhead takes about 60 kbit/s; below this nothing useful is left for video; bit/s. */
const STARVING_BITRATE = 80_000;
/** Fewer frames than that aren't motion any more; a still serves better. */
const STARVING_FPS = 3;
const STARVING_LOSS = 0.25;
/** How long it must starve, milliseconds: estimates dip for a moment after each change of route. */
const PATIENCE_MS = 5_000;
/** A start takes a moment to reach its frame rate, milliseconds. */
const START_GRACE_MS = 4_000;
/** First wait before video is tried again; doubles with each failed try; milliseconds. */
export const FIRST_RETRY_MS = 8_000;
export const LONGEST_RETRY_MS = 60_000;
/** Video that held this long has proven itself, milliseconds. */
const PROVEN_AFTER_MS = 30_000;

export const WEAK_NETWORK_INITIAL: WeakNetworkState = {
  suspended: false,
  starvingSince: null,
  changedAt: Number.NEGATIVE_INFINITY,
  retryAfterMs: FIRST_RETRY_MS,
};

const isStarving = (sample: WeakNetworkSample): boolean =>
  sample.sendsVideo &&
  ((sample.sendFps !== null && sample.sendFps < STARVING_FPS) ||
    (sample.availableOutgoingBitrate !== null && sample.availableOutgoingBitrate < STARVING_BITRATE) ||
    sample.sendLossRate > STARVING_LOSS);

/** @returns the next state; `suspended` says what is to be done */
export function weakNetwork(state: WeakNetworkState, sample: WeakNetworkSample): WeakNetworkState {
  const { at } = sample;
  const sinceChange = at - state.changedAt;
  if (state.suspended) {
    if (sinceChange < state.retryAfterMs) return state;
    return { ...state, suspended: false, starvingSince: null, changedAt: at };
  }
  const proven = sinceChange > PROVEN_AFTER_MS ? FIRST_RETRY_MS : state.retryAfterMs;
  if (sinceChange < START_GRACE_MS || !isStarving(sample)) {
    return { ...state, starvingSince: null, retryAfterMs: proven };
  }
  const since = state.starvingSince ?? at;
  if (at - since < PATIENCE_MS) return { ...state, starvingSince: since, retryAfterMs: proven };
  // A try that failed soon makes the next one wait longer.
  const failedTry = sinceChange <= PROVEN_AFTER_MS && Number.isFinite(state.changedAt);
  return {
    suspended: true,
    starvingSince: null,
    changedAt: at,
    retryAfterMs: failedTry ? Math.min(LONGEST_RETRY_MS, state.retryAfterMs * 2) : FIRST_RETRY_MS,
  };
}
