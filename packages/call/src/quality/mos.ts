/**
 * Speech quality by the E-model in the reduced form of ITU-T G.107 (06/2015) with default values:
 *
 *   R      = 93.2 − Id − Ie,eff
 *   Id     = 0.024 d + 0.11 · max(0, d − 177.3)            (Cole & Rosenbluth 2001, fit of G.107's delay term)
 *   Ie,eff = Ie + (95 − Ie) · Ppl / (Ppl + Bpl)            (G.107, equation 7-29 with BurstR = 1)
 *   MOS    = 1 + 0.035 R + 7·10⁻⁶ R (R − 60)(100 − R)      (G.107, annex B), clamped to 1…4.5
 *
 * d is the mouth-to-ear delay in milliseconds, Ppl the share of lost speech in per cent. As "loss" we take what the
 * decoder really concealed, so FEC and retransmission that helped don't count against the call.
 */
export interface SpeechConditions {
  /** One-way mouth-to-ear delay, milliseconds. */
  readonly delayMs: number;
  /** Concealed ÷ played samples, 0–1. */
  readonly concealedRate: number;
}

/** Opus at speech rates has no coding impairment worth speaking of against G.711's 0 (G.113 lists none for it). */
const OPUS_IE = 0;
/**
 * Robustness against loss. G.113 appendix I has 4.3 for G.711 without and 25.1 with packet-loss concealment, and
 * nothing for Opus. We count what was concealed (after FEC and NACK), which is heard more than plain loss: 10 lies on
 * the cautious side of the two.
 */
const OPUS_BPL = 10;

/** What the browser adds besides network and jitter buffer: capture, encoding of a 40 ms packet, playout; milliseconds. */
export const DEVICE_DELAY_MS = 65;

export function ratingFactor({ delayMs, concealedRate }: SpeechConditions): number {
  const lossPercent = Math.min(1, Math.max(0, concealedRate)) * 100;
  const delayImpairment = 0.024 * delayMs + 0.11 * Math.max(0, delayMs - 177.3);
  const lossImpairment = OPUS_IE + ((95 - OPUS_IE) * lossPercent) / (lossPercent + OPUS_BPL);
  return 93.2 - delayImpairment - lossImpairment;
}

/** MOS from 1 (bad) to 4.5 (excellent). */
export function meanOpinionScore(conditions: SpeechConditions): number {
  const r = Math.min(100, Math.max(0, ratingFactor(conditions)));
  // The cubic dips just below 1 for small R.
  return Math.min(4.5, Math.max(1, 1 + 0.035 * r + 7e-6 * r * (r - 60) * (100 - r)));
}

/**
 * Mouth-to-ear delay as far as one end can see it, milliseconds: the path (sender → SFU → receiver is taken as one
 * round trip of our own leg, which assumes that both legs are alike), the jitter buffer, the devices.
 */
export const mouthToEarMs = (roundTripMs: number, jitterBufferMs: number): number =>
  roundTripMs + jitterBufferMs + DEVICE_DELAY_MS;
