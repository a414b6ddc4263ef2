import { localDateTime } from '../../../signaling/src/domain/localTime.ts';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../../signaling/src/seed/demoAccounts.ts';
import { playDay, type PlayedDay } from '../../simulation/playDay.ts';
import { WHOLE_DISTRICT } from '../../simulation/planDay.ts';
import type { SimulatedSystem } from '../../simulation/SimulatedSystem.ts';
import { startTestServers } from '../../support/testServers.ts';
import type { Row } from '../Row.ts';

const REPLICAS = 2;

/**
 * A day of the whole district under a simulated clock, on servers of its own.
 * @param show keeps the system up after the day, with its pages, until Ctrl+C
 */
export async function measureDay(show: boolean): Promise<PlayedDay> {
  const { servers, stop } = await startTestServers();
  try {
    const redis = { url: `${servers.redisUrl}?db=1`, prefix: 'day' };
    return await playDay({
      servers,
      redis,
      replicas: REPLICAS,
      scenario: WHOLE_DISTRICT,
      withPages: show,
      onHour: (at) => process.stderr.write(`  simulated ${localDateTime(at)}\n`),
      ...(show ? { afterwards: showPages } : {}),
    });
  } finally {
    await stop();
  }
}

async function showPages({ urls }: SimulatedSystem, day: PlayedDay): Promise<void> {
  console.log(describeDay(day));
  console.log(
    `The day in charts: ${urls[0] ?? ''}/district, ${DEMO_ACCOUNTS.administrator.username}, ${DEMO_PASSWORD}; Ctrl+C ends`,
  );
  await new Promise((resolve) => process.once('SIGINT', resolve));
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const minutes = (value: number): string => `${value.toFixed(1)} min`;

/** Row 14, and what the day was like. */
export function promiseRow({ figures }: PlayedDay): Row {
  const { hour, halfHour } = figures.promises;
  return {
    number: 14,
    metric: 'promise accuracy over a simulated day of the whole district, an hour ahead',
    goal: '≥ 80 % within ± 10 min; error ≤ 0.6 × naive',
    result: `${percent(hour.within10)} of ${hour.samples} within ± 10 min, bias ${minutes(hour.bias)}, error ${minutes(hour.medianAbsoluteError)}; half an hour ahead ${percent(halfHour.within10)} of ${halfHour.samples}`,
    yardstick: `people ahead × mean: error ${minutes(hour.naiveError)}`,
    figures: { ...hour },
  };
}

/** The day in a few lines for whoever ran the bench. */
export function describeDay({ date, wrongs, figures, jobsRun, requests, refused, realSeconds }: PlayedDay): string {
  const { fairness, waitMinutes } = figures;
  const lines = [
    `Simulated day ${date}: ${figures.people} people, ${figures.consultations} consultations (${Math.round(figures.consultationsAnHour)} an hour), ${jobsRun} jobs, in ${Math.round(realSeconds)} s`,
    `  became of them: ${Object.entries(figures.fates)
      .map(([fate, count]) => `${count} ${fate}`)
      .join(
        ', ',
      )}; ${figures.stranded} of an absent specialist found another (${figures.handedOver} handed over with their place); ${figures.closedAtNight} closed at night`,
    `  wait p50 ${minutes(waitMinutes.p50)}, p90 ${minutes(waitMinutes.p90)}, longest ${minutes(waitMinutes.longest)}; ${figures.overtaken} overtaken, each with a reason`,
    `  by clinic (${fairness.load.join('–')} people each): median wait ${fairness.medians.map((value) => value.toFixed(1)).join(' / ')} min (lowest, middle, highest)`,
    `  measured ÷ expected ${fairness.ratios.map((value) => value.toFixed(2)).join('–')}, within ± 20 %: ${percent(fairness.withinBand)} (by chance alone ${percent(fairness.withinBandByChance)})`,
    `  spread ${fairness.spread.toFixed(3)}, by chance ${fairness.spreadByChance[0].toFixed(3)} (95th percentile ${fairness.spreadByChance[1].toFixed(3)}), real difference between clinics ${percent(fairness.excess)}`,
    `  slowest requests: ${requests
      .toSorted((a, b) => b.p99 - a.p99)
      .slice(0, 4)
      .map(({ what, p50, p99 }) => `${what} p50 ${Math.round(p50)} ms p99 ${Math.round(p99)} ms`)
      .join('; ')}`,
    `  refused: ${Object.entries(refused)
      .map(([what, count]) => `${count} × ${what}`)
      .join('; ')}`,
    ...Object.entries(wrongs).flatMap(([wrong, cases]: [string, readonly string[]]) =>
      cases.length === 0 ? [] : [`  WRONG ${wrong}: ${cases.length}, e.g. ${cases.slice(0, 3).join('; ')}`],
    ),
  ];
  return lines.join('\n');
}
