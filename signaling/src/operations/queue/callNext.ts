import { AppError } from '@cloud-hospital/protocol';
import { CallResult } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { runVisibleOnce } from '../denied.ts';
import { type LockedPool, type LockedQueue, lockQueueById } from './lockQueue.ts';
import { assertNoCall, lockOwnQueue } from './ownQueue.ts';
import { queuesCalledFrom } from './pool.ts';
import { type CallAnswer, lostRace, recordOvertaking, startCall } from './startCall.ts';

/** Each lost race means that somebody else called; looking again sees it. */
const MAX_RACES = 5;

interface First {
  readonly entryId: string;
  readonly queueId: string;
}

/**
 * The first in order who can be called now. Somebody who was just passed over (`skipped_at`) only when nobody else can.
 * @throws AppError QUEUE_EMPTY with how many wait without being ready
 */
async function firstReady(unit: Unit, queueIds: readonly string[]): Promise<First> {
  const { rows } = await sql<{ entry_id: string; queue_id: string; waiting: number; ready: boolean }>`
    SELECT ordered.queue_entry_id AS entry_id, ordered.queue_id, ordered.not_ready IS NULL AS ready,
      count(*) OVER ()::int AS waiting
    FROM queue_order(${queueIds}::uuid[], now()) ordered
    JOIN queue_entry entry ON entry.id = ordered.queue_entry_id
    ORDER BY ordered.not_ready IS NOT NULL, entry.skipped_at IS NOT NULL, ordered.place LIMIT 1`.execute(unit.tx);
  const [first] = rows;
  if (first?.ready !== true) throw new AppError('QUEUE_EMPTY', { waitingNotReady: first?.waiting ?? 0 });
  return { entryId: first.entry_id, queueId: first.queue_id };
}

/**
 * Own queue and pool are looked at together. The pool's row is locked only when the pick is in it, and then it is
 * looked at again: forty specialists with people of their own don't wait for one another.
 */
async function pickNext(
  unit: Unit,
  queue: LockedQueue,
  queueIds: readonly string[],
): Promise<{ entryId: string; pool: LockedPool | null }> {
  const first = await firstReady(unit, queueIds);
  if (first.queueId === queue.id) return { entryId: first.entryId, pool: null };
  const pool = await lockQueueById(unit, first.queueId);
  if (pool === undefined || pool.practitionerRoleId !== null) {
    throw new AppError('INTERNAL', { reason: 'called from a queue of somebody else' });
  }
  const pick = await firstReady(unit, queueIds);
  return { entryId: pick.entryId, pool: pick.queueId === pool.id ? pool : null };
}

/**
 * "Call next": in one transaction under the queue's lock the first in order of the own queue and the department's pool
 * who is ready is called, and whoever stands before them is recorded as overtaken, with the reason. Makes the specialist available if they weren't.
 * @throws AppError QUEUE_EMPTY, ALREADY_CALLED
 */
export async function callNext(services: Services, context: ActorContext): Promise<CallAnswer> {
  for (let race = 1; ; race += 1) {
    try {
      return await runVisibleOnce(
        services,
        context,
        { action: 'queue.callNext', request: {}, response: CallResult },
        async (unit) => {
          const queue = await lockOwnQueue(unit, context.agent);
          await assertNoCall(unit, queue);
          const queueIds = await queuesCalledFrom(unit, queue);
          const { entryId, pool } = await pickNext(unit, queue, queueIds);
          await recordOvertaking(unit, queueIds, entryId, null);
          return startCall(services, unit, queue, { entryId, pool, chosenBecause: null });
        },
      );
    } catch (error) {
      const lost = lostRace(error);
      if (lost === undefined) throw error;
      if (race >= MAX_RACES) throw new AppError(lost);
    }
  }
}
