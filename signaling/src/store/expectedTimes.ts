import type { ExpectedTime } from '@cloud-hospital/protocol/rest';
import type { NoPromise } from '@cloud-hospital/protocol/states';
import type { Kysely } from 'kysely';
import { expectedTimes, saidTime } from '../domain/promise/expectedTimes.ts';
import { queueSituations } from './queueSituations.ts';
import type { Database } from './schema.ts';

/** What people of some queues may be told. */
export interface ToldTimes {
  /** By queue entry, and by appointment for whoever hasn't checked in. */
  of(id: string): ExpectedTime | null;
  /** Why nobody of this queue is told anything; null: they are. */
  noPromise(queueId: string): NoPromise | null;
}

/** For whoever only wants to know where everybody stands. */
export const NOTHING_TOLD: ToldTimes = { of: () => null, noPromise: () => null };

/** When everybody of these queues will probably be called, by the one estimator. @param now by the database's clock */
export async function toldTimes(db: Kysely<Database>, queueIds: readonly string[], now: Date): Promise<ToldTimes> {
  const found = await queueSituations(db, queueIds, now);
  const told = new Map<string, ExpectedTime>();
  for (const { situation, now: at } of new Set(found.values())) {
    for (const [id, expected] of expectedTimes(situation)) {
      if (expected === null) continue;
      const { from, to } = saidTime(expected, at);
      told.set(id, { from: from.toISOString(), to: to.toISOString(), sureness: expected.sureness });
    }
  }
  return {
    of: (id) => told.get(id) ?? null,
    noPromise: (queueId) => found.get(queueId)?.noPromise(queueId) ?? null,
  };
}
