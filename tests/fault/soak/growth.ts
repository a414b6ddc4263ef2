export interface Growth {
  /** Per consultation, by least squares. */
  readonly slope: number;
  /** Mean of the series. */
  readonly mean: number;
  readonly first: number;
  readonly last: number;
  readonly grows: boolean;
}

/** Caches fill and code is compiled at first: that much of the series isn't judged. */
const WARM_UP_SHARE = 1 / 3;
/** A slope counts when it is so many standard errors from nothing … */
const STANDARD_ERRORS = 4;
/** … and when it would add so much of the mean over the series. */
const NOTICEABLE_SHARE = 0.05;

/** Whether a series rises steadily, by linear regression over what comes after the warm-up. */
export function growthOf(series: readonly number[]): Growth {
  const judged = series.slice(Math.floor(series.length * WARM_UP_SHARE));
  const count = judged.length;
  const mean = judged.reduce((sum, value) => sum + value, 0) / count;
  const middle = (count - 1) / 2;
  const spread = judged.reduce((sum, _, index) => sum + (index - middle) ** 2, 0);
  const slope =
    spread === 0 ? 0 : judged.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0) / spread;
  const residual = judged.reduce((sum, value, index) => sum + (value - mean - slope * (index - middle)) ** 2, 0);
  const error = count > 2 && spread > 0 ? Math.sqrt(residual / (count - 2) / spread) : Number.POSITIVE_INFINITY;
  const grows = slope > STANDARD_ERRORS * error && slope * count > NOTICEABLE_SHARE * mean;
  return { slope, mean, first: judged[0] ?? Number.NaN, last: judged.at(-1) ?? Number.NaN, grows };
}
