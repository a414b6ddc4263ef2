import { type Kysely, sql } from 'kysely';
import { TIME_ZONE } from '../domain/localTime.ts';
import type { Database } from './schema.ts';

/**
 * Makes the slots that the weekly schedules hold for today and the days after, where they don't exist yet. Several
 * replicas may do so at once: the overlap constraint lets one win. A day without a schedule gets none.
 * @param days how many days, today included
 * @returns how many were made
 */
export async function ensureSlots(db: Kysely<Database>, days: number): Promise<number> {
  const made = await sql`
    WITH wanted AS (
      SELECT schedule.id AS schedule_id, role.practitioner_id, role.id AS practitioner_role_id,
             start AT TIME ZONE ${TIME_ZONE} AS start_at,
             (start + make_interval(mins => schedule.slot_minutes)) AT TIME ZONE ${TIME_ZONE} AS end_at
      FROM generate_series(0, ${days - 1}::int) AS ahead
      CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE ${TIME_ZONE})::date + ahead AS day) AS calendar
      JOIN schedule ON schedule.weekday = extract(isodow FROM day)
        AND day >= schedule.effective_from AND (schedule.effective_to IS NULL OR day <= schedule.effective_to)
      JOIN practitioner_role AS role ON role.id = schedule.practitioner_role_id AND role.active
      -- date + time '24:00' is the next midnight, as it should be.
      CROSS JOIN LATERAL generate_series(day + schedule.start_time,
        day + schedule.end_time - make_interval(mins => schedule.slot_minutes),
        make_interval(mins => schedule.slot_minutes)) AS start
    )
    INSERT INTO slot (schedule_id, practitioner_id, practitioner_role_id, period)
    SELECT schedule_id, practitioner_id, practitioner_role_id, tstzrange(start_at, end_at) FROM wanted
    WHERE NOT EXISTS (
      SELECT FROM slot WHERE slot.practitioner_role_id = wanted.practitioner_role_id AND lower(slot.period) = wanted.start_at)
    -- One specialist's slots side by side: whoever searches reads few pages.
    ORDER BY practitioner_role_id, start_at
    ON CONFLICT DO NOTHING`.execute(db);
  return Number(made.numAffectedRows ?? 0n);
}
