import { SlotId } from '@cloud-hospital/protocol';
import type { SlotAlternative } from '@cloud-hospital/protocol/rest';
import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../store/database.ts';

const OF_SPECIALIST = 3;
const IN_ALL = 5;

/** The next free slots of `role` to one side of the wanted time; the index gives them in this order. */
const nearest = (slotId: string, windowDays: number, side: RawBuilder<unknown>, order: RawBuilder<unknown>) => sql`
  SELECT slot.id AS slot_id, lower(slot.period) AS start FROM slot
  WHERE slot.practitioner_role_id = role.id AND ${side} AND slot.id <> ${slotId}
    AND lower(slot.period) > now() AND lower(slot.period) < now() + make_interval(days => ${windowDays}::int)
    AND NOT EXISTS (
      SELECT FROM appointment
      WHERE appointment.slot_id = slot.id AND status IN ('pending', 'booked', 'checked-in', 'fulfilled')
        AND (status <> 'pending' OR hold_expires_at > now())
    )
    AND slot.status <> 'busy-unavailable' AND coalesce(slot.waitlist_until, '-infinity') <= now()
  ORDER BY lower(slot.period) ${order} LIMIT ${IN_ALL}`;

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
    near AS (
      SELECT slot.slot_id, slot.start, practitioner.name, role.id = wanted.practitioner_role_id AS same_specialist,
             abs(extract(epoch FROM slot.start - wanted.start)) AS distance
      FROM wanted
      JOIN practitioner_role role ON role.department_code = wanted.department_code AND role.role = 'specialist' AND role.active
      JOIN practitioner ON practitioner.id = role.practitioner_id
      CROSS JOIN LATERAL (
        (${nearest(slotId, windowDays, sql`lower(slot.period) >= wanted.start`, sql`ASC`)})
        UNION ALL
        (${nearest(slotId, windowDays, sql`lower(slot.period) < wanted.start`, sql`DESC`)})
      ) slot
    ),
    ranked AS (
      SELECT *, row_number() OVER (PARTITION BY same_specialist ORDER BY distance, slot_id) AS rank FROM near
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
