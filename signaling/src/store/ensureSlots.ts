import { type Kysely, sql } from 'kysely';
import { addDays, localDate } from '../domain/localTime.ts';
import type { Tx } from './database.ts';
import { databaseNow } from './databaseNow.ts';
import type { Database } from './schema.ts';
import { transact } from './transaction.ts';

/**
 * Makers of slots wait for whoever changes a schedule, and the other way round: a slot of the old plan must not appear
 * beside the new one. Makers don't wait for one another.
 */
const lockKey = sql`hashtextextended('cloud-hospital:schedules', 0)`;
export const lockSchedules = async (tx: Tx): Promise<void> => {
  await sql`SELECT pg_advisory_xact_lock(${lockKey})`.execute(tx);
};

/**
 * Makes the slots that are planned for these days, where they don't exist yet: one that was taken out of the schedule and
 * is planned again is not made anew but freed (`applyPlan.ts`). The schedules must be locked.
 * @param practitionerRoleId null: of every specialist
 * @returns how many were made
 */
export async function makePlannedSlots(
  db: Kysely<Database>,
  days: { readonly first: string; readonly last: string },
  practitionerRoleId: string | null,
): Promise<number> {
  const made = await sql`
    INSERT INTO slot (schedule_id, exception_id, practitioner_id, practitioner_role_id, period)
    SELECT schedule_id, exception_id, practitioner_id, practitioner_role_id, tstzrange(start_at, end_at)
    FROM planned_slots(${days.first}::date, ${days.last}::date, ${practitionerRoleId}::uuid) AS planned
    WHERE NOT EXISTS (
      SELECT FROM slot
      WHERE slot.practitioner_role_id = planned.practitioner_role_id AND lower(slot.period) = planned.start_at
        AND (slot.status <> 'busy-unavailable' OR upper(slot.period) = planned.end_at))
    -- Somebody still has a time that went out of the schedule: until they have answered, it isn't given to another.
    AND NOT EXISTS (
      SELECT FROM appointment
      WHERE appointment.practitioner_id = planned.practitioner_id
        AND appointment.period && tstzrange(planned.start_at, planned.end_at)
        AND appointment.status IN ('pending', 'booked', 'checked-in', 'fulfilled'))
    -- One specialist's slots side by side: whoever searches reads few pages.
    ORDER BY practitioner_role_id, start_at
    ON CONFLICT DO NOTHING`.execute(db);
  return Number(made.numAffectedRows ?? 0n);
}

/**
 * Makes the slots of today and the days after that are planned and don't exist yet. Several replicas may do so at once:
 * the overlap constraint lets one win. A day on which nobody works gets none.
 * @param days how many days, today included
 * @returns how many were made
 */
export async function ensureSlots(db: Kysely<Database>, days: number): Promise<number> {
  const make = async (tx: Kysely<Database>): Promise<number> => {
    await sql`SELECT pg_advisory_xact_lock_shared(${lockKey})`.execute(tx);
    const today = localDate(await databaseNow(tx));
    return makePlannedSlots(tx, { first: today, last: addDays(today, days - 1) }, null);
  };
  return db.isTransaction ? make(db) : transact(db, make);
}
