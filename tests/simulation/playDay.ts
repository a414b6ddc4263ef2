import { DistrictDay } from './DistrictDay.ts';
import { type DayFigures, judgeDay, type Wrongs } from './judgeDay.ts';
import { layOutDay } from './layOutDay.ts';
import { planDay, type Scenario } from './planDay.ts';
import { SimulatedSystem, type SimulatedSystemOptions } from './SimulatedSystem.ts';
import { percentile } from '../bench/statistics.ts';

export interface PlayedDay {
  readonly date: string;
  readonly wrongs: Wrongs;
  readonly figures: DayFigures;
  readonly jobsRun: number;
  /** What the script's requests took and how often they were refused. */
  readonly requests: readonly { what: string; count: number; p50: number; p99: number; longest: number }[];
  readonly refused: Readonly<Record<string, number>>;
  readonly realSeconds: number;
}

export interface PlayOptions extends SimulatedSystemOptions {
  readonly scenario: Scenario;
  readonly onHour?: (at: Date) => void;
  /** Before everything is taken down: the system as it is after the day. */
  readonly afterwards?: (system: SimulatedSystem, day: PlayedDay) => Promise<void>;
}

/** One simulated day from the empty stage to the verdict. */
export async function playDay(options: PlayOptions): Promise<PlayedDay> {
  const system = await SimulatedSystem.start(options);
  try {
    const { db } = system.services;
    const startedAt = performance.now();
    const stage = await layOutDay(db, system.clock.now, options.scenario);
    const day = new DistrictDay(system, stage, planDay(options.scenario), options.onHour);
    await day.play();
    const verdict = await judgeDay(db, stage, day);
    const played: PlayedDay = {
      ...verdict,
      date: stage.date,
      jobsRun: day.jobsRun,
      requests: [...day.ledger.tookMs]
        .map(([what, tookMs]) => ({
          what,
          count: tookMs.length,
          p50: percentile(tookMs, 50),
          p99: percentile(tookMs, 99),
          longest: Math.max(...tookMs),
        }))
        .toSorted((a, b) => b.count * b.p50 - a.count * a.p50),
      refused: Object.fromEntries(day.ledger.refused),
      realSeconds: (performance.now() - startedAt) / 1_000,
    };
    await options.afterwards?.(system, played);
    return played;
  } finally {
    await system.stop();
  }
}
