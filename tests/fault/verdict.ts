import { percentile } from '../bench/statistics.ts';
import type { FaultRow, Goal, Trial } from './Row.ts';

interface Judged extends Goal {
  readonly measured: number;
  readonly holds: boolean;
}

export interface RowResult {
  readonly name: string;
  readonly title: string;
  readonly trials: number;
  readonly goals: readonly Judged[];
  readonly figures: Readonly<
    Record<
      string,
      { readonly p50: number; readonly p95: number; readonly worst: number; readonly all: readonly number[] }
    >
  >;
  readonly wrongs: readonly string[];
  readonly holds: boolean;
}

export function judgeRow({ name, title, goals }: FaultRow, trials: readonly Trial[]): RowResult {
  const of = (figure: string): number[] => trials.flatMap(({ figures }) => figures[figure] ?? []);
  const judged = goals.map((goal) => {
    const measured = percentile(of(goal.figure), goal.percentile);
    return { ...goal, measured, holds: measured <= goal.limit };
  });
  const names = [...new Set(trials.flatMap(({ figures }) => Object.keys(figures)))];
  const wrongs = trials.flatMap((trial) => trial.wrongs);
  return {
    name,
    title,
    trials: trials.length,
    goals: judged,
    figures: Object.fromEntries(
      names.map((figure) => {
        const all = of(figure);
        return [figure, { p50: percentile(all, 50), p95: percentile(all, 95), worst: Math.max(...all), all }];
      }),
    ),
    wrongs,
    holds: wrongs.length === 0 && judged.every(({ holds }) => holds),
  };
}

const seconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(2);

/** One line of the table. */
export function describeRow({ trials, figures, goals, wrongs, holds }: RowResult): Record<string, string | number> {
  return {
    trials,
    'p50 / p95 / worst, s': Object.entries(figures)
      .map(([figure, { p50, p95, worst }]) => `${figure} ${[p50, p95, worst].map(seconds).join(' / ')}`)
      .join('; '),
    goal: goals
      .map(
        ({ figure, percentile: share, limit }) =>
          `${figure} ${share === 100 ? 'always' : `p${share}`} ≤ ${seconds(limit)}`,
      )
      .join('; '),
    wrong: wrongs.length,
    holds: holds ? 'yes' : 'NO',
  };
}
