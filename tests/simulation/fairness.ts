import { Random } from '../../signaling/src/seed/random.ts';
import { percentile } from '../bench/statistics.ts';

export interface Wait {
  readonly clinic: string;
  /** Whose queue, which half of the day, scheduled or walk-in or urgent: within it only luck and the order differ. */
  readonly stratum: string;
  readonly minutes: number;
}

export interface Fairness {
  /** People a clinic, smallest and largest: the load is meant to be equal. */
  readonly load: readonly [number, number];
  /** Median wait of the clinics' own medians: smallest, middle, largest. */
  readonly medians: readonly [number, number, number];
  /** Measured ÷ expected wait a clinic: smallest and largest. */
  readonly ratios: readonly [number, number];
  /** Share of clinics whose measured wait is within 20 % of the expected one. */
  readonly withinBand: number;
  /** The same share if clinics were dealt out by chance alone: median of the shuffles. */
  readonly withinBandByChance: number;
  /** Standard deviation of the ratios, and what chance alone gives (median and 95th percentile of the shuffles). */
  readonly spread: number;
  readonly spreadByChance: readonly [number, number];
  /** What is left of the spread once chance is taken off: how unequal clinics really are. */
  readonly excess: number;
}

const SHUFFLES = 400;
const BAND = 0.2;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;
const deviation = (values: readonly number[]): number => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
};

/**
 * Whether it matters at which clinic one waits. With some 16 people a clinic and waits that differ tenfold between
 * them, medians of clinics differ by luck alone, so they are compared with what luck gives:
 *
 * - expected wait of a clinic = sum, over its people, of the mean wait of everybody else of the same stratum;
 * - ratio = measured sum ÷ expected sum; 1 means that the clinic makes no difference;
 * - noise = the same ratios after the people of each stratum were dealt to the clinics anew, 400 times;
 * - excess = √(spread² − noise²), the part of the spread that chance doesn't explain.
 *
 * People who are alone in their stratum say nothing about clinics and are left out.
 */
export function fairness(waits: readonly Wait[], seed = 1): Fairness {
  const strata = [...Map.groupBy(waits, ({ stratum }) => stratum).values()].filter((group) => group.length > 1);
  const people = strata.flatMap((group) => {
    const total = sum(group.map(({ minutes }) => minutes));
    return group.map((wait) => ({ ...wait, expected: (total - wait.minutes) / (group.length - 1) }));
  });
  const ratiosOf = (clinicOf: (index: number) => string): number[] => {
    const measured = new Map<string, number>();
    const expected = new Map<string, number>();
    for (const [index, person] of people.entries()) {
      const clinic = clinicOf(index);
      measured.set(clinic, (measured.get(clinic) ?? 0) + person.minutes);
      expected.set(clinic, (expected.get(clinic) ?? 0) + person.expected);
    }
    return [...measured].flatMap(([clinic, minutes]) => {
      const fair = expected.get(clinic) ?? 0;
      return fair > 0 ? [minutes / fair] : [];
    });
  };
  const within = (ratios: readonly number[]): number =>
    ratios.filter((ratio) => Math.abs(ratio - 1) <= BAND).length / ratios.length;

  const own = ratiosOf((index) => people[index]?.clinic ?? '');
  const random = new Random(seed);
  const chance = Array.from({ length: SHUFFLES }, () => {
    const labels = strata.flatMap((group) =>
      shuffled(
        random,
        group.map(({ clinic }) => clinic),
      ),
    );
    const ratios = ratiosOf((index) => labels[index] ?? '');
    return { spread: deviation(ratios), within: within(ratios) };
  });
  const byClinic = [...Map.groupBy(waits, ({ clinic }) => clinic).values()];
  const medians = byClinic.map((group) =>
    percentile(
      group.map(({ minutes }) => minutes),
      50,
    ),
  );
  const loads = byClinic.map((group) => group.length);
  const spread = deviation(own);
  const noise = chance.map((one) => one.spread);
  return {
    load: [Math.min(...loads), Math.max(...loads)],
    medians: [Math.min(...medians), percentile(medians, 50), Math.max(...medians)],
    ratios: [Math.min(...own), Math.max(...own)],
    withinBand: within(own),
    withinBandByChance: percentile(
      chance.map((one) => one.within),
      50,
    ),
    spread,
    spreadByChance: [percentile(noise, 50), percentile(noise, 95)],
    excess: Math.sqrt(Math.max(0, spread ** 2 - mean(noise.map((value) => value ** 2)))),
  };
}

function shuffled<T>(random: Random, list: readonly T[]): T[] {
  const copy = [...list];
  for (let last = copy.length - 1; last > 0; last -= 1) {
    const other = random.int(0, last);
    const [a, b] = [copy[last], copy[other]];
    if (a !== undefined && b !== undefined) [copy[last], copy[other]] = [b, a];
  }
  return copy;
}
