import { AppError } from '@cloud-hospital/protocol';
import { sql } from 'kysely';
import { localDate, startOfDay } from '../../domain/localTime.ts';
import type { Unit } from '../../store/command.ts';

const COLLEAGUES = 3;

interface Room {
  readonly practitioner_role_id: string;
  readonly name: string;
  readonly name_en: string;
  readonly hospital_zh: string;
  readonly hospital_en: string;
  readonly own: boolean;
  readonly on_leave: boolean;
  /** Of the session that runs or comes next today; null: there is none any more. */
  readonly capacity: number | null;
  readonly taken: number;
}

/**
 * How many walk-ins the specialist and the colleagues of the department still take in the session that runs or comes next
 * today. A session counts whoever was registered since the one before it ended; urgent ones come on top and don't count,
 * nor does who left.
 */
async function roomOf(unit: Unit, practitionerRoleId: string): Promise<Room[]> {
  const today = localDate(unit.now);
  const { rows } = await sql<Room>`
    WITH specialist AS (
      SELECT role.id, role.practitioner_id, role.organization_id FROM practitioner_role AS role
      JOIN practitioner_role AS own ON own.id = ${practitionerRoleId} AND own.department_code = role.department_code
      WHERE role.role = 'specialist' AND role.active
    ),
    session AS (
      SELECT practitioner_role_id, min(start_at) AS begins, max(end_at) AS ends, max(walk_in_capacity) AS capacity
      FROM planned_slots(${today}::date, ${today}::date, NULL)
      WHERE practitioner_role_id IN (SELECT id FROM specialist)
      GROUP BY practitioner_role_id, schedule_id, exception_id
    )
    SELECT specialist.id AS practitioner_role_id, practitioner.name, practitioner.name_en,
      hospital.name_zh AS hospital_zh, hospital.name_en AS hospital_en, specialist.id = ${practitionerRoleId} AS own,
      EXISTS (
        SELECT FROM schedule_exception AS leave
        WHERE leave.practitioner_role_id = specialist.id AND leave.kind = 'leave' AND leave.withdrawn_at IS NULL
          AND ${today}::date BETWEEN leave.first_day AND leave.last_day
          AND (leave.start_time IS NULL OR (now() AT TIME ZONE 'Asia/Shanghai')::time < leave.end_time)
      ) AS on_leave,
      present.capacity, coalesce(taken.count, 0) AS taken
    FROM specialist
    JOIN practitioner ON practitioner.id = specialist.practitioner_id
    JOIN organization AS hospital ON hospital.id = specialist.organization_id
    LEFT JOIN availability ON availability.practitioner_role_id = specialist.id
    LEFT JOIN LATERAL (
      SELECT capacity, begins, (
        SELECT max(earlier.ends) FROM session AS earlier
        WHERE earlier.practitioner_role_id = specialist.id AND earlier.ends <= now()) AS since
      FROM session WHERE session.practitioner_role_id = specialist.id AND ends > now()
      ORDER BY begins LIMIT 1
    ) AS present ON true
    LEFT JOIN LATERAL (
      SELECT count(*)::int FROM encounter
      JOIN queue_entry ON queue_entry.encounter_id = encounter.id AND NOT queue_entry.urgent
      -- Whoever is taken from the department's pool was never registered with this specialist.
      JOIN queue ON queue.id = queue_entry.queue_id AND queue.practitioner_role_id = specialist.id
      WHERE encounter.practitioner_role_id = specialist.id AND encounter.appointment_id IS NULL
        AND encounter.status <> 'cancelled'
        AND encounter.checked_in_at >= coalesce(present.since, ${startOfDay(today)})
    ) AS taken ON true
    ORDER BY (availability.state IN ('available', 'in-call')) DESC NULLS LAST, present.begins, specialist.id`.execute(
    unit.tx,
  );
  return rows;
}

/**
 * Whether the specialist takes another walk-in now. The specialist's queue must be locked, so that two desks can't both take
 * the last place. Whoever works outside the plan, or without one, takes walk-ins without limit.
 * @throws AppError LIMIT_REACHED with `limit` (`walk-ins` or `on-leave`), `max` and up to three `colleagues` of the
 * department who still have places
 */
export async function assertWalkInRoom(unit: Unit, practitionerRoleId: string): Promise<void> {
  const rooms = await roomOf(unit, practitionerRoleId);
  const own = rooms.find((room) => room.own);
  if (own === undefined) return;
  const isFull = own.capacity !== null && own.taken >= own.capacity;
  const isAway = own.capacity === null && own.on_leave;
  if (!isFull && !isAway) return;
  const colleagues = rooms
    .filter((room) => !room.own && room.capacity !== null && room.taken < room.capacity)
    .slice(0, COLLEAGUES)
    .map((room) => ({
      practitionerRoleId: room.practitioner_role_id,
      name: { zh: room.name, en: room.name_en },
      hospital: { zh: room.hospital_zh, en: room.hospital_en },
      left: (room.capacity ?? 0) - room.taken,
    }));
  throw new AppError('LIMIT_REACHED', {
    limit: isFull ? 'walk-ins' : 'on-leave',
    max: own.capacity ?? 0,
    colleagues,
  });
}
