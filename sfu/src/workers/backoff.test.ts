import { expect, test } from 'vitest';
import { restartDelayMs } from './backoff.ts';

test('the first restart is immediate, later ones double up to ten seconds', () => {
  expect([1, 2, 3, 4].map(restartDelayMs)).toEqual([0, 250, 500, 1_000]);
  expect(restartDelayMs(50)).toBe(10_000);
});
