import { SlotId } from '@cloud-hospital/protocol';
import type { SlotAlternative } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { Db } from '../../store/database.ts';

const OF_SPECIALIST = 3;
const IN_ALL = 5;

/**
 * Free slots nearest in time to one that is gone: the same specialist's first, then others' of the same department.
 * Read outside the failed transaction; a proposal may of course be gone too when it is chosen.
 * @param windowDays how far ahead can be booked, today included
 */
export async function slotAlternatives(db: Db, slotId: string, windowDays: number): Promise<SlotAlternative[]> {
  const { rows } = await sql<{ slot_id: string; start: Date; name: string }>`
    WITH wanted AS (
      SELECT slot.practitioner_role_id, role.department_code, lower(slot.period) AS start
      FROM slot JOIN practitioner_role role ON role.id = slot.practitioner_role_id
      WHERE slot.id = ${slotId}
    ),
    free AS (
      SELECT slot.id AS slot_id, lower(slot.period) AS start, practitioner.name,
             slot.practitioner_role_id = wanted.practitioner_role_id AS same_specialist,
             abs(extract(epoch FROM lower(slot.period) - wanted.start)) AS distance
      FROM wanted
      JOIN practitioner_role role ON role.department_code = wanted.department_code AND role.role = 'specialist' AND role.active
      JOIN slot ON slot.practitioner_role_id = role.id
      JOIN practitioner ON practitioner.id = role.practitioner_id
      WHERE slot.id <> ${slotId} AND lower(slot.period) > now()
        AND lower(slot.period) < now() + make_interval(days => ${windowDays}::int)
        AND NOT EXISTS (
          SELECT FROM appointment
          WHERE appointment.slot_id = slot.id
            AND (status IN ('booked', 'checked-in', 'fulfilled') OR (status = 'pending' AND hold_expires_at > now()))
        )
        AND slot.status <> 'busy-unavailable' AND coalesce(slot.waitlist_until, '-infinity') <= now()
    ),
    ranked AS (
      SELECT *, row_number() OVER (PARTITION BY same_specialist ORDER BY distance, slot_id) AS rank FROM free
    )
    SELECT slot_id, start, name FROM ranked
    WHERE NOT same_specialist OR rank <= ${OF_SPECIALIST}
    ORDER BY same_specialist DESC, distance, slot_id
    LIMIT ${IN_ALL}`.execute(db);
  return rows.map((row) => ({
    slotId: SlotId.parse(row.slot_id),
    start: row.start.toISOString(),
    specialistName: row.name,
  }));
}
