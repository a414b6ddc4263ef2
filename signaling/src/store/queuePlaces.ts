import { EncounterId, PatientId, QueueEntryId } from '@cloud-hospital/protocol';
import { OrderReason, type QueuePlace } from '@cloud-hospital/protocol/rest';
import type { Availability, PromiseBreachReason, QueueEntryState } from '@cloud-hospital/protocol/states';
import { type Kysely, sql } from 'kysely';
import { NOTHING_TOLD, type ToldTimes, toldTimes } from './expectedTimes.ts';
import type { Database } from './schema.ts';

type Reader = Kysely<Database>;

/** A place, and whom to tell about it beside the patient. */
export interface LocatedPlace {
  readonly place: QueuePlace;
  readonly queueId: string;
  readonly locationId: string;
  /** First thing that is missing before it can be called; null: nothing. Only for waiting entries. */
  readonly notReady: string | null;
}

interface PlaceRow {
  queue_id: string;
  version: string;
  queue_entry_id: string;
  encounter_id: string;
  patient_id: string;
  location_id: string;
  state: QueueEntryState;
  answered_at: Date | null;
  place: number | null;
  order_reason: string | null;
  not_ready: string | null;
  ticket_number: string;
  /** Null: a department's pool. */
  specialist_name: string | null;
  department_zh: string;
  department_en: string;
  availability: Availability;
  break_until: Date | null;
  late_since: Date | null;
  substitute: string | null;
  promised_from: Date | null;
  promised_to: Date | null;
  promise_breached_at: Date | null;
  promise_breach_reason: PromiseBreachReason | null;
  now: Date;
}

async function placeRows(db: Reader, queueIds: readonly string[]): Promise<PlaceRow[]> {
  // The order leads and entries are looked up by it: joined the other way round, a planner without statistics compares
  // everybody with everybody.
  const { rows } = await sql<PlaceRow>`
    WITH asked AS MATERIALIZED (
      SELECT queue.*, CASE WHEN kind = 'pool' THEN ARRAY[queue.id] ELSE queues_called_from(queue.id) END AS called_from
      FROM queue WHERE queue.id = ANY(${queueIds}::uuid[]) AND EXISTS (
        SELECT FROM queue_entry WHERE queue_id = queue.id AND state IN ('waiting', 'called', 'serving'))
    ),
    specialist AS MATERIALIZED (
      SELECT queue.id AS queue_id, practitioner.name, department.name_zh, department.name_en,
        (SELECT max(version) FROM queue called WHERE called.id = ANY(queue.called_from)) AS version,
        coalesce(availability.state, pool.state, 'off') AS state, coalesce(availability.break_until, pool.break_until) AS break_until,
        (SELECT session_start FROM late_start
          WHERE late_start.practitioner_role_id = role.id AND told_at IS NOT NULL AND resolved_at IS NULL
            AND session_start > now() - interval '12 hours'
          ORDER BY session_start LIMIT 1) AS late_since
      FROM asked queue
      LEFT JOIN practitioner_role role ON role.id = queue.practitioner_role_id
      LEFT JOIN practitioner ON practitioner.id = role.practitioner_id
      LEFT JOIN availability ON availability.practitioner_role_id = role.id
      JOIN department ON department.code = coalesce(role.department_code, queue.department_code)
      -- A pool is as available as the one of its specialists who is free soonest.
      LEFT JOIN LATERAL (
        SELECT member.state, member.break_until FROM availability member
        JOIN practitioner_role colleague ON colleague.id = member.practitioner_role_id AND colleague.active
        WHERE queue.kind = 'pool' AND member.takes_pool AND colleague.department_code = queue.department_code
        ORDER BY array_position(ARRAY['available', 'in-call', 'break', 'off'], member.state), member.break_until LIMIT 1
      ) pool ON true
    ),
    active AS (
      -- Whoever is called from the pool before somebody in the specialist's own queue is ahead of them. Most of a pool's
      -- specialists have nobody waiting of their own, and ordering the pool once more for each would be for nothing.
      SELECT placed.queue_entry_id, placed.place, placed.order_reason, placed.not_ready
      FROM asked, LATERAL queue_order(asked.called_from, now()) placed
      WHERE placed.queue_id = asked.id
        AND EXISTS (SELECT FROM queue_entry WHERE queue_entry.queue_id = asked.id AND queue_entry.state = 'waiting')
      UNION ALL
      SELECT id, NULL, NULL, NULL FROM queue_entry
      WHERE queue_id = ANY(${queueIds}::uuid[]) AND state IN ('called', 'serving')
    )
    SELECT entry.queue_id, specialist.version, entry.id AS queue_entry_id, entry.encounter_id, entry.patient_id,
      entry.location_id, entry.state, entry.answered_at, active.place, active.order_reason, active.not_ready,
      encounter.ticket_number, specialist.name AS specialist_name, specialist.name_zh AS department_zh,
      specialist.name_en AS department_en, specialist.late_since,
      CASE WHEN specialist.late_since IS NOT NULL THEN (
        SELECT substitute.name FROM queue own JOIN practitioner_role absent ON absent.id = own.practitioner_role_id,
          substitutes_of(absent.department_code, absent.id) substitute
        WHERE own.id = entry.queue_id AND substitute.state IN ('available', 'in-call')
          AND (substitute.phone_visits OR NOT encounter.by_phone) LIMIT 1) END AS substitute,
      specialist.state AS availability,
      specialist.break_until, first.expected_from AS promised_from, first.expected_to AS promised_to,
      entry.promise_breached_at, entry.promise_breach_reason, now() AS now
    FROM active
    JOIN queue_entry entry ON entry.id = active.queue_entry_id
    JOIN encounter ON encounter.id = entry.encounter_id
    JOIN specialist ON specialist.queue_id = entry.queue_id
    LEFT JOIN promise first ON first.queue_entry_id = entry.id AND first.kind = 'first'
    ORDER BY entry.queue_id, active.place NULLS FIRST, entry.id`.execute(db);
  return rows;
}

const promised = (row: PlaceRow): QueuePlace['promise'] =>
  row.promised_from === null || row.promised_to === null
    ? null
    : {
        first: { from: row.promised_from.toISOString(), to: row.promised_to.toISOString() },
        breachedAt: row.promise_breached_at?.toISOString() ?? null,
        reason: row.promise_breach_reason,
      };

function placesOfOne(rows: readonly PlaceRow[], told: ToldTimes): LocatedPlace[] {
  const inCall = rows.filter((row) => row.state !== 'waiting');
  return rows.map((row) => {
    return {
      queueId: row.queue_id,
      locationId: row.location_id,
      notReady: row.not_ready,
      place: {
        queueEntryId: QueueEntryId.parse(row.queue_entry_id),
        encounterId: EncounterId.parse(row.encounter_id),
        patientId: PatientId.parse(row.patient_id),
        version: Number(row.version),
        state: row.state,
        ticketNumber: row.ticket_number,
        position: row.place,
        // Whoever is with the specialist now is ahead too: "0 ahead" must mean that nobody is.
        ahead: row.place === null ? 0 : row.place - 1 + inCall.length,
        expected: row.place === null ? null : told.of(row.queue_entry_id),
        noPromise: row.place === null ? null : told.noPromise(row.queue_id),
        promise: promised(row),
        orderReason: OrderReason.parse(row.order_reason ?? 'first-come'),
        specialistName: row.specialist_name,
        departmentName: { zh: row.department_zh, en: row.department_en },
        availability: row.availability,
        breakUntil: row.break_until?.toISOString() ?? null,
        lateStart:
          row.late_since === null || row.state !== 'waiting'
            ? null
            : { since: row.late_since.toISOString(), substitute: row.substitute },
        computedAt: row.now.toISOString(),
      },
    };
  });
}

/** The changed queues and, for a pool, those of the specialists who call from it: their people may be behind it. */
export async function affectedQueues(db: Reader, queueIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    SELECT unnest(${queueIds}::uuid[]) AS id
    UNION
    SELECT own.id FROM queue pool
    JOIN practitioner_role role ON role.department_code = pool.department_code AND role.role = 'specialist' AND role.active
    JOIN availability ON availability.practitioner_role_id = role.id AND availability.takes_pool
    JOIN queue own ON own.practitioner_role_id = role.id
    WHERE pool.id = ANY(${queueIds}::uuid[]) AND pool.kind = 'pool'`.execute(db);
  return rows.map((row) => row.id);
}

/** Who is where in some queues at one moment: all active entries, in calling order within each queue. */
export interface QueueReading {
  readonly now: Date;
  /** Where everybody stands, with the times they may be told; those come from elsewhere, since they take longer. */
  places(told: ToldTimes): LocatedPlace[];
}

/** @returns null when nobody is in any of them */
export async function readQueues(db: Reader, queueIds: readonly string[]): Promise<QueueReading | null> {
  const rows = queueIds.length === 0 ? [] : await placeRows(db, queueIds);
  const [first] = rows;
  if (first === undefined) return null;
  const queues = [...Map.groupBy(rows, (row) => row.queue_id).values()];
  return { now: first.now, places: (told) => queues.flatMap((own) => placesOfOne(own, told)) };
}

/** Places of all active entries of several queues, in calling order within each, from one reading of them. */
export async function locatedPlaces(db: Reader, queueIds: readonly string[]): Promise<LocatedPlace[]> {
  const reading = await readQueues(db, queueIds);
  const places = reading?.places(NOTHING_TOLD) ?? [];
  // Forty specialists of a pool whose own queues are empty would otherwise play the same pool through forty times.
  if (reading === null || !places.some(({ place }) => place.state === 'waiting')) return places;
  return reading.places(await toldTimes(db, queueIds, reading.now));
}

/** Places of all active entries of one queue: called or serving first, then waiting in calling order. */
export const computePlaces = async (db: Reader, queueId: string): Promise<QueuePlace[]> =>
  (await locatedPlaces(db, [queueId])).map((located) => located.place);
