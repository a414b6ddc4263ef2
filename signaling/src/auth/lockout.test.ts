import { expect, test } from 'vitest';
import { lockSeconds } from './lockout.ts';

test('four failures in a row cost nothing, the fifth locks for half a minute', () => {
  expect([0, 1, 4, 5].map(lockSeconds)).toEqual([0, 0, 0, 30]);
});

test('each further failure doubles the lock, up to a quarter of an hour', () => {
  expect([6, 7, 9, 10, 40].map(lockSeconds)).toEqual([60, 120, 480, 900, 900]);
});
