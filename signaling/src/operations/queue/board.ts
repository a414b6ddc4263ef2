import { AppError, DepartmentCode, PractitionerRoleId, QueueEntryId, QueueId } from '@cloud-hospital/protocol';
import type { BoardEntry, BoardQueue, QueuePlace, Substitute } from '@cloud-hospital/protocol/rest';
import type { Availability } from '@cloud-hospital/protocol/states';
import { sql } from 'kysely';
import { dayBounds, localDate } from '../../domain/localTime.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { locatedPlaces } from './places.ts';
import { substitutesOf } from './substitutes.ts';

interface QueueRow {
  queue_id: string;
  practitioner_role_id: string | null;
  name: string | null;
  name_en: string | null;
  department_code: string;
  department_zh: string;
  department_en: string;
  availability: Availability;
  break_until: Date | null;
  takes_pool: boolean;
  late_since: Date | null;
  expected_today: number;
  done_today: number;
  broken_today: number;
}

/** The hospital's specialists who have a queue, and the pools of its departments. */
async function queueRows(unit: Unit, organizationId: string): Promise<QueueRow[]> {
  const { start, end } = dayBounds(localDate(unit.now));
  const broken = sql`(SELECT count(*)::int FROM promise JOIN queue_entry ON queue_entry.id = promise.queue_entry_id
    WHERE promise.broken_at >= ${start} AND queue_entry.queue_id = shown.queue_id)`;
  const { rows } = await sql<QueueRow>`
    WITH own AS (
      SELECT role.*, queue.id AS queue_id FROM practitioner_role role JOIN queue ON queue.practitioner_role_id = role.id
      WHERE role.organization_id = ${organizationId} AND role.role = 'specialist' AND role.active
    )
    SELECT shown.*, ${broken} AS broken_today FROM (
    SELECT own.queue_id, own.id AS practitioner_role_id, practitioner.name, practitioner.name_en, own.department_code,
      department.name_zh AS department_zh, department.name_en AS department_en, department.ordinal,
      coalesce(availability.state, 'off') AS availability, availability.break_until,
      coalesce(availability.takes_pool, false) AS takes_pool,
      (SELECT min(session_start) FROM late_start
        WHERE late_start.practitioner_role_id = own.id AND resolved_at IS NULL AND session_start >= ${start}) AS late_since,
      (SELECT count(*)::int FROM appointment
        WHERE appointment.practitioner_role_id = own.id AND status = 'booked'
          AND lower(period) >= ${start} AND lower(period) < ${end}) AS expected_today,
      (SELECT count(*)::int FROM encounter
        WHERE encounter.practitioner_role_id = own.id AND status = 'finished' AND ended_at >= ${start}) AS done_today
    FROM own
    JOIN practitioner ON practitioner.id = own.practitioner_id
    JOIN department ON department.code = own.department_code
    LEFT JOIN availability ON availability.practitioner_role_id = own.id
    UNION ALL
    SELECT pool.id, NULL, NULL, NULL, pool.department_code, department.name_zh, department.name_en, department.ordinal,
      coalesce((
        SELECT member.state FROM availability member
        JOIN practitioner_role colleague ON colleague.id = member.practitioner_role_id AND colleague.active
        WHERE member.takes_pool AND colleague.department_code = pool.department_code
        ORDER BY array_position(ARRAY['available', 'in-call', 'break', 'off'], member.state) LIMIT 1), 'off'),
      NULL, true, NULL, 0, 0
    FROM queue pool JOIN department ON department.code = pool.department_code
    WHERE pool.kind = 'pool' AND pool.department_code IN (SELECT department_code FROM own)
    ) shown
    ORDER BY ordinal, practitioner_role_id NULLS FIRST, name`.execute(unit.tx);
  return rows;
}

interface EntryFacts {
  id: string;
  version: number;
  checked_in_at: Date;
  scheduled_start: Date | null;
  urgent: boolean;
  ready_at: Date | null;
  by_phone: boolean;
  name_zh: string;
  name_en: string;
}

async function entryFacts(unit: Unit, queueIds: readonly string[]): Promise<Map<string, EntryFacts>> {
  if (queueIds.length === 0) return new Map();
  const rows = await unit.tx
    .selectFrom('queue_entry')
    .innerJoin('encounter', 'encounter.id', 'queue_entry.encounter_id')
    .innerJoin('location', 'location.id', 'queue_entry.location_id')
    .select([
      'queue_entry.id',
      'queue_entry.version',
      'queue_entry.checked_in_at',
      'queue_entry.scheduled_start',
      'queue_entry.urgent',
      'encounter.ready_at',
      'encounter.by_phone',
      'location.name_zh',
      'location.name_en',
    ])
    .where('queue_entry.queue_id', 'in', queueIds)
    .where('queue_entry.state', 'in', ['waiting', 'called', 'serving'])
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

const boardEntry = (place: QueuePlace, facts: EntryFacts): BoardEntry => ({
  queueEntryId: QueueEntryId.parse(facts.id),
  version: facts.version,
  state: place.state,
  position: place.position,
  ticketNumber: place.ticketNumber,
  clinicName: { zh: facts.name_zh, en: facts.name_en },
  checkedInAt: facts.checked_in_at.toISOString(),
  scheduledStart: facts.scheduled_start?.toISOString() ?? null,
  urgent: facts.urgent,
  ready: facts.ready_at !== null,
  byPhone: facts.by_phone,
  orderReason: place.orderReason,
  expected: place.expected,
  promise: place.promise,
});

/** All queues of the coordinator's hospital with who waits, by ticket; nothing clinical and nobody's name but the specialists'. */
export const board = (services: Services, context: ActorContext): Promise<{ queues: BoardQueue[]; now: string }> =>
  services.commands.run(context, async (unit) => {
    const { organizationId } = context.agent;
    if (organizationId === null) throw new AppError('FORBIDDEN');
    const rows = await queueRows(unit, organizationId);
    const queueIds = rows.map((row) => row.queue_id);
    const [places, facts] = await Promise.all([locatedPlaces(unit.tx, queueIds), entryFacts(unit, queueIds)]);
    const standIns = new Map<string, Substitute[]>();
    for (const { queue_id, late_since, department_code, practitioner_role_id } of rows) {
      if (late_since !== null) standIns.set(queue_id, await substitutesOf(unit, department_code, practitioner_role_id));
    }
    const byQueue = Map.groupBy(places, (located) => located.queueId);
    return {
      queues: rows.map((row): BoardQueue => {
        const entries = (byQueue.get(row.queue_id) ?? []).flatMap(({ place }) => {
          const found = facts.get(place.queueEntryId);
          return found === undefined ? [] : [boardEntry(place, found)];
        });
        const since = entries
          .filter((entry) => entry.state === 'waiting')
          .map((entry) => Date.parse(entry.checkedInAt));
        const department = { zh: row.department_zh, en: row.department_en };
        return {
          queueId: QueueId.parse(row.queue_id),
          practitionerRoleId:
            row.practitioner_role_id === null ? null : PractitionerRoleId.parse(row.practitioner_role_id),
          name: row.name === null ? department : { zh: row.name, en: row.name_en ?? row.name },
          departmentCode: DepartmentCode.parse(row.department_code),
          departmentName: department,
          availability: row.availability,
          breakUntil: row.break_until?.toISOString() ?? null,
          takesPool: row.takes_pool,
          lateSince: row.late_since?.toISOString() ?? null,
          substitutes: standIns.get(row.queue_id) ?? [],
          entries,
          expectedToday: row.expected_today,
          longestWaitMinutes:
            since.length === 0 ? 0 : Math.max(0, Math.floor((unit.now.getTime() - Math.min(...since)) / 60_000)),
          doneToday: row.done_today,
          brokenToday: row.broken_today,
        };
      }),
      now: unit.now.toISOString(),
    };
  });
