import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  FIRST_RETRY_MS,
  LONGEST_RETRY_MS,
  type PictureMode,
  WEAK_NETWORK_INITIAL,
  weakNetwork,
  type WeakNetworkSample,
  type WeakNetworkState,
} from './weakNetwork.ts';

const GOOD = { sendsVideo: true, sendFps: 20, availableOutgoingBitrate: 900_000, sendLossRate: 0, connected: true };
/** Between both bounds: neither does video work nor does the estimate say that it would. */
const SLOW = { ...GOOD, sendFps: 2, availableOutgoingBitrate: 150_000 };
/** The voice and nothing else. */
const BAD = { ...GOOD, sendFps: 0, availableOutgoingBitrate: 60_000 };
/** Hardly the voice. */
const HOPELESS = { ...BAD, availableOutgoingBitrate: 30_000 };
type Second = Omit<WeakNetworkSample, 'at'>;

/** One sample a second. @returns the state after each */
function watch(seconds: readonly Second[], from: WeakNetworkState = WEAK_NETWORK_INITIAL, startAt = 0) {
  const states: WeakNetworkState[] = [];
  let state = from;
  for (const [index, second] of seconds.entries()) {
    state = weakNetwork(state, {
      ...second,
      sendsVideo: second.sendsVideo && state.mode !== 'audio',
      at: startAt + index * 1_000,
    });
    states.push(state);
  }
  return states;
}
const repeat = (second: Second, count: number): Second[] => Array.from({ length: count }, () => second);
/** The modes in the order they came, each with its first second. */
const course = (states: readonly WeakNetworkState[]): [PictureMode, number][] =>
  states.flatMap(({ mode }, second) => (second > 0 && states[second - 1]?.mode === mode ? [] : [[mode, second]]));

test('a healthy uplink is left alone', () => {
  expect(course(watch(repeat(GOOD, 600)))).toEqual([['video', 0]]);
});

test('below 180 kbit/s video becomes stills after five seconds, and they stay while nothing says that more would do', () => {
  expect(course(watch(repeat(SLOW, 20)))).toEqual([
    ['video', 0],
    ['stills', 5],
  ]);
});

test('a line that is broken for a minute is no weak line, and its estimate has four seconds to come back', () => {
  const broken = { ...BAD, connected: false };
  expect(course(watch([...repeat(GOOD, 5), ...repeat(broken, 60), ...repeat(SLOW, 8), ...repeat(GOOD, 5)]))).toEqual([
    ['video', 0],
  ]);
  const still = watch([...repeat(GOOD, 5), ...repeat(broken, 60), ...repeat(SLOW, 12)]);
  expect(course(still)).toEqual([
    ['video', 0],
    ['stills', 73],
  ]);
});

test('a loss that breaks the voice has two seconds, one that is mended by sending again has none to fear', () => {
  expect(course(watch(repeat({ ...GOOD, sendLossRate: 0.3 }, 4)))).toEqual([
    ['video', 0],
    ['stills', 2],
  ]);
  expect(course(watch(repeat({ ...GOOD, sendLossRate: 0.2 }, 20)))).toEqual([['video', 0]]);
});

test('a dip of four seconds is endured', () => {
  const states = watch([...repeat(GOOD, 5), ...repeat(SLOW, 4), ...repeat(GOOD, 5)]);
  expect(course(states)).toEqual([['video', 0]]);
});

test('when not even stills get through, only the voice is left', () => {
  expect(course(watch(repeat(BAD, 20)))).toEqual([
    ['video', 0],
    ['stills', 5],
    ['audio', 14],
  ]);
});

test('where hardly the voice passes nothing else is sent after two seconds, and rarely tried while the estimate says so', () => {
  expect(course(watch(repeat(HOPELESS, 33)))).toEqual([
    ['video', 0],
    ['audio', 2],
    ['stills', 26],
    ['audio', 32],
  ]);
  expect(course(watch([...repeat(HOPELESS, 12), ...repeat(BAD, 2)])).at(-1)).toEqual(['stills', 12]);
});

test('going down step by step is no failed try: three seconds of an estimate that carries a still bring one', () => {
  expect(course(watch([...repeat(BAD, 16), ...repeat(GOOD, 20)]))).toEqual([
    ['video', 0],
    ['stills', 5],
    ['audio', 14],
    ['stills', 19],
    ['video', 23],
  ]);
});

test('as soon as the estimate carries it again, video comes back, without waiting for a try', () => {
  const states = watch([...repeat(SLOW, 10), ...repeat(GOOD, 10)]);
  expect(course(states)).toEqual([
    ['video', 0],
    ['stills', 5],
    ['video', 13],
  ]);
});

test('an estimate that was wrong once must wait before it is believed again', () => {
  // In stills it promises what isn't there: moving pictures starve each time.
  const seconds: WeakNetworkState[] = [];
  let state = WEAK_NETWORK_INITIAL;
  for (let second = 0; second < 240; second += 1) {
    const promised = { ...GOOD, availableOutgoingBitrate: 300_000 };
    state = weakNetwork(state, { ...(state.mode === 'video' ? SLOW : promised), at: second * 1_000 });
    seconds.push(state);
  }
  const tries = course(seconds).filter(([mode]) => mode === 'video');
  expect(tries.map(([, second]) => second)).toEqual([0, 9, 63, 162]);
});

test('an estimate that no thin line has is believed after three seconds, whatever was wrong before', () => {
  const doubtful: WeakNetworkState = {
    ...WEAK_NETWORK_INITIAL,
    mode: 'stills',
    changedAt: 0,
    retryAfterMs: { ...FIRST_RETRY_MS, stills: LONGEST_RETRY_MS.stills },
  };
  expect(course(watch(repeat(GOOD, 20), doubtful, 10_000))).toEqual([
    ['stills', 0],
    ['video', 3],
  ]);
});

test('stills that failed say nothing of moving pictures: once the line is back, the first estimate is believed', () => {
  const states = watch([...repeat(BAD, 120), ...repeat(GOOD, 40)]);
  expect(states[119]?.retryAfterMs).toEqual({ ...FIRST_RETRY_MS, audio: LONGEST_RETRY_MS.audio });
  const [, back] = course(states).findLast(([mode]) => mode === 'video') ?? [];
  expect(back).toBeLessThan(120 + LONGEST_RETRY_MS.audio / 1_000 + 5);
});

test('failed tries come ever more rarely', () => {
  const states = watch(repeat(SLOW, 600));
  const tries = course(states).filter(([mode]) => mode === 'video');
  const waits = tries.slice(1).map(([, second], index) => second - (tries[index]?.[1] ?? 0));
  for (const [index, wait] of waits.slice(1).entries()) expect(wait).toBeGreaterThanOrEqual(waits[index] ?? 0);
  expect(waits.at(-1)).toBeGreaterThanOrEqual(LONGEST_RETRY_MS.stills / 1_000);
});

test('video that held for half a minute makes the next wait short again', () => {
  const tired: WeakNetworkState = { ...WEAK_NETWORK_INITIAL, changedAt: 0, retryAfterMs: LONGEST_RETRY_MS };
  expect(watch(repeat(GOOD, 40), tired).at(-1)?.retryAfterMs).toEqual(FIRST_RETRY_MS);
});

test('a line that breaks again and again is overrun, not dead: less is sent', () => {
  const BROKEN = { ...BAD, connected: false };
  const flaps = Array.from({ length: 12 }, () => [...repeat(BROKEN, 2), ...repeat(BAD, 3)]).flat();
  const modes = course(watch([...repeat(GOOD, 10), ...flaps])).map(([mode]) => mode);
  expect(modes.slice(0, 3)).toEqual(['video', 'stills', 'audio']);
  // Dead once for long, and sound from then on.
  expect(course(watch([...repeat(GOOD, 10), ...repeat(BROKEN, 30), ...repeat(GOOD, 30)]))).toEqual([['video', 0]]);
});

test('whoever sends no video by choice is not judged by its frames', () => {
  expect(course(watch(repeat({ ...BAD, sendsVideo: false, sendFps: null }, 60)))).toEqual([['video', 0]]);
});

test('an unknown estimate neither starves nor carries', () => {
  const unknown = { ...GOOD, availableOutgoingBitrate: null };
  expect(course(watch(repeat(unknown, 60)))).toEqual([['video', 0]]);
});

test('whatever happens, no mode lasts shorter than four seconds, and up it goes step by step', () => {
  const second = fc.record({
    sendsVideo: fc.boolean(),
    sendFps: fc.option(fc.integer({ min: 0, max: 30 }), { nil: null }),
    availableOutgoingBitrate: fc.option(fc.integer({ min: 0, max: 2_000_000 }), { nil: null }),
    sendLossRate: fc.double({ min: 0, max: 1, noNaN: true }),
    connected: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(second, { maxLength: 200 }), (seconds) => {
      const changes = course(watch(seconds));
      for (const [index, [mode, at]] of changes.slice(1).entries()) {
        const [before, since] = changes[index] ?? ['video', 0];
        if (index > 0) expect(at - since).toBeGreaterThanOrEqual(4);
        expect([before, mode]).not.toEqual(['audio', 'video']);
      }
    }),
  );
});
