import { expect, test } from 'vitest';
import { expectedTime, paceOf } from './expectedTime.ts';

const now = new Date('2026-11-23T01:00:00Z');
const minutesFromNow = (date: Date): number => (date.getTime() - now.getTime()) / 60_000;

test('a specialist without a history is assumed to take twelve minutes', () => {
  expect(paceOf([30, 40]).typical).toBe(12);
});

test('one forgotten consultation does not move the promise', () => {
  const usual = paceOf([9, 10, 11, 10, 10, 12]);
  const withOutlier = paceOf([9, 10, 11, 10, 10, 240]);
  expect(withOutlier.typical).toBe(usual.typical);
  expect(withOutlier.spread).toBeLessThan(4);
});

test('nothing is promised while nobody knows when the specialist is back', () => {
  expect(expectedTime(1, { now, backAt: null, servingSince: null, pace: paceOf([]) })).toBeNull();
});

test('the next one is called at once when the specialist is free', () => {
  const expected = expectedTime(1, { now, backAt: now, servingSince: null, pace: paceOf([]) });
  expect(expected && minutesFromNow(expected.from)).toBe(0);
  expect(expected && minutesFromNow(expected.to)).toBeLessThanOrEqual(2);
});

test('the promise moves back and widens with every person ahead', () => {
  const intervals = [1, 2, 5, 9].map((place) =>
    expectedTime(place, { now, backAt: now, servingSince: now, pace: { typical: 10, spread: 3 } }),
  );
  for (const [index, interval] of intervals.entries()) {
    const previous = intervals[index - 1];
    if (!interval || !previous) continue;
    expect(interval.from.getTime()).toBeGreaterThan(previous.from.getTime());
    expect(interval.to.getTime() - interval.from.getTime()).toBeGreaterThan(
      previous.to.getTime() - previous.from.getTime(),
    );
  }
});

test('a break moves everybody behind its end', () => {
  const backAt = new Date(now.getTime() + 20 * 60_000);
  const expected = expectedTime(1, { now, backAt, servingSince: null, pace: paceOf([]) });
  expect(expected && minutesFromNow(expected.from)).toBe(20);
});
