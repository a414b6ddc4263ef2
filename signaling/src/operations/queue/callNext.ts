import { AppError } from '@cloud-hospital/protocol';
import { CallResult } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { runVisibleOnce } from '../denied.ts';
import type { LockedQueue } from './lockQueue.ts';
import { assertNoCall, lockOwnQueue } from './ownQueue.ts';
import { type CallAnswer, lostRace, recordOvertaking, startCall } from './startCall.ts';

/** Each lost race means that somebody else called; looking again sees it. */
const MAX_RACES = 5;

/**
 * The first in order who can be called now. Somebody who was just passed over (`skipped_at`) only when nobody else can.
 * @throws AppError QUEUE_EMPTY with how many wait without being ready
 */
async function firstReady(unit: Unit, queue: LockedQueue): Promise<string> {
  const { rows } = await sql<{ first_ready: string | null; waiting: number }>`
    SELECT count(*)::int AS waiting,
      (array_agg(ordered.queue_entry_id ORDER BY entry.skipped_at IS NOT NULL, ordered.place)
        FILTER (WHERE ordered.not_ready IS NULL))[1] AS first_ready
    FROM queue_order(${queue.id}, now()) ordered
    JOIN queue_entry entry ON entry.id = ordered.queue_entry_id`.execute(unit.tx);
  const first = rows[0]?.first_ready ?? null;
  if (first === null) throw new AppError('QUEUE_EMPTY', { waitingNotReady: rows[0]?.waiting ?? 0 });
  return first;
}

/**
 * "Call next": in one transaction under the queue's lock the first in order who is ready is called, and whoever stands
 * before them is recorded as overtaken, with the reason. Makes the specialist available if they weren't.
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
          const entryId = await firstReady(unit, queue);
          await recordOvertaking(unit, queue, entryId, null);
          return startCall(services, unit, queue, entryId, null);
        },
      );
    } catch (error) {
      const lost = lostRace(error);
      if (lost === undefined) throw error;
      if (race >= MAX_RACES) throw new AppError(lost);
    }
  }
}
