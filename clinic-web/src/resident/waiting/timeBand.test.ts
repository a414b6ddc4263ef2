import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeBand } from './timeBand.ts';

const MINUTE = 60_000;

describe('the line from now to the expected time', () => {
  it('ends where the expected interval ends', () => {
    const { left, width } = timeBand(0, 20 * MINUTE, 30 * MINUTE);
    expect(left).toBeCloseTo((20 / 30) * 100);
    expect(left + width).toBeCloseTo(100);
  });

  it('starts with the interval when the time has come', () => {
    expect(timeBand(10 * MINUTE, 5 * MINUTE, 12 * MINUTE).left).toBe(0);
  });

  it('never leaves the line, whatever the clocks say', () => {
    const time = fc.integer({ min: 0, max: 24 * 60 * MINUTE });
    fc.assert(
      fc.property(time, time, time, (now, from, length) => {
        const { left, width } = timeBand(now, from, from + length);
        return left >= 0 && width > 0 && left + width <= 100.0001;
      }),
    );
  });
});
