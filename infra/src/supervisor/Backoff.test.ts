import { expect, test } from 'vitest';
import { Backoff } from './Backoff.ts';

const make = (random = 0.5): Backoff =>
  new Backoff({ firstMs: 100, maxMs: 1_000, stableAfterMs: 30_000, random: () => random });

test('delays double up to the limit', () => {
  const backoff = make();
  expect(Array.from({ length: 6 }, () => backoff.next(0))).toEqual([100, 200, 400, 800, 1_000, 1_000]);
});

test('a child that ran well for long enough starts over', () => {
  const backoff = make();
  backoff.next(0);
  backoff.next(0);
  expect(backoff.next(29_999)).toBe(400);
  expect(backoff.next(30_000)).toBe(100);
});

test('delays are spread by a fifth each way', () => {
  expect(make(0).next(0)).toBe(80);
  expect(make(0.999).next(0)).toBe(120);
});
