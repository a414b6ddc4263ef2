import { describe, expect, test } from 'vitest';
import { Random } from '../../signaling/src/seed/random.ts';
import { fairness, type Wait } from '../simulation/fairness.ts';
import { promiseAccuracy } from '../simulation/promiseAccuracy.ts';
import type { PromiseSample } from '../simulation/Watcher.ts';

/** 93 clinics, 60 queues, 1,400 waits of some minutes; one third of the clinics waits `factor` times as long. */
function waits(factor: number): Wait[] {
  const random = new Random(3);
  return Array.from({ length: 1_400 }, (_, index) => {
    const clinic = index % 93;
    const minutes = -12 * Math.log(1 - random.next());
    return {
      clinic: `c${clinic}`,
      stratum: `q${random.int(0, 59)}`,
      minutes: clinic < 31 ? minutes * factor : minutes,
    };
  });
}

describe('fairness between clinics', () => {
  test('finds nothing where only chance makes them differ, however far medians lie apart', () => {
    const verdict = fairness(waits(1));
    expect(verdict.spread).toBeLessThanOrEqual(verdict.spreadByChance[1]);
    expect(verdict.excess).toBeLessThan(0.15);
    expect(verdict.medians[2] / verdict.medians[0]).toBeGreaterThan(2);
  });

  test('finds clinics that wait twice as long as others', () => {
    const verdict = fairness(waits(2));
    expect(verdict.spread).toBeGreaterThan(verdict.spreadByChance[1]);
    expect(verdict.excess).toBeGreaterThan(0.2);
  });

  test('compares within a queue only: that one queue is slower says nothing about clinics', () => {
    const slow = Array.from({ length: 40 }, (_, index) => ({ clinic: `c${index % 4}`, stratum: 'slow', minutes: 60 }));
    const fast = Array.from({ length: 40 }, (_, index) => ({ clinic: `c${index % 8}`, stratum: 'fast', minutes: 5 }));
    expect(fairness([...slow, ...fast]).ratios).toEqual([1, 1]);
  });
});

test('the accuracy of promises is told from the sample that lies as far ahead as asked, and from no other', () => {
  const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 5, 0, minute));
  const promise = (queueEntryId: string, minute: number, middle: number): PromiseSample => ({
    queueEntryId,
    at: at(minute),
    from: at(middle - 5),
    to: at(middle + 5),
    ahead: 4,
  });
  const promises = [
    promise('late', 0, 45),
    promise('late', 30, 60),
    promise('early', 1, 65),
    // Called a quarter of an hour later: nobody was promised anything an hour ahead.
    promise('soon', 0, 15),
  ];
  const called = new Map([
    ['late', at(60)],
    ['early', at(61)],
    ['soon', at(15)],
  ]);
  expect(promiseAccuracy(promises, called, 60, 10)).toEqual({
    samples: 2,
    bias: 5.5,
    medianAbsoluteError: 4,
    within10: 0.5,
    insideSpan: 0.5,
    naiveError: 20,
  });
});
