import { percentile } from '../bench/statistics.ts';
import type { PromiseSample } from './Watcher.ts';

const MINUTE_MS = 60_000;
/** How far a sample may lie from the asked-for distance: half of the watcher's interval, and a little. Minutes. */
const TOLERANCE = 3;
const GOOD_MINUTES = 10;

export interface Accuracy {
  readonly samples: number;
  /** Called − promised middle, minutes; positive: later than promised. */
  readonly bias: number;
  readonly medianAbsoluteError: number;
  /** Share within ± 10 min. */
  readonly within10: number;
  /** Share called inside the promised span. */
  readonly insideSpan: number;
  /** Median absolute error of "people ahead × mean consultation", for the same people at the same moments. */
  readonly naiveError: number;
}

/**
 * How true promises are so many minutes before the call. One sample a person: the one nearest to the distance.
 * @param meanMinutes mean time a consultation took on this day, call to call: the naive estimate knows it beforehand
 */
export function promiseAccuracy(
  promises: readonly PromiseSample[],
  calledAt: ReadonlyMap<string, Date>,
  aheadMinutes: number,
  meanMinutes: number,
): Accuracy {
  const errors = [...Map.groupBy(promises, ({ queueEntryId }) => queueEntryId)].flatMap(([entryId, samples]) => {
    const called = calledAt.get(entryId);
    if (called === undefined) return [];
    const distance = ({ at }: PromiseSample): number =>
      Math.abs((called.getTime() - at.getTime()) / MINUTE_MS - aheadMinutes);
    const [nearest] = samples.toSorted((a, b) => distance(a) - distance(b));
    if (nearest === undefined || distance(nearest) > TOLERANCE) return [];
    const middle = (nearest.from.getTime() + nearest.to.getTime()) / 2;
    const naive = nearest.at.getTime() + nearest.ahead * meanMinutes * MINUTE_MS;
    return [
      {
        error: (called.getTime() - middle) / MINUTE_MS,
        naive: (called.getTime() - naive) / MINUTE_MS,
        inside: called >= nearest.from && called <= nearest.to,
      },
    ];
  });
  const count = errors.length;
  const share = (holds: (one: (typeof errors)[number]) => boolean): number => errors.filter(holds).length / count;
  return {
    samples: count,
    bias: errors.reduce((total, { error }) => total + error, 0) / count,
    medianAbsoluteError: percentile(
      errors.map(({ error }) => Math.abs(error)),
      50,
    ),
    within10: share(({ error }) => Math.abs(error) <= GOOD_MINUTES),
    insideSpan: share(({ inside }) => inside),
    naiveError: percentile(
      errors.map(({ naive }) => Math.abs(naive)),
      50,
    ),
  };
}
