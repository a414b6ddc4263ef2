import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FIRST_RETRY_MS, RETRY_CAP_IN_CALL_MS, RETRY_CAP_MS, reconnectDelay } from './reconnectDelay.ts';

const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('the first retry comes within 300 ms', () => {
  fc.assert(fc.property(random, (r) => reconnectDelay(0, r) <= FIRST_RETRY_MS));
});

test('no retry waits longer than the cap, however long the outage', () => {
  fc.assert(fc.property(fc.nat(1_000_000), random, (attempt, r) => reconnectDelay(attempt, r) <= RETRY_CAP_MS));
});

test('during a call no retry waits longer than 600 ms', () => {
  fc.assert(
    fc.property(fc.nat(1_000), random, (attempt, r) => reconnectDelay(attempt, r, RETRY_CAP_IN_CALL_MS) <= 600),
  );
});

test('retries after the first are spread over at least half of their window', () => {
  expect(reconnectDelay(5, 0)).toBe(RETRY_CAP_MS / 2);
  expect(reconnectDelay(5, 0.999)).toBeGreaterThan(RETRY_CAP_MS * 0.99);
});
