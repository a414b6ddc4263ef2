import { expect, test } from 'vitest';
import { DOWNLINK_INITIAL, type DownlinkSample, type DownlinkState, weakDownlink } from './weakDownlink.ts';

type Second = Omit<DownlinkSample, 'at'>;
const MOVING = { expectsMotion: true, othersStarve: false, receiveFps: 15, lastFps: 15, concealedRate: 0 };
const BREAKING = { ...MOVING, concealedRate: 0.2 };
const FROZEN = { ...MOVING, receiveFps: 0, lastFps: 0 };
/** One sample a second; whoever gets stills expects no motion. @returns the seconds at which the mode changed */
function changes(seconds: readonly Second[]): [string, number][] {
  let state: DownlinkState = DOWNLINK_INITIAL;
  const found: [string, number][] = [];
  for (const [index, second] of seconds.entries()) {
    const expectsMotion = second.expectsMotion && state.mode === 'video';
    const next = weakDownlink(state, { ...second, expectsMotion, at: index * 1_000 });
    if (next.mode !== state.mode) found.push([next.mode, index]);
    state = next;
  }
  return found;
}
const repeat = (second: Second, count: number): Second[] => Array.from({ length: count }, () => second);

test('a picture that stands still for four seconds becomes stills, and motion is tried again ever more rarely', () => {
  expect(changes(repeat(FROZEN, 240))).toEqual([
    ['stills', 4],
    ['video', 19],
    ['stills', 24],
    ['video', 54],
    ['stills', 59],
    ['video', 119],
    ['stills', 124],
  ]);
});

test('a change of layers, a camera that is off and a peer that sends stills by itself are no weak downlink', () => {
  expect(changes([...repeat(MOVING, 5), ...repeat(FROZEN, 4), ...repeat(MOVING, 20)])).toEqual([]);
  expect(changes(repeat({ ...MOVING, expectsMotion: false, receiveFps: null }, 60))).toEqual([]);
});

test('once the other side says that its uplink is weak, ours is no longer blamed, so that motion comes back with it', () => {
  const theirs = { ...FROZEN, expectsMotion: false, othersStarve: true };
  expect(changes([...repeat(FROZEN, 8), ...repeat(theirs, 20), ...repeat(MOVING, 20)])).toEqual([
    ['stills', 4],
    ['video', 8],
  ]);
});

test('a voice that breaks gets the place of the moving picture, then that of the stills, and they come back one after the other', () => {
  expect(changes([...repeat(BREAKING, 14), ...repeat(MOVING, 100)])).toEqual([
    ['stills', 6],
    ['audio', 13],
    ['stills', 28],
    ['video', 43],
  ]);
});

test('a picture that stands is said to stand after two seconds, until it moves or the other side sends stills', () => {
  const seconds = [
    ...repeat(MOVING, 3),
    // A change of layers.
    ...repeat(FROZEN, 2),
    ...repeat(MOVING, 3),
    ...repeat({ ...FROZEN, receiveFps: 12 }, 4),
    ...repeat({ ...FROZEN, expectsMotion: false }, 2),
    ...repeat({ ...FROZEN, othersStarve: true }, 3),
    ...repeat(FROZEN, 3),
    ...repeat(MOVING, 1),
  ];
  let state = DOWNLINK_INITIAL;
  const said = seconds.map((second, index) => {
    state = weakDownlink(state, { ...second, at: index * 1_000 });
    return state.stuck;
  });
  expect(said.flatMap((stuck, index) => (stuck ? [index] : []))).toEqual([10, 11, 19]);
});
