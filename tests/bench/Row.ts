/** One row of the table in docs/performance goals: what was measured, beside its goal and its yardstick. */
export interface Row {
  /** Number of the row in the list of metrics, e.g. `9`. */
  readonly number: number;
  readonly metric: string;
  readonly goal: string;
  readonly result: string;
  /** Measured in the same run, or why there is none. */
  readonly yardstick: string;
  /** Raw figures for the report. */
  readonly figures: Readonly<Record<string, number | string | null>>;
}

/** What this version doesn't measure yet, so that nobody takes silence for success. */
export const notMeasured = (number: number, metric: string, goal: string, why: string): Row => ({
  number,
  metric,
  goal,
  result: 'not measured',
  yardstick: why,
  figures: {},
});
