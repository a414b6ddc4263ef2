import { expect, test } from 'vitest';
import { RepeatFilter } from './RepeatFilter.ts';

test('the same line is news again only after a quiet time, whatever numbers it holds', () => {
  let now = 0;
  const filter = new RepeatFilter(1_000, () => now);
  expect(filter.isNews('no answer for 100 ms')).toBe(true);
  now = 999;
  expect(filter.isNews('no answer for 200 ms')).toBe(false);
  expect(filter.isNews('something else')).toBe(true);
  now = 1_000;
  expect(filter.isNews('no answer for 300 ms')).toBe(true);
});
