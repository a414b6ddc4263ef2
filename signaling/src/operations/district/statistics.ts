import { DepartmentCode, LocationId, OrganizationId } from '@cloud-hospital/protocol';
import {
  type DayNumbers,
  type DistrictStatistics,
  GOOD_MOS,
  QUEUE_STEP_MINUTES,
  WAIT_CLASSES,
} from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import { dayBounds, localDate, TIME_ZONE } from '../../domain/localTime.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { promiseStatistics } from '../../store/promiseStatistics.ts';

interface Bounds {
  readonly start: Date;
  readonly end: Date;
}

/**
 * The wait of a visit that was seen: nobody is late because they came early, so that of the scheduled begins at their
 * time. Minutes.
 */
const WAIT = sql`greatest(extract(epoch FROM started_at - greatest(checked_in_at, scheduled_start)), 0) / 60`;

/** Of whom the numbers are: the whole day's when all three are null. */
interface Part {
  readonly location_id: string | null;
  readonly organization_id: string | null;
  readonly department_code: string | null;
}
interface Seen extends Part {
  readonly consultations: number;
  readonly median: number;
  readonly p90: number;
}
/** How long somebody must have been heard for a call to be judged, seconds. */
const LEAST_HEARD = 15;
interface Called extends Part {
  readonly measured: number;
  readonly good: number;
}
interface Planned extends Part {
  readonly appointments: number;
  readonly no_shows: number;
}

/** Consultations of the day and their waits: whole, by clinic, by hospital, by department, in one pass. */
async function seenOn(unit: Unit, { start, end }: Bounds): Promise<Seen[]> {
  const { rows } = await sql<Seen>`
    SELECT encounter.location_id, role.organization_id, role.department_code, count(*)::int AS consultations,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY ${WAIT}) AS median,
      percentile_cont(0.9) WITHIN GROUP (ORDER BY ${WAIT}) AS p90
    FROM encounter JOIN practitioner_role role ON role.id = encounter.practitioner_role_id
    WHERE started_at >= ${start} AND started_at < ${end}
    GROUP BY GROUPING SETS ((), (encounter.location_id), (role.organization_id), (role.department_code))`.execute(
    unit.tx,
  );
  return rows;
}

async function plannedOn(unit: Unit, { start, end }: Bounds): Promise<Planned[]> {
  const { rows } = await sql<Planned>`
    SELECT appointment.location_id, role.organization_id, role.department_code, count(*)::int AS appointments,
      count(*) FILTER (WHERE status = 'noshow')::int AS no_shows
    FROM appointment JOIN practitioner_role role ON role.id = appointment.practitioner_role_id
    WHERE lower(period) >= ${start} AND lower(period) < ${end}
      AND status IN ('booked', 'checked-in', 'fulfilled', 'noshow') AND appointment.location_id IS NOT NULL
    GROUP BY GROUPING SETS ((), (appointment.location_id), (role.organization_id), (role.department_code))`.execute(
    unit.tx,
  );
  return rows;
}

const rounded = (minutes: number): number => Math.round(minutes * 10) / 10;

async function keptOn(unit: Unit, { start, end }: Bounds): Promise<number | null> {
  const { share } = await promiseStatistics(unit.tx, start, end);
  return share === null ? null : Math.round(share * 100);
}

/**
 * Calls of the day that were heard for at least `LEAST_HEARD` seconds at some side, and those of them in which every
 * such side had `GOOD_MOS` for half of its time: that is what "its median was good" means, without sorting.
 */
async function callsOn(unit: Unit, { start, end }: Bounds): Promise<Called[]> {
  const { rows } = await sql<Called>`
    WITH side AS (
      SELECT participant.encounter_id,
        2 * coalesce(sum(seconds) FILTER (WHERE mos >= ${GOOD_MOS}::real), 0) >= sum(seconds) AS good
      FROM encounter
        JOIN participant ON participant.encounter_id = encounter.id
        JOIN call_sample ON call_sample.participant_id = participant.id
      WHERE started_at >= ${start} AND started_at < ${end} AND mos IS NOT NULL
      GROUP BY participant.encounter_id, participant.id
      HAVING sum(seconds) >= ${LEAST_HEARD}
    ), call AS (SELECT encounter_id, bool_and(good) AS good FROM side GROUP BY encounter_id)
    SELECT encounter.location_id, role.organization_id, role.department_code, count(*)::int AS measured,
      count(*) FILTER (WHERE call.good)::int AS good
    FROM call JOIN encounter ON encounter.id = call.encounter_id
      JOIN practitioner_role role ON role.id = encounter.practitioner_role_id
    GROUP BY GROUPING SETS ((), (encounter.location_id), (role.organization_id), (role.department_code))`.execute(
    unit.tx,
  );
  return rows;
}

/** Puts what was seen, what was planned and how its calls were of one part together. */
function numbersOf(seen?: Seen, planned?: Planned, called?: Called): DayNumbers {
  return {
    consultations: seen?.consultations ?? 0,
    medianWaitMinutes: seen === undefined || seen.consultations === 0 ? null : rounded(seen.median),
    p90WaitMinutes: seen === undefined || seen.consultations === 0 ? null : rounded(seen.p90),
    appointments: planned?.appointments ?? 0,
    noShows: planned?.no_shows ?? 0,
    callsMeasured: called?.measured ?? 0,
    callsGood: called?.good ?? 0,
  };
}

/** Looks the numbers of a part up. */
function numbersBy({ seen, planned, called }: Counted, key: keyof Part) {
  const seenBy = new Map(seen.map((row) => [row[key], row]));
  const plannedBy = new Map(planned.map((row) => [row[key], row]));
  const calledBy = new Map(called.map((row) => [row[key], row]));
  return (part: string): DayNumbers => numbersOf(seenBy.get(part), plannedBy.get(part), calledBy.get(part));
}

interface Counted {
  readonly seen: readonly Seen[];
  readonly planned: readonly Planned[];
  readonly called: readonly Called[];
}

const countedOn = async (unit: Unit, bounds: Bounds): Promise<Counted> => ({
  seen: await seenOn(unit, bounds),
  planned: await plannedOn(unit, bounds),
  called: await callsOn(unit, bounds),
});

const wholeOf = ({ seen, planned, called }: Counted): DayNumbers =>
  numbersOf(seen.find(isWhole), planned.find(isWhole), called.find(isWhole));

const isWhole = (row: Part): boolean =>
  row.location_id === null && row.organization_id === null && row.department_code === null;

async function hoursOf(unit: Unit, { start, end }: Bounds): Promise<DistrictStatistics['hours']> {
  const { rows } = await sql<{ hour: number; consultations: number; check_ins: number }>`
    SELECT hour, sum(consultations)::int AS consultations, sum(check_ins)::int AS check_ins
    FROM (
      SELECT extract(hour FROM started_at AT TIME ZONE ${TIME_ZONE})::int AS hour, 1 AS consultations, 0 AS check_ins
      FROM encounter WHERE started_at >= ${start} AND started_at < ${end}
      UNION ALL
      SELECT extract(hour FROM checked_in_at AT TIME ZONE ${TIME_ZONE})::int, 0, 1
      FROM encounter WHERE checked_in_at >= ${start} AND checked_in_at < ${end}
    ) happened
    GROUP BY hour ORDER BY hour`.execute(unit.tx);
  return rows.map((row) => ({ hour: row.hour, checkIns: row.check_ins, consultations: row.consultations }));
}

/** Who had checked in and was neither seen nor gone yet, every quarter of an hour until now. */
async function queueOf(unit: Unit, { start, end }: Bounds): Promise<DistrictStatistics['queue']> {
  const until = unit.now < end ? unit.now : end;
  const { rows } = await sql<{ minute: number; waiting: number }>`
    WITH stay AS (
      SELECT encounter.checked_in_at AS since, coalesce(started_at, gone.at, ${until}::timestamptz) AS until
      FROM encounter
      -- Who left unseen has no end of a consultation, only of the waiting.
      LEFT JOIN LATERAL (
        SELECT max(ended_at) AS at FROM queue_entry WHERE encounter_id = encounter.id AND state = 'left'
      ) gone ON true
      WHERE encounter.checked_in_at >= ${start} AND encounter.checked_in_at < ${end}
    )
    SELECT (extract(epoch FROM at - ${start}::timestamptz) / 60)::int AS minute,
      (SELECT count(*)::int FROM stay WHERE since <= at AND stay.until > at) AS waiting
    FROM generate_series(${start}::timestamptz, ${until}::timestamptz,
      make_interval(mins => ${QUEUE_STEP_MINUTES}::int)) AS at
    WHERE at < ${end}
    ORDER BY at`.execute(unit.tx);
  return rows;
}

async function waitsOf(unit: Unit, { start, end }: Bounds): Promise<number[]> {
  const { rows } = await sql<{ class: number; count: number }>`
    SELECT width_bucket(${WAIT}, ${[...WAIT_CLASSES]}::numeric[]) AS class, count(*)::int AS count
    FROM encounter WHERE started_at >= ${start} AND started_at < ${end}
    GROUP BY class`.execute(unit.tx);
  const counts = new Map(rows.map((row) => [row.class, row.count]));
  return Array.from({ length: WAIT_CLASSES.length + 1 }, (_, index) => counts.get(index) ?? 0);
}

async function partsOf(unit: Unit) {
  const names = ['name_zh', 'name_en'] as const;
  const [clinics, hospitals, departments] = await Promise.all([
    unit.tx
      .selectFrom('location')
      .select(['id', ...names])
      .where('active', '=', true)
      .orderBy('name_zh')
      .execute(),
    unit.tx
      .selectFrom('organization')
      .select(['id', ...names])
      .where('kind', '=', 'hospital')
      .orderBy('ordinal')
      .execute(),
    unit.tx
      .selectFrom('department')
      .select(['code', ...names])
      .orderBy('ordinal')
      .execute(),
  ]);
  return { clinics, hospitals, departments };
}

const named = (row: { name_zh: string; name_en: string }) => ({ name: { zh: row.name_zh, en: row.name_en } });

/** The district's day in numbers and curves; nothing about a person. @param date `YYYY-MM-DD`, today by default */
export const statistics = (
  services: Services,
  context: ActorContext,
  { date: asked }: { date?: string | undefined },
): Promise<DistrictStatistics> =>
  services.commands.run(context, async (unit) => {
    const date = asked ?? localDate(unit.now);
    const bounds = dayBounds(date);
    const yesterday = dayBounds(localDate(new Date(bounds.start.getTime() - 1)));
    const parts = await partsOf(unit);
    const counted = await countedOn(unit, bounds);
    const before = await countedOn(unit, yesterday);
    const [clinic, hospital, department] = (['location_id', 'organization_id', 'department_code'] as const).map((key) =>
      numbersBy(counted, key),
    );
    const none = numbersOf();
    return {
      date,
      day: wholeOf(counted),
      before: wholeOf(before),
      promisesKept: { day: await keptOn(unit, bounds), before: await keptOn(unit, yesterday) },
      hours: await hoursOf(unit, bounds),
      queue: await queueOf(unit, bounds),
      waits: await waitsOf(unit, bounds),
      clinics: parts.clinics.map((row) => ({
        ...(clinic?.(row.id) ?? none),
        ...named(row),
        locationId: LocationId.parse(row.id),
      })),
      hospitals: parts.hospitals.map((row) => ({
        ...(hospital?.(row.id) ?? none),
        ...named(row),
        organizationId: OrganizationId.parse(row.id),
      })),
      departments: parts.departments.map((row) => ({
        ...(department?.(row.code) ?? none),
        ...named(row),
        code: DepartmentCode.parse(row.code),
      })),
      now: unit.now.toISOString(),
    };
  });
