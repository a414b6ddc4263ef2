import { logNormalQuantile, type LogNormal, logNormalRemaining } from './normal.ts';

/**
 * How many consultations of a specialist weigh as much as what is known of the department. In the normal model
 * k = σ² / τ² (within a specialist / between specialists of a department): with σ ≈ 0.4 and τ ≈ 0.2 of the logarithm,
 * as consultations vary in the literature (Cayirli & Veral, Production and Operations Management 12, 2003: coefficients
 * of variation 0.35 to 0.85), 4.
 */
const OWN_WEIGHT = 4;
/** Departments differ less from the district than specialists from their department. */
const DEPARTMENT_WEIGHT = 20;
/** Fewer values say nothing about how much they vary. */
const MIN_FOR_SCALE = 5;
/** Nobody is that regular; of the logarithm. */
const MIN_SCALE = 0.15;
/** A consultation farther out (robust standard deviations of the logarithm) counts as one that far: somebody forgot to close it. */
const FARTHEST = 2.5;
/** A specialist's day has a pace of its own; of the logarithm. */
const DAY_SCALE = 0.07;
/** Points that stand for the shape of the distribution around the own values. */
const SHAPE_POINTS = 24;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

/** What was seen: so many values, with this robust location and scale of their logarithms. */
export interface Evidence extends LogNormal {
  readonly count: number;
}

/** Empirical-Bayes shrinkage: what was seen weighs n / (n + k), what was known before k / (n + k). */
export function shrink(seen: Evidence | null, known: LogNormal, weight: number): LogNormal {
  if (seen === null || seen.count === 0) return known;
  const own = seen.count / (seen.count + weight);
  return {
    location: own * seen.location + (1 - own) * known.location,
    scale: Math.max(MIN_SCALE, own * seen.scale + (1 - own) * known.scale),
  };
}

/** A department's pace, drawn to the district's while it has few consultations. */
export const departmentPace = (department: Evidence | null, district: LogNormal): LogNormal =>
  shrink(department, district, DEPARTMENT_WEIGHT);

/** How long one specialist's consultations last: weighted values, ascending, of the logarithm of minutes. */
export interface Pace {
  readonly logs: Float64Array;
  /** Weight of all values up to and including this one; the last is 1. */
  readonly cumulated: Float64Array;
  /** What the tail is taken from where hardly a value is left: never thinner than the department's. */
  readonly tail: LogNormal;
  /** How uncertain the mean of the logarithm is: too few values, and today may be another day. */
  readonly uncertainty: number;
}

/** Median and 1.4826 × MAD of the logarithms: half of the values may be nonsense without moving them. */
function robust(logs: readonly number[], known: LogNormal): Evidence {
  const location = median(logs);
  const deviation = median(logs.map((value) => Math.abs(value - location)));
  const scale = logs.length < MIN_FOR_SCALE ? known.scale : Math.max(MIN_SCALE, 1.4826 * deviation);
  return { count: logs.length, location, scale };
}

/**
 * How long this specialist's next consultation will last, as a distribution and not as a number.
 *
 * The predictive distribution of a Dirichlet process (Ferguson, Annals of Statistics 1, 1973) over the logarithm of the
 * length: each of the n own lengths weighs 1 / (n + k), a log-normal shape weighs k / (n + k) with k = 4. The shape's
 * location and scale are the own median and MAD drawn to the department's by the same weights. So nobody with a history
 * is measured by others, somebody new is measured by the department alone, and whether lengths are log-normal hardly
 * matters. Own lengths beyond 2.5 robust standard deviations count as 2.5.
 *
 * @param minutes lengths of this specialist's latest consultations
 * @param known the department's, already drawn to the district's
 */
export function paceOf(minutes: readonly number[], known: LogNormal): Pace {
  const own = minutes.filter((value) => value > 0).map((value) => Math.log(value));
  const seen = robust(own, known);
  const shape = shrink(own.length === 0 ? null : seen, known, OWN_WEIGHT);
  // A lone value can't say what is usual: it is judged by the shape it was drawn to.
  const usual = own.length < MIN_FOR_SCALE ? shape : seen;
  const total = own.length + OWN_WEIGHT;
  const points = [
    ...own.map((value) => ({
      log: Math.min(Math.max(value, usual.location - FARTHEST * usual.scale), usual.location + FARTHEST * usual.scale),
      weight: 1 / total,
    })),
    ...Array.from({ length: SHAPE_POINTS }, (_, index) => ({
      log: Math.log(logNormalQuantile(shape, (index + 0.5) / SHAPE_POINTS)),
      weight: OWN_WEIGHT / total / SHAPE_POINTS,
    })),
  ].sort((a, b) => a.log - b.log);
  let sum = 0;
  return {
    logs: Float64Array.from(points, ({ log }) => log),
    cumulated: Float64Array.from(points, ({ weight }) => (sum += weight)),
    tail: { location: shape.location, scale: Math.max(shape.scale, known.scale) },
    uncertainty: Math.hypot(shape.scale / Math.sqrt(total), DAY_SCALE),
  };
}

/** Index of the first value whose cumulated weight exceeds `u`. */
function indexAt({ cumulated }: Pace, u: number): number {
  let low = 0;
  let high = cumulated.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulated[middle] ?? 1) > u) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The u-quantile of the length of a consultation that begins, minutes. */
export const lengthOf = (pace: Pace, u: number): number => Math.exp(pace.logs[indexAt(pace, u)] ?? 0);

/** Mean length of a consultation, minutes. */
export function meanLength({ logs, cumulated }: Pace): number {
  let before = 0;
  let mean = 0;
  for (const [index, log] of logs.entries()) {
    const until = cumulated[index] ?? before;
    mean += Math.exp(log) * (until - before);
    before = until;
  }
  return mean;
}

/** Below this weight of what is left there are too few values to tell anything from: the tail is taken. */
const THIN_TAIL = 0.06;

/**
 * The u-quantile of what a consultation still needs that already lasts `elapsed` minutes: the distribution given that it
 * is longer than that, and not "typical minus elapsed". Whoever has been at it for twice as long as usual is not about
 * to finish.
 */
export function remainingOf(pace: Pace, elapsed: number, u: number): number {
  if (elapsed <= 0) return lengthOf(pace, u);
  const log = Math.log(elapsed);
  let passed = 0;
  for (const [index, value] of pace.logs.entries()) {
    if (value > log) break;
    passed = pace.cumulated[index] ?? 1;
  }
  if (1 - passed < THIN_TAIL) return logNormalRemaining(pace.tail, elapsed, u);
  return Math.max(0, lengthOf(pace, passed + u * (1 - passed)) - elapsed);
}
