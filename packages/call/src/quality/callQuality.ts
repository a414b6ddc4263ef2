import type { CallQuality, QualityLevel } from '../callState.types.ts';
import { meanOpinionScore, mouthToEarMs } from './mos.ts';
import type { StatsTotals } from './readStats.ts';

const ratio = (part: number, whole: number): number => (whole > 0 ? Math.min(1, Math.max(0, part / whole)) : 0);
/** Counters start again with new transports; a negative difference counts as a fresh start. */
const grown = (before: number, now: number): number => (now >= before ? now - before : now);
const perSecond = (before: number, now: number, seconds: number): number =>
  seconds > 0 ? grown(before, now) / seconds : 0;

/**
 * Thresholds of what people are told. MOS 4.0 and 3.6 are "satisfied" and "some users dissatisfied" of G.107 annex B;
 * loss and delay bounds from G.114 (400 ms one way is the limit of use) and from what video conceals.
 */
export function levelOf({
  mos,
  lossRate,
  roundTripMs,
}: Pick<CallQuality, 'mos' | 'lossRate' | 'roundTripMs'>): QualityLevel {
  if (mos === null && roundTripMs === null) return 'unknown';
  if ((mos !== null && mos < 3.1) || lossRate > 0.15 || (roundTripMs ?? 0) > 700) return 'poor';
  if ((mos !== null && mos < 3.8) || lossRate > 0.04 || (roundTripMs ?? 0) > 350) return 'fair';
  return 'good';
}

/** What happened between two readings of the counters. */
export function callQuality(before: StatsTotals, now: StatsTotals): CallQuality {
  const seconds = (now.at - before.at) / 1_000;
  const received = grown(before.packetsReceived, now.packetsReceived);
  const lost = grown(before.packetsLost, now.packetsLost);
  const lossRate = Math.max(ratio(lost, lost + received), now.remoteFractionLost);
  const samples = grown(before.samplesReceived, now.samplesReceived);
  const concealedRate = ratio(grown(before.concealedSamples, now.concealedSamples), samples);
  const emitted = grown(before.jitterBufferEmitted, now.jitterBufferEmitted);
  const jitterBufferMs = emitted > 0 ? (grown(before.jitterBufferDelay, now.jitterBufferDelay) / emitted) * 1_000 : 0;
  const roundTripMs = now.roundTripSeconds === null ? null : now.roundTripSeconds * 1_000;
  const heard = samples > 0 && roundTripMs !== null;
  const mos = heard ? meanOpinionScore({ delayMs: mouthToEarMs(roundTripMs, jitterBufferMs), concealedRate }) : null;
  return {
    level: levelOf({ mos, lossRate, roundTripMs }),
    mos,
    roundTripMs,
    jitterMs: now.jitterSeconds === null ? null : now.jitterSeconds * 1_000,
    lossRate,
    concealedRate,
    sendKbps: (perSecond(before.bytesSent, now.bytesSent, seconds) * 8) / 1_000,
    receiveKbps: (perSecond(before.bytesReceived, now.bytesReceived, seconds) * 8) / 1_000,
    sendFps: now.sendsMotion ? perSecond(before.framesEncoded, now.framesEncoded, seconds) : null,
    receiveFps: now.receivesVideo ? perSecond(before.framesDecoded, now.framesDecoded, seconds) : null,
    sendHeight: now.sendHeight,
    receiveHeight: now.receiveHeight,
    freezes: now.freezes,
    freezeMs: now.freezeSeconds * 1_000,
  };
}

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((total, value) => total + value, 0) / values.length;

/** What is shown: the mean of the last samples, so that one bad second among good ones makes neither word nor figure jump. */
export function steadyQuality(earlier: readonly CallQuality[], last: CallQuality): CallQuality {
  const samples = [...earlier, last];
  const over = (key: 'mos' | 'roundTripMs' | 'jitterMs' | 'receiveFps' | 'sendFps'): number | null =>
    mean(samples.flatMap((sample) => sample[key] ?? []));
  const of = (key: 'lossRate' | 'concealedRate' | 'sendKbps' | 'receiveKbps'): number =>
    mean(samples.map((sample) => sample[key])) ?? 0;
  const steady = {
    ...last,
    mos: over('mos'),
    roundTripMs: over('roundTripMs'),
    jitterMs: over('jitterMs'),
    sendFps: over('sendFps'),
    receiveFps: over('receiveFps'),
    lossRate: of('lossRate'),
    concealedRate: of('concealedRate'),
    sendKbps: of('sendKbps'),
    receiveKbps: of('receiveKbps'),
  };
  return { ...steady, level: levelOf(steady) };
}
