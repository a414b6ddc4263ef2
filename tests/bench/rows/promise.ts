import { accuracyOf, measurePromises } from '../../support/simulatedDays/measurePromises.ts';
import type { Row } from '../Row.ts';

/** Several districts: how accurate promises are depends a lot on whose days they are. */
const SEEDS = [1, 2, 3, 14] as const;

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const minutes = (value: number): string => `${value.toFixed(1)} min`;

/**
 * Row 14: days of specialists, patients and terminals as people live them, with the real estimator asked on the way;
 * each promise is taken when its time is first an hour ahead. No database: the estimator is pure.
 */
export function simulatedPromisesRow(full: boolean): Row {
  const outcomes = SEEDS.flatMap((seed) =>
    measurePromises({ seed, specialists: 12, clinics: 19, learningDays: 3, measuredDays: full ? 5 : 2 }),
  );
  const all = accuracyOf(outcomes);
  return {
    number: 14,
    metric: `promise accuracy one hour ahead, simulated days: ${all.promises} promises`,
    goal: '≥ 80 % within ± 10 min; bias near zero; error ≤ 0.6 × naive',
    result: `${percent(all.withinTenMinutes)} within ± 10 min, bias ${minutes(all.bias)}, mean error ${minutes(all.meanError)}, inside the stated interval ${percent(all.coverage)} (stated: 80 %)`,
    yardstick: `people ahead × mean: mean error ${minutes(all.naiveError)}; ratio ${all.ratio.toFixed(2)}`,
    figures: {
      ...all,
      waitingWithin: accuracyOf(outcomes.filter(({ checkedIn }) => checkedIn)).withinTenMinutes,
      bookedWithin: accuracyOf(outcomes.filter(({ checkedIn }) => !checkedIn)).withinTenMinutes,
    },
  };
}
