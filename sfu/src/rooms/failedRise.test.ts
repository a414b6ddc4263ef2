import { expect, test } from 'vitest';
import { afterLayer, afterWish, NO_RISES, type Rises } from './failedRise.ts';

/** @param steps layer and second */
const play = (steps: readonly (readonly [number | null, number])[], from: Rises = NO_RISES): Rises =>
  steps.reduce((state, [layer, second]) => afterLayer(state, layer, second * 1_000), from);

test('a layer that falls soon after it rose is left alone, twice as long each time in a row, five minutes at most', () => {
  let state = play([
    [0, 0],
    [1, 1],
    [2, 20],
    [1, 27],
  ]);
  expect(state).toMatchObject({ ceiling: 1, holdMs: 30_000 });
  for (const holdMs of [60_000, 120_000, 240_000, 300_000, 300_000]) {
    state = play(
      [
        [2, 100],
        [1, 103],
      ],
      { ...state, ceiling: null },
    );
    expect(state).toMatchObject({ ceiling: 1, holdMs });
  }
});

test('two layers at once: what it rose to last is what failed', () => {
  expect(
    play([
      [0, 0],
      [1, 1],
      [2, 2],
      [0, 4],
    ]).ceiling,
  ).toBe(1);
  expect(
    play([
      [0, 0],
      [2, 2],
      [0, 4],
    ]).ceiling,
  ).toBe(1);
});

test('what has held for a while fell for another reason, and the next failure is a first one again', () => {
  const failed = play([
    [0, 0],
    [1, 1],
    [0, 3],
  ]);
  expect(failed).toMatchObject({ ceiling: 0, holdMs: 30_000 });
  const held = play(
    [
      [1, 40],
      [0, 60],
    ],
    { ...failed, ceiling: null },
  );
  expect(held).toMatchObject({ ceiling: null, holdMs: 0 });
  expect(
    play(
      [
        [1, 70],
        [0, 72],
      ],
      held,
    ).holdMs,
  ).toBe(30_000);
});

test.each([
  [
    'it began there',
    [
      [1, 0],
      [0, 2],
    ],
  ],
  [
    'nothing flowed meanwhile',
    [
      [0, 0],
      [1, 1],
      [null, 2],
      [0, 3],
    ],
  ],
  [
    'it fell twice',
    [
      [0, 0],
      [2, 1],
      [1, 20],
      [0, 22],
    ],
  ],
] as const)('no failure: %s', (_, steps) => {
  expect(play(steps).ceiling).toBeNull();
});

test('a receiver who wishes for less has not seen it fail', () => {
  const risen = play([
    [0, 0],
    [1, 1],
    [2, 2],
  ]);
  expect(afterLayer(afterWish(risen, 1), 1, 3_000).ceiling).toBeNull();
  expect(afterLayer(afterWish(risen, 2), 1, 3_000).ceiling).toBe(1);
});
