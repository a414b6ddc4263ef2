import type { CallSample } from '@cloud-hospital/protocol/socket';
import type { CallMediaMode } from '@cloud-hospital/protocol/states';
import type { CallQuality } from '../callState.types.ts';

type Maybe = number | null;
const known = (values: readonly Maybe[]): number[] => values.flatMap((value) => value ?? []);
const mean = (values: readonly Maybe[]): number | null => {
  const numbers = known(values);
  return numbers.length === 0 ? null : numbers.reduce((total, one) => total + one, 0) / numbers.length;
};
const whole = (value: number | null): number | null => (value === null ? null : Math.round(value));
/** Thousandths: finer than anybody can hear, and short on the wire. */
const fine = (value: number): number => Math.round(value * 1_000) / 1_000;

/**
 * Puts readings of one second each together to what is kept.
 * @param readings at least one, oldest first
 * @param before the reading before them: freezes are counted since the call's beginning
 * @param at end of the span, milliseconds since the epoch by the server's clock
 */
export function toCallSample(
  readings: readonly CallQuality[],
  before: CallQuality | null,
  at: number,
  mode: CallMediaMode,
): CallSample {
  const of = <Key extends keyof CallQuality>(key: Key) => readings.map((reading) => reading[key]);
  const last = readings.at(-1);
  const mos = mean(of('mos'));
  // With new transports the counters start again.
  const since = (key: 'freezes' | 'freezeMs'): number => {
    const [from, to] = [before?.[key] ?? 0, last?.[key] ?? 0];
    return Math.round(to >= from ? to - from : to);
  };
  return {
    at: new Date(at).toISOString(),
    seconds: readings.length,
    mode,
    mos: mos === null ? null : fine(mos),
    lossRate: fine(mean(of('lossRate')) ?? 0),
    concealedRate: fine(mean(of('concealedRate')) ?? 0),
    roundTripMs: whole(mean(of('roundTripMs'))),
    jitterMs: whole(mean(of('jitterMs'))),
    sendKbps: whole(mean(of('sendKbps'))) ?? 0,
    receiveKbps: whole(mean(of('receiveKbps'))) ?? 0,
    sendFps: whole(mean(of('sendFps'))),
    receiveFps: whole(mean(of('receiveFps'))),
    receiveHeight: last?.receiveHeight ?? null,
    freezes: since('freezes'),
    freezeMs: since('freezeMs'),
  };
}
