import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';

/** What became of the first promises of a stretch of time. */
export interface PromiseStatistics {
  /** Promises whose outcome is known: called, or over without a call. */
  readonly settled: number;
  /** Called no later than promised, and never put off. */
  readonly kept: number;
  /** `kept / settled`; null while nothing is known. */
  readonly share: number | null;
}

/** Of the first promises made within [start, end): how many held. */
export async function promiseStatistics(db: Kysely<Database>, start: Date, end: Date): Promise<PromiseStatistics> {
  const { rows } = await sql<{ settled: number; kept: number }>`
    SELECT count(*)::int AS settled,
      -- A promise is said in whole minutes.
      count(*) FILTER (WHERE broken_at IS NULL AND called_at < expected_to + interval '1 minute')::int AS kept
    FROM promise
    WHERE kind = 'first' AND made_at >= ${start} AND made_at < ${end}
      AND (called_at IS NOT NULL OR broken_at IS NOT NULL)`.execute(db);
  const { settled = 0, kept = 0 } = rows[0] ?? {};
  return { settled, kept, share: settled === 0 ? null : kept / settled };
}
