import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  FIRST_RETRY_MS,
  LONGEST_RETRY_MS,
  WEAK_NETWORK_INITIAL,
  weakNetwork,
  type WeakNetworkSample,
  type WeakNetworkState,
} from './weakNetwork.ts';

const GOOD = { sendsVideo: true, sendFps: 20, availableOutgoingBitrate: 900_000, sendLossRate: 0 };
const BAD = { ...GOOD, sendFps: 2, availableOutgoingBitrate: 60_000 };
type Second = Omit<WeakNetworkSample, 'at'>;

/** One sample a second. @returns the state after each */
function watch(seconds: readonly Second[], from: WeakNetworkState = WEAK_NETWORK_INITIAL, startAt = 0) {
  const states: WeakNetworkState[] = [];
  let state = from;
  for (const [index, second] of seconds.entries()) {
    state = weakNetwork(state, {
      ...second,
      sendsVideo: second.sendsVideo && !state.suspended,
      at: startAt + index * 1_000,
    });
    states.push(state);
  }
  return states;
}
const repeat = (second: Second, count: number): Second[] => Array.from({ length: count }, () => second);

test('a healthy uplink is left alone', () => {
  expect(watch(repeat(GOOD, 600)).every((state) => !state.suspended)).toBe(true);
});

test('video that starves for five seconds is given up', () => {
  const states = watch(repeat(BAD, 10));
  expect(states.findIndex((state) => state.suspended)).toBe(5);
});

test('a dip of four seconds is endured', () => {
  const states = watch([...repeat(GOOD, 5), ...repeat(BAD, 4), ...repeat(GOOD, 5)]);
  expect(states.some((state) => state.suspended)).toBe(false);
});

test('seven frames a second at 150 kbit/s still are video', () => {
  const weak = { ...GOOD, sendFps: 7, availableOutgoingBitrate: 130_000, sendLossRate: 0.05 };
  expect(watch(repeat(weak, 60)).some((state) => state.suspended)).toBe(false);
});

test('audio alone is never called starving', () => {
  expect(watch(repeat({ ...BAD, sendsVideo: false }, 60)).some((state) => state.suspended)).toBe(false);
});

test('video comes back within ten seconds once the network carries it again', () => {
  const states = watch([...repeat(BAD, 6), ...repeat(GOOD, 10)]);
  const suspendedAt = states.findIndex((state) => state.suspended);
  const backAt = states.findIndex((state, index) => index > suspendedAt && !state.suspended);
  expect(backAt - suspendedAt).toBeLessThanOrEqual(10);
  expect(backAt).toBeGreaterThan(0);
});

test('each failed try doubles the wait, up to a minute', () => {
  const states = watch(repeat(BAD, 600));
  const waits = new Set(states.filter((state) => state.suspended).map((state) => state.retryAfterMs));
  expect([...waits]).toEqual([FIRST_RETRY_MS, 16_000, 32_000, LONGEST_RETRY_MS]);
});

test('video that held for half a minute forgets earlier failures', () => {
  const failed = watch(repeat(BAD, 60)).at(-1);
  if (!failed) throw new Error('no state');
  const healed = watch(repeat(GOOD, 120), { ...failed, suspended: false, changedAt: 60_000 }, 60_000).at(-1);
  expect(healed?.retryAfterMs).toBe(FIRST_RETRY_MS);
});

test('it never flips more often than once in eight seconds', () => {
  const second = fc.constantFrom(GOOD, BAD);
  fc.assert(
    fc.property(fc.array(second, { minLength: 20, maxLength: 200 }), (seconds) => {
      const states = watch(seconds);
      const flips = states.flatMap((state, index) =>
        state.suspended !== (states[index - 1]?.suspended ?? false) ? index : [],
      );
      return flips.every((at, index) => index === 0 || at - (flips[index - 1] ?? 0) >= 8);
    }),
  );
});
