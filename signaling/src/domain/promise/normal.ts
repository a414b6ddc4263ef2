/** Distribution function of the standard normal, by the error function of Abramowitz & Stegun 7.1.26 (|error| < 1.5e-7). */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const tail =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))) *
    Math.exp(-x * x);
  return z < 0 ? tail / 2 : 1 - tail / 2;
}

/** How far out the standard normal is followed; beyond it nobody has data. */
const FARTHEST = 4;

/**
 * Inverse of the distribution function of the standard normal, by bisection over ±4: exact enough for minutes, the
 * inverse of the very function above, and computed only for tables.
 */
function bisected(u: number): number {
  let low = -FARTHEST;
  let high = FARTHEST;
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < u) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const CELLS = 1024;
const table = Float64Array.from({ length: CELLS + 1 }, (_, index) => bisected(index / CELLS));

/** The u-quantile of the standard normal, 0 ≤ u ≤ 1, from a table; never beyond ±4. */
export function normalQuantile(u: number): number {
  const place = Math.min(Math.max(u, 0), 1) * CELLS;
  const cell = Math.min(Math.floor(place), CELLS - 1);
  const below = table[cell] ?? 0;
  // The outermost cells are far from straight.
  if (cell === 0 || cell === CELLS - 1) return bisected(u);
  return below + (place - cell) * ((table[cell + 1] ?? below) - below);
}

const FAR_OUT = 2.5;
const LAST_QUANTILE = 0.999;

/** A normal distribution of minutes. */
export interface Normal {
  readonly location: number;
  readonly scale: number;
}

/** The u-quantile of what remains of a normal distribution above `least`. */
export function normalAbove({ location, scale }: Normal, least: number, u: number): number {
  const z = (least - location) / scale;
  // So far out what remains is about exponential (Mills' ratio), and the table has nothing to say.
  if (z > FAR_OUT) return least - (scale * Math.log(1 - Math.min(u, LAST_QUANTILE))) / z;
  const passed = normalCdf(z);
  return Math.max(least, location + scale * normalQuantile(passed + u * (1 - passed)));
}

/** Log-normal minutes: location and scale of the natural logarithm. */
export type LogNormal = Normal;

export const logNormalQuantile = ({ location, scale }: LogNormal, u: number): number =>
  Math.exp(location + scale * normalQuantile(u));

/** The u-quantile of what is still to come of a log-normal time that already lasts. */
export const logNormalRemaining = (time: LogNormal, elapsed: number, u: number): number =>
  elapsed <= 0 ? logNormalQuantile(time, u) : Math.max(0, Math.exp(normalAbove(time, Math.log(elapsed), u)) - elapsed);

export const logNormalMean = ({ location, scale }: LogNormal): number => Math.exp(location + scale ** 2 / 2);
