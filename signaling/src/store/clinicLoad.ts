import { LocationId } from '@cloud-hospital/protocol';
import type { ClinicLoad } from '@cloud-hospital/protocol/rest';
import { type Kysely, sql } from 'kysely';
import type { Config } from '../config.ts';
import type { Database } from './schema.ts';

type Reader = Kysely<Database>;
type Capacity = Pick<Config, 'TERMINAL_VISITS_PER_HOUR'>;

const HOUR_MS = 3_600_000;
/** What will sit before a terminal, whichever specialist it is for: served by the index `appointment_clinic_load`. */
const PLANNED = sql`NOT appointment.by_phone AND appointment.status IN ('pending', 'booked', 'checked-in') AND (appointment.status <> 'pending' OR appointment.hold_expires_at > now())`;

interface Interval {
  readonly start: Date;
  readonly end: Date;
}
const overlap = (a: Interval, b: Interval): boolean => a.start < b.end && b.start < a.end;
/** Asia/Shanghai is whole hours from UTC, so its clock hours are UTC's. */
const hourOf = ({ start }: Interval): Interval => {
  const hour = Math.floor(start.getTime() / HOUR_MS) * HOUR_MS;
  return { start: new Date(hour), end: new Date(hour + HOUR_MS) };
};

/** Terminals a clinic has; one that broke today may work tomorrow, a revoked one won't. */
async function terminalsOf(db: Reader, locationIds: readonly string[]): Promise<Map<string, number>> {
  if (locationIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('device')
    .select(['location_id', sql<number>`count(*)::int`.as('terminals')])
    .where('location_id', 'in', locationIds)
    .where('status', '<>', 'revoked')
    .groupBy('location_id')
    .execute();
  return new Map(rows.map((row) => [row.location_id, row.terminals]));
}

const loadOf = (atTime: number, inHour: number, terminals: number, config: Capacity): ClinicLoad => ({
  atTime,
  inHour,
  full: inHour >= Math.max(1, terminals) * config.TERMINAL_VISITS_PER_HOUR,
});

/** One clinic's load at any time in between; appointments are read once. */
export async function clinicLoadBetween(
  db: Reader,
  config: Capacity,
  locationId: string,
  between: Interval,
): Promise<(time: Interval) => ClinicLoad> {
  const planned = await db
    .selectFrom('appointment')
    .select([sql<Date>`lower(period)`.as('start'), sql<Date>`upper(period)`.as('end')])
    .where('location_id', '=', locationId)
    .where(sql<boolean>`period && tstzrange(${between.start}, ${between.end})`)
    .where(sql<boolean>`${PLANNED}`)
    .execute();
  const terminals = (await terminalsOf(db, [locationId])).get(locationId) ?? 1;
  return (time) => {
    const hour = hourOf(time);
    return loadOf(
      planned.filter((one) => overlap(one, time)).length,
      planned.filter((one) => overlap(one, hour)).length,
      terminals,
      config,
    );
  };
}

/** All clinics with anybody planned in the hour of that slot; none for a slot that doesn't exist. */
export async function clinicLoadsAt(
  db: Reader,
  config: Capacity,
  slotId: string,
): Promise<(ClinicLoad & { locationId: LocationId })[]> {
  const { rows } = await sql<{ location_id: string; at_time: number; in_hour: number }>`
    SELECT appointment.location_id, count(*) FILTER (WHERE appointment.period && slot.period)::int AS at_time,
      count(*)::int AS in_hour
    FROM slot
    CROSS JOIN LATERAL (SELECT date_trunc('hour', lower(slot.period)) AS start) AS hour
    JOIN appointment ON appointment.period && tstzrange(hour.start, hour.start + interval '1 hour')
    WHERE slot.id = ${slotId} AND appointment.location_id IS NOT NULL AND ${PLANNED}
    GROUP BY appointment.location_id`.execute(db);
  const terminals = await terminalsOf(
    db,
    rows.map((row) => row.location_id),
  );
  return rows.map((row) => ({
    locationId: LocationId.parse(row.location_id),
    ...loadOf(row.at_time, row.in_hour, terminals.get(row.location_id) ?? 1, config),
  }));
}
