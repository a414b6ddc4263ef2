/**
 * How long the others' voice waits in the browser's jitter buffer. What is lost on the way is asked for and sent again, and
 * comes too late for a buffer that holds less than a round trip; on a good line the browser keeps it as short as it can.
 * A pure rule, one sample a second.
 */
export interface VoiceDelaySample {
  /** Milliseconds, monotonic. */
  readonly at: number;
  /** Of the voice we hear, 0–1, over the last seconds. */
  readonly concealedRate: number;
  /** Between us and the media node, milliseconds. */
  readonly roundTripMs: number | null;
}

export interface VoiceDelayState {
  /** Wanted in the buffer, milliseconds; `null`: what the browser thinks best. */
  readonly targetMs: number | null;
  /** Retransmissions of one packet that are waited for. */
  readonly repeats: number;
  readonly changedAt: number;
  /** When the voice broke last. */
  readonly brokeAt: number;
}

/** More of the voice than that is made up: it is heard. */
const BREAKS_ABOVE = 0.01;
/** A gap is noticed with the next packet, and asked for again within as much; milliseconds. */
const NOTICED_AFTER_MS = 50;
/** Of a line without an estimate, milliseconds. */
const UNKNOWN_MS = 250;
/**
 * Milliseconds. A delay is heard as well: ITU-T G.114 plans with 400 from mouth to ear, which a far line passes by this.
 * Measured at 200 ms, 120 of jitter and 5 % loss: with 250 a voice had 3.4 to 4.3 % made up, in gaps of 140 ms.
 */
const LONGEST_MS = 400;
const MOST_REPEATS = 2;
/** For a change to show in what is made up, milliseconds. */
const PATIENCE_MS = 6_000;
/** A line that has lost nothing for so long is trusted again, milliseconds. */
const TRUSTED_AFTER_MS = 30_000;

export const VOICE_DELAY_INITIAL: VoiceDelayState = {
  targetMs: null,
  repeats: 0,
  changedAt: Number.NEGATIVE_INFINITY,
  brokeAt: Number.NEGATIVE_INFINITY,
};

export function voiceDelay(state: VoiceDelayState, sample: VoiceDelaySample): VoiceDelayState {
  const { at, concealedRate, roundTripMs } = sample;
  const breaks = concealedRate > BREAKS_ABOVE;
  const brokeAt = breaks ? at : state.brokeAt;
  if (breaks && state.repeats < MOST_REPEATS && at - state.changedAt >= PATIENCE_MS) {
    const repeats = state.repeats + 1;
    const waitMs = roundTripMs === null ? UNKNOWN_MS : (roundTripMs + NOTICED_AFTER_MS) * repeats;
    return { targetMs: Math.round(Math.min(LONGEST_MS, waitMs)), repeats, changedAt: at, brokeAt };
  }
  if (state.repeats > 0 && at - brokeAt >= TRUSTED_AFTER_MS) return { ...VOICE_DELAY_INITIAL, changedAt: at };
  return { ...state, brokeAt };
}
