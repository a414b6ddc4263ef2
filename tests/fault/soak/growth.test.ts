import fc from 'fast-check';
import { expect, test } from 'vitest';
import { growthOf } from './growth.ts';

const noise = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 30, maxLength: 60 });

test('a leak of a hundredth with each consultation is seen through noise of the same size', () => {
  fc.assert(fc.property(noise, (wobble) => growthOf(wobble.map((value, index) => 100 + index + value)).grows));
});

test('what only falls, or stays, never counts as growing', () => {
  fc.assert(fc.property(noise, (wobble) => !growthOf(wobble.map((value, index) => 500 - 3 * index + value)).grows));
  expect(growthOf(Array.from({ length: 30 }, () => 7)).grows).toBe(false);
});

test('what rises at first and stays then is warm-up', () => {
  const series = Array.from({ length: 30 }, (_, index) => (index < 9 ? 50 + index * 10 : 140 + (index % 2)));
  expect(growthOf(series).grows).toBe(false);
});
