import { sql } from 'kysely';
import { dayBounds } from '../../signaling/src/domain/localTime.ts';
import type { Db } from '../../signaling/src/store/database.ts';
import { percentile } from '../bench/statistics.ts';
import { violations } from '../support/careInvariants.ts';
import type { DistrictDay, Fate, Visit } from './DistrictDay.ts';
import { type Fairness, fairness, type Wait } from './fairness.ts';
import type { Stage } from './layOutDay.ts';
import { type Accuracy, promiseAccuracy } from './promiseAccuracy.ts';

/** What must be empty, whatever the day was like. Each line names what is wrong and with whom. */
export interface Wrongs {
  readonly lost: readonly string[];
  readonly servedTwice: readonly string[];
  readonly overtakenSilently: readonly string[];
  readonly invariants: readonly string[];
  readonly remindedAfterCancelling: readonly string[];
  readonly remindedTwice: readonly string[];
  readonly strandedAndForgotten: readonly string[];
  readonly failedJobs: readonly string[];
}

export interface DayFigures {
  readonly people: number;
  readonly fates: Readonly<Partial<Record<Fate, number>>>;
  readonly consultations: number;
  readonly consultationsAnHour: number;
  readonly waitMinutes: { readonly p50: number; readonly p90: number; readonly longest: number };
  /** Whose specialist didn't come: everybody, and those who kept their place with another. */
  readonly stranded: number;
  readonly handedOver: number;
  readonly overtaken: number;
  readonly closedAtNight: number;
  readonly remindersSent: number;
  readonly fairness: Fairness;
  readonly promises: { readonly hour: Accuracy; readonly halfHour: Accuracy; readonly quarter: Accuracy };
  readonly withoutPromise: number;
}

interface VisitRow {
  encounter_id: string;
  location_id: string;
  /** The queue or pool they lined up in. */
  line: string;
  patient_id: string;
  status: string;
  reason: string | null;
  entry_state: string;
  entry_reason: string | null;
  scheduled: boolean;
  urgent: boolean;
  afternoon: boolean;
  wait_minutes: number | null;
  minutes: number | null;
}

/** Visits of the day from the database, which is what counts; the script only believes to know. */
async function visitsOf(db: Db, { date, clinics }: Stage): Promise<VisitRow[]> {
  const { start, end } = dayBounds(date);
  const { rows } = await sql<VisitRow>`
    SELECT encounter.id AS encounter_id, encounter.location_id, coalesce(entry.admitted_to, entry.queue_id) AS line, encounter.patient_id,
      encounter.status, encounter.reason, entry.state AS entry_state, entry.last_reason AS entry_reason,
      encounter.scheduled_start IS NOT NULL AS scheduled, entry.urgent,
      extract(hour FROM encounter.checked_in_at AT TIME ZONE 'Asia/Shanghai') >= 13 AS afternoon,
      extract(epoch FROM encounter.started_at - greatest(encounter.checked_in_at, encounter.scheduled_start))::float8 / 60
        AS wait_minutes,
      extract(epoch FROM encounter.ended_at - encounter.started_at)::float8 / 60 AS minutes
    FROM encounter
    JOIN LATERAL (
      SELECT * FROM queue_entry WHERE queue_entry.encounter_id = encounter.id ORDER BY checked_in_at DESC, id LIMIT 1
    ) entry ON true
    WHERE encounter.checked_in_at >= ${start} AND encounter.checked_in_at < ${end}
      AND encounter.location_id = ANY(${clinics.map(({ locationId }) => locationId)}::uuid[])`.execute(db);
  return rows;
}

async function ids(db: Db, query: ReturnType<typeof sql<{ id: string }>>): Promise<string[]> {
  return (await query.execute(db)).rows.map(({ id }) => id);
}

/** Whoever came has an end with a reason; nobody stands in a state that waits for something. */
function lostOf(visits: readonly Visit[], rows: readonly VisitRow[]): string[] {
  const byEncounter = new Map(rows.map((row) => [row.encounter_id, row]));
  const open = rows
    .filter(
      (row) =>
        !(row.status === 'finished' && (row.entry_state === 'done' || row.entry_state === 'left')) &&
        !(row.status === 'cancelled' && row.entry_state === 'left' && row.entry_reason !== null),
    )
    .map((row) => `visit ${row.encounter_id}: ${row.status}, ${row.entry_state}, ${row.entry_reason}`);
  const unseen = visits
    .filter(({ opened, fate }) =>
      opened === null
        ? !['no-time-left', 'cancelled', 'stayed-away', 'turned-away'].includes(fate)
        : !byEncounter.has(opened.encounterId),
    )
    .map(({ person, fate }) => `person ${person.serial}: ${fate}`);
  return [...open, ...unseen];
}

export async function judgeDay(
  db: Db,
  stage: Stage,
  day: DistrictDay,
): Promise<{ wrongs: Wrongs; figures: DayFigures }> {
  const { visits, watcher } = day;
  const rows = await visitsOf(db, stage);
  const [invariants, remindedAfterCancelling, remindedTwice, failedJobs] = await Promise.all([
    violations(db),
    ids(
      db,
      sql`SELECT message.id FROM communication message JOIN appointment ON appointment.id = message.subject_id
        WHERE message.kind = 'appointment-reminder' AND appointment.status = 'cancelled'
          AND message.created_at > appointment.updated_at`,
    ),
    ids(
      db,
      sql`SELECT subject_id::text AS id FROM communication WHERE kind = 'appointment-reminder'
        GROUP BY subject_id HAVING count(*) > 3`,
    ),
    ids(db, sql`SELECT kind || ' ' || id AS id FROM job WHERE state = 'failed' OR attempts > 1`),
  ]);
  const sent = await ids(db, sql`SELECT id FROM communication WHERE kind = 'appointment-reminder' AND status = 'sent'`);
  const served = rows.filter(({ status }) => status === 'finished');
  const twice = [...Map.groupBy(served, ({ patient_id: patient }) => patient)]
    .filter(([, group]) => group.length > 1)
    .map(([patient]) => patient);
  const waits = served.flatMap((row): Wait[] =>
    row.wait_minutes === null
      ? []
      : [
          {
            clinic: row.location_id,
            stratum: `${row.line} ${row.afternoon} ${row.scheduled} ${row.urgent}`,
            minutes: Math.max(0, row.wait_minutes),
          },
        ],
  );
  const minutes = waits.map((wait) => wait.minutes);
  const lengths = served.flatMap((row) => (row.minutes === null ? [] : [row.minutes]));
  const meanMinutes = lengths.reduce((total, length) => total + length, 0) / lengths.length;
  const accuracy = (ahead: number): Accuracy => promiseAccuracy(watcher.promises, watcher.calledAt, ahead, meanMinutes);
  const fates: Partial<Record<Fate, number>> = {};
  for (const { fate } of visits) fates[fate] = (fates[fate] ?? 0) + 1;
  const stranded = visits.filter((visit) => visit.stranded !== null);
  return {
    wrongs: {
      lost: lostOf(visits, rows),
      servedTwice: twice,
      overtakenSilently: watcher.overtakenSilently,
      invariants,
      remindedAfterCancelling,
      remindedTwice,
      strandedAndForgotten: stranded
        .filter(({ fate }) => fate !== 'served' && fate !== 'left' && fate !== 'waiting')
        .map(({ person, fate }) => `person ${person.serial}: ${fate}`),
      failedJobs,
    },
    figures: {
      people: visits.length,
      fates,
      consultations: served.length,
      consultationsAnHour: served.length / 7,
      waitMinutes: { p50: percentile(minutes, 50), p90: percentile(minutes, 90), longest: Math.max(...minutes) },
      stranded: stranded.length,
      handedOver: stranded.filter((visit) => visit.stranded === 'handed-over').length,
      overtaken: watcher.overtaken,
      closedAtNight: rows.filter(({ entry_reason: reason }) => reason === 'not-served').length,
      remindersSent: sent.length,
      fairness: fairness(waits),
      promises: { hour: accuracy(60), halfHour: accuracy(30), quarter: accuracy(15) },
      withoutPromise: watcher.waitingWithoutPromise,
    },
  };
}
