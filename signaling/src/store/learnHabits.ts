import { type Insertable, sql } from 'kysely';
import { learnHabits, LONGEST_CONSULTATION } from '../domain/promise/learnHabits.ts';
import type { Db } from './database.ts';
import type { LearnedHabitsTable } from './promise.schema.ts';
import { transact } from './transaction.ts';

/** What is older says little about today. Days. */
const LEARNED_FROM_DAYS = 60;
/** The latest visits of the district: about a fortnight of 93 clinics. */
const MOST_VISITS = 20_000;
const LEARN_EVERY = '55 minutes';

interface VisitRow {
  specialist: string;
  department: string;
  scheduled_start: Date | null;
  urgent: boolean;
  checked_in_at: Date;
  ready_at: Date | null;
  started_at: Date;
  ended_at: Date;
}

/**
 * Learns anew how days go (`domain/promise/learnHabits.ts`), unless somebody did within the hour: any replica may ask,
 * one does it.
 * @returns how many specialists something was learned of
 */
export const refreshHabits = (db: Db): Promise<number> =>
  transact(db, async (tx) => {
    const { rows: turn } = await sql<{ mine: boolean }>`
      SELECT pg_try_advisory_xact_lock(hashtextextended('learn-habits', 0)) AND NOT EXISTS (
        SELECT FROM learned_habits WHERE learned_at > now() - ${sql.lit(LEARN_EVERY)}::interval) AS mine`.execute(tx);
    if (turn[0]?.mine !== true) return 0;
    const { rows: visits } = await sql<VisitRow>`
      SELECT encounter.practitioner_role_id AS specialist, role.department_code AS department,
        encounter.scheduled_start, entry.urgent, encounter.checked_in_at, encounter.ready_at, started_at, encounter.ended_at
      FROM encounter
      JOIN practitioner_role role ON role.id = encounter.practitioner_role_id AND role.department_code IS NOT NULL
      JOIN LATERAL (
        SELECT urgent FROM queue_entry WHERE queue_entry.encounter_id = encounter.id ORDER BY checked_in_at LIMIT 1
      ) entry ON true
      WHERE status = 'finished' AND outcome <> 'interrupted' AND started_at < encounter.ended_at
        AND encounter.checked_in_at <= started_at
        AND encounter.ended_at - started_at < make_interval(mins => ${LONGEST_CONSULTATION}::int)
        AND encounter.created_at > now() - make_interval(days => ${LEARNED_FROM_DAYS}::int)
      ORDER BY encounter.created_at DESC LIMIT ${MOST_VISITS}`.execute(tx);
    const { rows: appointments } = await sql<{ specialist: string; came: number; missed: number }>`
      SELECT practitioner_role_id AS specialist, count(*) FILTER (WHERE status <> 'noshow')::int AS came,
        count(*) FILTER (WHERE status = 'noshow')::int AS missed
      FROM appointment
      WHERE status IN ('fulfilled', 'noshow') AND lower(period) > now() - make_interval(days => ${LEARNED_FROM_DAYS}::int)
      GROUP BY practitioner_role_id`.execute(tx);
    const learned = learnHabits(
      visits.map((row) => ({
        specialist: row.specialist,
        department: row.department,
        scheduledStart: row.scheduled_start?.getTime() ?? null,
        urgent: row.urgent,
        checkedInAt: row.checked_in_at.getTime(),
        readyAt: row.ready_at?.getTime() ?? null,
        startedAt: row.started_at.getTime(),
        endedAt: row.ended_at.getTime(),
      })),
      appointments,
    );
    const rows: Insertable<LearnedHabitsTable>[] = [
      { scope: 'district', key: '', habits: JSON.stringify(learned.district) },
      ...[...learned.byDepartment].map(([key, habits]) => ({
        scope: 'department' as const,
        key,
        habits: JSON.stringify(habits),
      })),
      ...[...learned.bySpecialist].map(([key, habits]) => ({
        scope: 'specialist' as const,
        key,
        habits: JSON.stringify(habits),
      })),
    ];
    await tx
      .insertInto('learned_habits')
      .values(rows)
      .onConflict((conflict) =>
        conflict.columns(['scope', 'key']).doUpdateSet((eb) => ({
          habits: eb.ref('excluded.habits'),
          learned_at: sql<Date>`now()`,
        })),
      )
      .execute();
    return learned.bySpecialist.size;
  });
