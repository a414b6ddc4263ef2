import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalCdf, normalQuantile } from './normal.ts';
import { departmentPace, lengthOf, meanLength, paceOf, remainingOf, shrink } from './pace.ts';

const known = { location: Math.log(12), scale: 0.4 };

describe('a specialist’s pace', () => {
  test('without a history is the department’s', () => {
    expect(meanLength(paceOf([], known))).toBeCloseTo(12 * Math.exp(0.4 ** 2 / 2), 0);
  });

  test('with a long history is their own', () => {
    const own = Array.from({ length: 400 }, (_, index) => 5 + (index % 3));
    expect(meanLength(paceOf(own, known))).toBeCloseTo(6, 0);
  });

  test('in between lies between both', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (count) => {
        const mean = meanLength(
          paceOf(
            Array.from({ length: count }, () => 24),
            known,
          ),
        );
        return mean > 12 && mean < 25.5;
      }),
    );
  });

  test('one forgotten consultation hardly moves it', () => {
    const usual = meanLength(paceOf([9, 10, 11, 10, 10, 12, 9, 11], known));
    const withOutlier = meanLength(paceOf([9, 10, 11, 10, 10, 12, 9, 85], known));
    expect(withOutlier - usual).toBeLessThan(1);
  });

  test('shrinks by n / (n + k)', () => {
    expect(shrink({ count: 6, location: 1, scale: 0.3 }, { location: 0, scale: 0.3 }, 2).location).toBeCloseTo(0.75);
    expect(departmentPace(null, known)).toEqual(known);
  });
});

describe('what a consultation still needs', () => {
  const pace = paceOf([8, 9, 10, 11, 12, 10, 9, 11, 30], known);

  test('is what one needs that already lasts so long, not typical minus elapsed', () => {
    const left = (elapsed: number): number => remainingOf(pace, elapsed, 0.5);
    expect(left(0)).toBeCloseTo(lengthOf(pace, 0.5));
    // It ran over: it is not about to end.
    expect(left(18)).toBeGreaterThan(2);
    expect(left(60)).toBeGreaterThan(3);
  });

  test('is never negative and grows with the quantile', () => {
    const part = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 200, noNaN: true }), part, part, (elapsed, a, b) => {
        const [low, high] = [remainingOf(pace, elapsed, Math.min(a, b)), remainingOf(pace, elapsed, Math.max(a, b))];
        return low >= 0 && high >= low;
      }),
    );
  });
});

test('the normal quantile inverts the distribution function', () => {
  for (const u of [0.001, 0.02, 0.25, 0.5, 0.9, 0.9995]) expect(normalCdf(normalQuantile(u))).toBeCloseTo(u, 4);
});
