import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meanOpinionScore, ratingFactor } from './mos.ts';

test('a perfect line has the E-model’s maximum for narrow-band defaults', () => {
  expect(ratingFactor({ delayMs: 0, concealedRate: 0 })).toBeCloseTo(93.2);
  expect(meanOpinionScore({ delayMs: 0, concealedRate: 0 })).toBeCloseTo(4.41, 2);
});

test('delay alone: 150 ms is still good, 400 ms is not (G.114)', () => {
  expect(meanOpinionScore({ delayMs: 150, concealedRate: 0 })).toBeGreaterThan(4.3);
  expect(meanOpinionScore({ delayMs: 400, concealedRate: 0 })).toBeLessThan(3.9);
});

test('the worked example: 200 ms and 5 % concealed give R = 54.2 and MOS 2.8', () => {
  // Id = 4.8 + 0.11 · 22.7 = 7.297; Ie,eff = 95 · 5 / 15 = 31.667
  expect(ratingFactor({ delayMs: 200, concealedRate: 0.05 })).toBeCloseTo(54.236, 2);
  expect(meanOpinionScore({ delayMs: 200, concealedRate: 0.05 })).toBeCloseTo(2.798, 2);
});

const delay = fc.double({ min: 0, max: 5_000, noNaN: true });
const rate = fc.double({ min: 0, max: 1, noNaN: true });

test('never leaves 1…4.5, and never rises with more delay or more concealment', () => {
  fc.assert(
    fc.property(delay, delay, rate, rate, (d1, d2, c1, c2) => {
      const better = meanOpinionScore({ delayMs: Math.min(d1, d2), concealedRate: Math.min(c1, c2) });
      const worse = meanOpinionScore({ delayMs: Math.max(d1, d2), concealedRate: Math.max(c1, c2) });
      return worse >= 1 && better <= 4.5 && worse <= better + 0.02;
    }),
  );
});
