import { expect, test } from 'vitest';
import { dayBounds, fullYears, localDate, localHour } from './localTime.ts';

test('an evening in UTC is already the next day in Shanghai', () => {
  expect(localDate(new Date('2026-11-23T15:59:59Z'))).toBe('2026-11-23');
  expect(localDate(new Date('2026-11-23T16:00:00Z'))).toBe('2026-11-24');
  expect(localHour(new Date('2026-11-23T16:30:00Z'))).toBe(0);
});

test('a day lasts from midnight to midnight in Shanghai', () => {
  const { start, end } = dayBounds('2026-11-23');
  expect(start.toISOString()).toBe('2026-11-22T16:00:00.000Z');
  expect(end.toISOString()).toBe('2026-11-23T16:00:00.000Z');
});

test('one is a year older from the birthday on', () => {
  expect(fullYears('1950-11-24', '2026-11-23')).toBe(75);
  expect(fullYears('1950-11-23', '2026-11-23')).toBe(76);
  expect(fullYears('2000-02-29', '2027-02-28')).toBe(26);
  expect(fullYears('2000-02-29', '2027-03-01')).toBe(27);
});
