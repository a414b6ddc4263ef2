/**
 * What an uplink can carry of one's own picture: moving, as one sharp picture every few seconds, or not at all, so that
 * the voice stays whole. A pure rule: one sample a second in, a verdict out.
 */
export type PictureMode = 'video' | 'stills' | 'audio';
/** Those in which nothing moves. */
type ThinMode = Exclude<PictureMode, 'video'>;

export interface WeakNetworkSample {
  /** Milliseconds, monotonic. */
  readonly at: number;
  readonly sendsVideo: boolean;
  readonly sendFps: number | null;
  /** The browser's estimate of what the uplink carries, bit/s. */
  readonly availableOutgoingBitrate: number | null;
  /** Lost on the way to the media node, 0–1. */
  readonly sendLossRate: number;
  /** Media flow at all. While nothing passes, nothing is learnt of what the line carries. */
  readonly connected: boolean;
}

export interface WeakNetworkState {
  readonly mode: PictureMode;
  /** Since when it has been worse than the mode needs, or `null`. */
  readonly starvingSince: number | null;
  /** Since when the estimate has carried the mode above, or `null`. */
  readonly carriesSince: number | null;
  readonly changedAt: number;
  /** The line is broken as of the last sample. */
  readonly broken: boolean;
  /** When it was last seen broken, and since when it had been. */
  readonly brokenAt: number;
  readonly brokenSince: number;
  /** It broke again soon after it had come back: too thin for what is sent, rather than dead for a while. */
  readonly flaps: boolean;
  /** The last change was a try of more: should it starve soon, the try has failed. */
  readonly rose: boolean;
  /** Wait before the next try of the mode above, by the mode from which it is tried; milliseconds. */
  readonly retryAfterMs: RetryWaits;
}

type RetryWaits = Readonly<Record<ThinMode, number>>;

/**
 * Voice with FEC and overhead takes about 60 kbit/s, and the lowest layer of moving picture 120; with less, a sharp still
 * shows more than a moving blur. bit/s.
 */
const STILLS_BELOW = 180_000;
/**
 * Where moving pictures begin again. A slide and a thin voice are all that is sent meanwhile, and the browser doesn't look
 * further than some 230 kbit/s for them (measured in Chromium), whatever the link would carry. bit/s.
 */
const VIDEO_ABOVE = 210_000;
/** More than that no line of 200 kbit/s looks like, whatever was wrong before. bit/s. */
const SURELY_ABOVE = 450_000;
/** With less, a still takes the voice's place. bit/s. */
const AUDIO_BELOW = 70_000;
/** Where stills begin again after the voice alone. bit/s. */
const STILLS_ABOVE = 90_000;
/** The voice itself hardly passes: whatever is sent beside it only makes the queue longer. bit/s. */
const VOICE_BELOW = 50_000;
/** Fewer frames than that aren't motion any more. */
const MOTION_FPS = 5;
/** Retransmission and FEC hardly help the voice above it; whatever isn't voice must go. */
const LOSS_FOR_STILLS = 0.25;
const LOSS_FOR_AUDIO = 0.4;
/** How long it must starve, milliseconds: estimates dip for a moment after each change of route. */
const PATIENCE_MS = 5_000;
/** The same where the voice breaks: so much is lost, or hardly anything passes. Milliseconds. */
const VOICE_PATIENCE_MS = 2_000;
/** How long the estimate must carry the mode above, milliseconds. */
const CARRIES_MS = 3_000;
/** A start takes a moment to reach its frame rate, and so does the browser's estimate after a broken line; milliseconds. */
const START_GRACE_MS = 4_000;
/** So long nothing passed: an outage. In less, a line that is overrun may just have answered late. Milliseconds. */
const OUTAGE_MS = 2_000;
/** A line that was dead stays up once it is back; one that is overrun breaks again within seconds. Milliseconds. */
const FLAPS_WITHIN_MS = 8_000;
/**
 * First wait before the mode above is tried although the estimate doesn't say that it would work; doubles with each failed
 * try. Each try costs the voice some delay, and a link that has recovered shows in the estimate within seconds; but only
 * with stills, which cost little, does the browser look for what it carries. Milliseconds.
 */
export const FIRST_RETRY_MS: RetryWaits = { stills: 45_000, audio: 6_000 };
export const LONGEST_RETRY_MS: RetryWaits = { stills: 180_000, audio: 24_000 };
/** A mode that held this long has proven itself, milliseconds. */
const PROVEN_AFTER_MS = 30_000;

export const WEAK_NETWORK_INITIAL: WeakNetworkState = {
  mode: 'video',
  starvingSince: null,
  carriesSince: null,
  changedAt: Number.NEGATIVE_INFINITY,
  broken: false,
  brokenAt: Number.NEGATIVE_INFINITY,
  brokenSince: Number.NEGATIVE_INFINITY,
  flaps: false,
  rose: false,
  retryAfterMs: FIRST_RETRY_MS,
};

const RANK: readonly PictureMode[] = ['video', 'stills', 'audio'];
/** The one that takes less. */
export const worseOf = (one: PictureMode, other: PictureMode): PictureMode =>
  RANK.indexOf(one) > RANK.indexOf(other) ? one : other;

/** The one that shows more. */
export const betterOf = (one: PictureMode, other: PictureMode): PictureMode =>
  RANK.indexOf(one) < RANK.indexOf(other) ? one : other;

/** One step up and down the ladder. */
export const BETTER: Readonly<Record<PictureMode, PictureMode>> = { video: 'video', stills: 'video', audio: 'stills' };
export const WORSE: Readonly<Record<PictureMode, ThinMode>> = {
  video: 'stills',
  stills: 'audio',
  audio: 'audio',
};

interface Starving {
  /** How long the mode may go on like that, milliseconds. */
  readonly patienceMs: number;
  /** What is sent after that. */
  readonly next: ThinMode;
}

/** @returns null: it isn't starving */
function starvingOf(mode: PictureMode, sample: WeakNetworkSample): Starving | null {
  const { sendsVideo, sendFps, sendLossRate } = sample;
  if (!sendsVideo || mode === 'audio') return null;
  const carries = sample.availableOutgoingBitrate ?? Number.POSITIVE_INFINITY;
  if (carries < VOICE_BELOW) return { patienceMs: VOICE_PATIENCE_MS, next: 'audio' };
  const next = WORSE[mode];
  if (sendLossRate > (mode === 'video' ? LOSS_FOR_STILLS : LOSS_FOR_AUDIO)) {
    return { patienceMs: VOICE_PATIENCE_MS, next };
  }
  const isThin =
    mode === 'video' ? carries < STILLS_BELOW || (sendFps !== null && sendFps < MOTION_FPS) : carries < AUDIO_BELOW;
  return isThin ? { patienceMs: PATIENCE_MS, next } : null;
}

/** A try that failed soon makes the next one wait longer. */
const lengthened = (waits: RetryWaits, mode: ThinMode): RetryWaits => ({
  ...waits,
  [mode]: Math.min(LONGEST_RETRY_MS[mode], waits[mode] * 2),
});

/** @returns the next state; `mode` says what is to be sent */
export function weakNetwork(state: WeakNetworkState, sample: WeakNetworkSample): WeakNetworkState {
  const { at } = sample;
  const sinceChange = at - state.changedAt;
  const retryAfterMs = sinceChange > PROVEN_AFTER_MS && state.mode === 'video' ? FIRST_RETRY_MS : state.retryAfterMs;
  const estimate = sample.availableOutgoingBitrate;
  const enough = state.mode === 'audio' ? STILLS_ABOVE : VIDEO_ABOVE;
  const carries = (estimate ?? 0) >= enough && sample.sendLossRate <= LOSS_FOR_STILLS;
  const carriesSince = carries ? (state.carriesSince ?? at) : null;
  if (!sample.connected) {
    const [brokenSince, flaps] = state.broken
      ? [state.brokenSince, state.flaps]
      : [at, at - state.brokenAt < FLAPS_WITHIN_MS];
    return { ...state, retryAfterMs, broken: true, brokenAt: at, brokenSince, flaps, carriesSince: null };
  }
  const sinceBroken = at - state.brokenAt;
  const flaps = state.flaps && sinceBroken < FLAPS_WITHIN_MS;
  const comesBack = state.brokenAt - state.brokenSince >= OUTAGE_MS && sinceBroken < START_GRACE_MS && !flaps;
  const known = { ...state, retryAfterMs, broken: false, flaps, carriesSince };
  const moved = (mode: PictureMode, waits: RetryWaits): WeakNetworkState => ({
    ...known,
    mode,
    starvingSince: null,
    carriesSince: null,
    changedAt: at,
    rose: betterOf(mode, state.mode) === mode,
    retryAfterMs: waits,
  });
  if (sinceChange < START_GRACE_MS || comesBack) return { ...known, starvingSince: null };
  const starving = starvingOf(state.mode, sample);
  if (starving !== null) {
    const since = state.starvingSince ?? at;
    if (at - since < starving.patienceMs) return { ...known, starvingSince: since };
    const failed = state.rose && sinceChange <= PROVEN_AFTER_MS;
    return moved(starving.next, failed ? lengthened(retryAfterMs, WORSE[state.mode]) : retryAfterMs);
  }
  if (state.mode !== 'video') {
    // With voice alone, too, the estimate rises within seconds of the line's return.
    const isHopeless = state.mode === 'audio' && estimate !== null && estimate < VOICE_BELOW;
    const wait = isHopeless ? LONGEST_RETRY_MS.audio : retryAfterMs[state.mode];
    // An estimate that was wrong once isn't believed at once again: a line of 200 kbit/s looks like one that carries more.
    const isSure = (estimate ?? 0) >= SURELY_ABOVE;
    const isBelieved = isSure || wait === FIRST_RETRY_MS[state.mode] || sinceChange >= wait / 2;
    const proves = isBelieved && carriesSince !== null && at - carriesSince >= CARRIES_MS;
    if (proves || sinceChange >= wait) return moved(BETTER[state.mode], retryAfterMs);
  }
  return { ...known, starvingSince: null };
}
