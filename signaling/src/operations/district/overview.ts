import { AppError } from '@cloud-hospital/protocol';
import { sql } from 'kysely';
import { dayBounds, localDate, TIME_ZONE } from '../../domain/localTime.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';

export interface Overview {
  consultationsToday: number;
  consultationsYesterday: number;
  waitingNow: number;
  medianWaitMinutesToday: number | null;
  terminalsByStatus: Record<string, number>;
  hourly: { hour: number; consultations: number; checkIns: number }[];
  now: string;
}

interface Totals {
  today: number;
  yesterday: number;
  waiting: number;
  median_wait: number | null;
}

async function totals(unit: Unit, start: Date): Promise<Totals> {
  const { rows } = await sql<Totals>`
    SELECT
      (SELECT count(*)::int FROM encounter WHERE started_at >= ${start}) AS today,
      (SELECT count(*)::int FROM encounter
        WHERE started_at >= ${start}::timestamptz - interval '1 day' AND started_at < ${start}) AS yesterday,
      (SELECT count(*)::int FROM queue_entry WHERE state = 'waiting') AS waiting,
      (SELECT percentile_cont(0.5) WITHIN GROUP (
          -- Nobody is late because they came early: the wait of the scheduled begins at their time.
          ORDER BY greatest(extract(epoch FROM started_at - greatest(checked_in_at, scheduled_start)), 0) / 60
        ) FROM encounter WHERE started_at >= ${start}) AS median_wait`.execute(unit.tx);
  const [row] = rows;
  if (row === undefined) throw new AppError('INTERNAL');
  return row;
}

async function hourly(unit: Unit, start: Date, end: Date): Promise<Overview['hourly']> {
  const { rows } = await sql<{ hour: number; consultations: number; check_ins: number }>`
    SELECT hour, count(*) FILTER (WHERE kind = 'consultation')::int AS consultations,
           count(*) FILTER (WHERE kind = 'check-in')::int AS check_ins
    FROM (
      SELECT extract(hour FROM started_at AT TIME ZONE ${TIME_ZONE})::int AS hour, 'consultation' AS kind
      FROM encounter WHERE started_at >= ${start} AND started_at < ${end}
      UNION ALL
      SELECT extract(hour FROM checked_in_at AT TIME ZONE ${TIME_ZONE})::int, 'check-in'
      FROM encounter WHERE checked_in_at >= ${start} AND checked_in_at < ${end}
    ) happened
    GROUP BY hour ORDER BY hour`.execute(unit.tx);
  return rows.map((row) => ({ hour: row.hour, consultations: row.consultations, checkIns: row.check_ins }));
}

/** The district's day in numbers; nothing about a person. */
export const overview = (services: Services, context: ActorContext): Promise<Overview> =>
  services.commands.run(context, async (unit) => {
    const { start, end } = dayBounds(localDate(unit.now));
    const [sums, hours, terminals] = await Promise.all([
      totals(unit, start),
      hourly(unit, start, end),
      unit.tx
        .selectFrom('device')
        .select((eb) => ['status', eb.fn.countAll<string>().as('count')])
        .groupBy('status')
        .execute(),
    ]);
    return {
      consultationsToday: sums.today,
      consultationsYesterday: sums.yesterday,
      waitingNow: sums.waiting,
      medianWaitMinutesToday: sums.median_wait === null ? null : Math.round(sums.median_wait * 10) / 10,
      terminalsByStatus: Object.fromEntries(terminals.map((row) => [row.status, Number(row.count)])),
      hourly: hours,
      now: unit.now.toISOString(),
    };
  });
