import type { Availability, NoPromise } from '@cloud-hospital/protocol/states';
import { type Kysely, sql } from 'kysely';
import { dayBounds, localDate } from '../domain/localTime.ts';
import { Habits, USUAL_HABITS } from '../domain/promise/habits.ts';
import { LONGEST_CONSULTATION } from '../domain/promise/learnHabits.ts';
import { paceOf } from '../domain/promise/pace.ts';
import { presenceOf } from '../domain/promise/presence.ts';
import type { OtherCall, Person, QueueSituation, Server } from '../domain/promise/situation.ts';
import type { Database } from './schema.ts';

type Reader = Kysely<Database>;

/** How many of the latest consultations make a specialist's pace. */
const OWN_LENGTHS = 40;
/** Bookings of other specialists are looked at so far ahead: what is later takes nobody's terminal yet. Hours. */
const OTHERS_HOURS = 3;
/** So long after their time people who didn't come aren't waited for any more. Minutes. */
const EXPECTED_FOR = 30;
const MINUTE_MS = 60_000;

/** A queue with everything that decides when its people are called. */
export interface FoundSituation {
  readonly now: Date;
  readonly situation: QueueSituation;
  /** Why nobody of this queue can be promised anything; null: they can. */
  noPromise(queueId: string): NoPromise | null;
}

interface LineRow {
  queue_id: string;
  /** Queues that are called from together have the same. */
  joint: string;
  role_id: string | null;
  lines: string[];
  availability: Availability | null;
  changed_at: Date | null;
  break_until: Date | null;
  in_call: boolean;
  answered_at: Date | null;
  last_ended_at: Date | null;
  lengths: number[];
  starts: Date[];
  ends: Date[];
  habits: unknown;
  now: Date;
}

/** The asked queues and those that are called from together with them: a department's pool with its specialists' own. */
async function lineRows(db: Reader, queueIds: readonly string[], start: Date, end: Date): Promise<LineRow[]> {
  const { rows } = await sql<LineRow>`
    WITH known AS (
      SELECT queue.*, coalesce(role.department_code, queue.department_code) AS department,
        queue.kind = 'pool' OR coalesce(availability.takes_pool, false) AS pooled,
        availability.state AS availability, availability.changed_at, availability.break_until
      FROM queue
      LEFT JOIN practitioner_role role ON role.id = queue.practitioner_role_id
      LEFT JOIN availability ON availability.practitioner_role_id = role.id
    ),
    lines AS MATERIALIZED (
      SELECT * FROM known
      WHERE id = ANY(${queueIds}::uuid[]) OR pooled AND department IN (
        SELECT department FROM known WHERE id = ANY(${queueIds}::uuid[]) AND pooled)
    )
    SELECT lines.id AS queue_id, CASE WHEN pooled THEN department ELSE lines.id::text END AS joint,
      lines.practitioner_role_id AS role_id, lines.availability, lines.changed_at, lines.break_until,
      CASE WHEN kind = 'specialist' THEN queues_called_from(lines.id) ELSE '{}' END AS lines,
      coalesce(current.id, helping.id) IS NOT NULL AS in_call, coalesce(current.answered_at, helping.answered_at) AS answered_at,
      (SELECT max(ended_at) FROM encounter past WHERE past.practitioner_role_id = lines.practitioner_role_id
        AND past.created_at >= ${start}::timestamptz - interval '12 hours' AND ended_at >= ${start}) AS last_ended_at,
      ARRAY(
        SELECT extract(epoch FROM past.ended_at - past.started_at)::float8 / 60
        FROM encounter past
        WHERE past.practitioner_role_id = lines.practitioner_role_id AND past.status = 'finished'
          AND past.outcome <> 'interrupted' AND past.ended_at > past.started_at
          AND past.ended_at - past.started_at < make_interval(mins => ${LONGEST_CONSULTATION}::int)
        ORDER BY past.created_at DESC LIMIT ${OWN_LENGTHS}
      ) AS lengths,
      coalesce(session.starts, '{}') AS starts, coalesce(session.ends, '{}') AS ends,
      coalesce(own.habits, department.habits, district.habits) AS habits, now() AS now
    FROM lines
    LEFT JOIN queue_entry current ON current.called_by = lines.practitioner_role_id AND current.state IN ('called', 'serving')
    LEFT JOIN call_invitation helping ON helping.to_role_id = lines.practitioner_role_id AND helping.state = 'accepted'
    LEFT JOIN learned_habits own ON own.scope = 'specialist' AND own.key = lines.practitioner_role_id::text
    LEFT JOIN learned_habits department ON department.scope = 'department' AND department.key = lines.department
    LEFT JOIN learned_habits district ON district.scope = 'district'
    LEFT JOIN LATERAL (
      -- Stretches of slots with gaps of less than half an hour are one session.
      SELECT array_agg(lower(one) ORDER BY lower(one)) AS starts, array_agg(upper(one) ORDER BY lower(one)) AS ends
      FROM unnest((
        SELECT range_agg(tstzrange(lower(period), upper(period) + interval '30 minutes'))
        FROM slot WHERE slot.practitioner_role_id = lines.practitioner_role_id AND status <> 'busy-unavailable'
          AND lower(period) >= ${start} AND lower(period) < ${end}
      )) one
    ) session ON true`.execute(db);
  return rows;
}

interface PersonRow {
  id: string;
  queue_id: string;
  order_class: number;
  order_due_at: Date;
  checked_in_at: Date | null;
  start: Date | null;
  not_ready: string | null;
  terminal: string | null;
}

/** A clinic's terminal, where none is chosen yet. */
const terminalOf = (location: 'entry.location_id' | 'appointment.location_id') => sql`(
  SELECT device.id::text FROM device WHERE device.location_id = ${sql.ref(location)}
    AND device.status NOT IN ('unenrolled', 'revoked') ORDER BY device.id LIMIT 1)`;

/** Who waits in these queues, called from together, and who is booked today and may still come. */
async function personRows(db: Reader, lines: readonly LineRow[], now: Date, end: Date): Promise<PersonRow[]> {
  const queueIds = lines.map((line) => line.queue_id);
  const roles = lines.flatMap((line) => line.role_id ?? []);
  const { rows } = await sql<PersonRow>`
    SELECT entry.id, entry.queue_id, placed.order_class, placed.order_due_at, entry.checked_in_at,
      entry.scheduled_start AS start, placed.not_ready,
      CASE WHEN NOT encounter.by_phone THEN coalesce(entry.device_id::text, ${terminalOf('entry.location_id')}) END AS terminal
    FROM queue_order(${queueIds}::uuid[], now()) placed
    JOIN queue_entry entry ON entry.id = placed.queue_entry_id
    JOIN encounter ON encounter.id = entry.encounter_id
    UNION ALL
    SELECT appointment.id, queue.id, 2, lower(appointment.period), NULL, lower(appointment.period), NULL,
      CASE WHEN NOT appointment.by_phone THEN ${terminalOf('appointment.location_id')} END
    FROM appointment
    JOIN queue ON queue.practitioner_role_id = appointment.practitioner_role_id
    WHERE appointment.practitioner_role_id = ANY(${roles}::uuid[]) AND appointment.status = 'booked'
      AND lower(appointment.period) >= ${now}::timestamptz - make_interval(mins => ${EXPECTED_FOR}::int)
      AND lower(appointment.period) < ${end}`.execute(db);
  return rows;
}

interface OtherRow {
  id: string;
  terminal: string;
  state: 'called' | 'serving' | 'waiting' | 'booked';
  answered_at: Date | null;
  start: Date | null;
  before: number;
}

/** Who takes the same terminals from other queues. */
async function otherRows(
  db: Reader,
  lines: readonly LineRow[],
  terminals: readonly string[],
  now: Date,
): Promise<OtherRow[]> {
  if (terminals.length === 0) return [];
  const queueIds = lines.map((line) => line.queue_id);
  const roles = lines.flatMap((line) => line.role_id ?? []);
  const { rows } = await sql<OtherRow>`
    SELECT id, terminal, state, answered_at, NULL::timestamptz AS start, before FROM (
      SELECT entry.id, entry.queue_id, entry.state, entry.answered_at, entry.device_id::text AS terminal,
        (count(*) FILTER (WHERE entry.state = 'waiting') OVER (
          PARTITION BY entry.queue_id ORDER BY coalesce(entry.scheduled_start, entry.checked_in_at + interval '45 minutes'), entry.id
          ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING))::int AS before
      FROM queue_entry entry WHERE entry.state IN ('waiting', 'called', 'serving')
    ) active
    WHERE terminal = ANY(${terminals}::text[]) AND NOT queue_id = ANY(${queueIds}::uuid[])
    UNION ALL
    SELECT appointment.id, device.id::text, 'booked', NULL, lower(appointment.period), 0
    FROM device
    JOIN appointment ON appointment.location_id = device.location_id AND appointment.status = 'booked' AND NOT appointment.by_phone
      AND lower(appointment.period) >= ${now} AND lower(appointment.period) < ${now}::timestamptz + make_interval(hours => ${OTHERS_HOURS}::int)
    WHERE device.id = ANY(${terminals}::uuid[]) AND NOT appointment.practitioner_role_id = ANY(${roles}::uuid[])`.execute(
    db,
  );
  return rows;
}

const SESSION_SLACK_MS = 30 * MINUTE_MS;

function serverOf(line: LineRow, habits: Habits): Server | NoPromise | null {
  if (line.role_id === null) return null;
  const state = presenceOf(
    {
      availability: line.availability ?? 'off',
      availabilityChangedAt: line.changed_at,
      breakUntil: line.break_until,
      call: line.in_call ? { answeredAt: line.answered_at } : null,
      lastEndedAt: line.last_ended_at,
      sessions: line.starts.flatMap((start, index) => {
        const end = line.ends[index];
        return end === undefined ? [] : [{ start, end: new Date(end.getTime() - SESSION_SLACK_MS) }];
      }),
    },
    line.now,
  );
  if (typeof state === 'string') return state;
  return { id: line.role_id, lines: line.lines, pace: paceOf(line.lengths, habits.consultation), state };
}

function situationOf(
  lines: readonly LineRow[],
  people: readonly PersonRow[],
  others: readonly OtherRow[],
): FoundSituation {
  const now = lines[0]?.now ?? new Date(0);
  const minutes = (instant: Date): number => (instant.getTime() - now.getTime()) / MINUTE_MS;
  // Of several specialists the first one's: they are of one department.
  const habits = Habits.safeParse(lines.find((line) => line.habits !== null)?.habits).data ?? USUAL_HABITS;
  const seen = lines.map((line) => serverOf(line, Habits.safeParse(line.habits).data ?? habits));
  const servers = seen.filter((one) => one !== null && typeof one !== 'string');
  return {
    now,
    // A colleague who calls from the pool doesn't serve the specialist's own people.
    noPromise: (queueId) => {
      if (servers.some((server) => server.lines.includes(queueId))) return null;
      const absent = seen.flatMap((one, index) =>
        typeof one === 'string' && lines[index]?.lines.includes(queueId) === true ? [one] : [],
      );
      return absent.find((reason) => reason !== 'off') ?? 'off';
    },
    situation: {
      servers,
      habits,
      people: people.map(
        (row): Person => ({
          id: row.id,
          line: row.queue_id,
          order: { class: row.order_class, due: minutes(row.order_due_at) },
          start: row.start === null ? null : minutes(row.start),
          terminal: row.terminal,
          presence:
            row.checked_in_at === null
              ? { kind: 'booked' }
              : row.not_ready === null || row.not_ready === 'terminal-busy' || row.not_ready === 'patient-busy'
                ? { kind: 'ready' }
                : { kind: 'preparing', since: -minutes(row.checked_in_at) },
        }),
      ),
      others: others.map(
        (row): OtherCall => ({
          id: row.id,
          terminal: row.terminal,
          when:
            row.state === 'waiting'
              ? { kind: 'waiting', before: row.before }
              : row.state === 'booked'
                ? { kind: 'booked', start: row.start === null ? 0 : minutes(row.start) }
                : { kind: 'serving', elapsed: row.answered_at === null ? 0 : -minutes(row.answered_at) },
        }),
      ),
    },
  };
}

/**
 * Everything that decides when the people of these queues are called: specialists with their pace, who waits, who is
 * booked and not here yet (by the appointment's id), who else takes the same terminals.
 * @param now by the database's clock
 * @returns by queue; queues that are called from together share one
 */
export async function queueSituations(
  db: Reader,
  queueIds: readonly string[],
  now: Date,
): Promise<ReadonlyMap<string, FoundSituation>> {
  const { start, end } = dayBounds(localDate(now));
  const joints = Map.groupBy(await lineRows(db, queueIds, start, end), (line) => line.joint);
  const found = await Promise.all(
    [...joints.values()].map(async (lines) => {
      const people = await personRows(db, lines, now, end);
      const terminals = [...new Set(people.flatMap((person) => person.terminal ?? []))];
      const others = await otherRows(db, lines, terminals, now);
      const situation = situationOf(lines, people, others);
      return lines.map((line) => [line.queue_id, situation] as const);
    }),
  );
  return new Map(found.flat());
}
