import { AppError } from '@cloud-hospital/protocol';
import { CallResult } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { runVisibleOnce } from '../denied.ts';
import { type LockedPool, type LockedQueue, lockQueueById } from './lockQueue.ts';
import { currentCallOf } from './moveEntry.ts';
import { assertNoCall, lockOwnQueue } from './ownQueue.ts';
import { type CallAnswer, lostRace, type Pick, startCall } from './startCall.ts';

/** Each lost race means that somebody else called; looking again sees it. */
const MAX_RACES = 5;

interface First {
  readonly entryId: string;
  readonly encounterId: string;
  readonly queueId: string;
  readonly ready: boolean;
  readonly waiting: number;
}

/**
 * The first in order who can be called now, else the first at all. Somebody who was just passed over (`skipped_at`)
 * only when nobody else can. Whoever stands before them is recorded as overtaken in the same look, if the pick is in a
 * queue that is locked.
 * @param own the specialist's queue; looks at everything that is called from there
 */
async function firstOf(unit: Unit, own: LockedQueue, pool: LockedPool | null): Promise<First | undefined> {
  const locked = pool === null ? [own.id] : [own.id, pool.id];
  const { rows } = await sql<First>`
    WITH ordered AS MATERIALIZED (
      SELECT place.*, entry.encounter_id, entry.skipped_at
      FROM queue_order(queues_called_from(${own.id}), now()) place
      JOIN queue_entry entry ON entry.id = place.queue_entry_id
    ), pick AS (
      SELECT ordered.*, count(*) OVER ()::int AS waiting FROM ordered
      ORDER BY not_ready IS NOT NULL, skipped_at IS NOT NULL, place LIMIT 1
    ), overtaken AS (
      INSERT INTO queue_overtaking (queue_entry_id, overtaken_by, reason)
      SELECT ordered.queue_entry_id, pick.queue_entry_id,
        coalesce(ordered.not_ready, CASE WHEN ordered.skipped_at IS NOT NULL THEN 'skipped' END, 'unknown')
      FROM pick JOIN ordered ON ordered.place < pick.place
      WHERE pick.not_ready IS NULL AND pick.queue_id = ANY (${locked}::uuid[])
    )
    SELECT queue_entry_id AS "entryId", encounter_id AS "encounterId", queue_id AS "queueId", not_ready IS NULL AS ready,
      waiting
    FROM pick`.execute(unit.tx);
  return rows[0];
}

/** @throws AppError QUEUE_EMPTY with how many wait without being ready */
function assertReady(first: First | undefined): First {
  if (first?.ready !== true) throw new AppError('QUEUE_EMPTY', { waitingNotReady: first?.waiting ?? 0 });
  return first;
}

/**
 * Own queue and pool are looked at together. The pool's row is locked only when the pick is in it, and then it is
 * looked at again: forty specialists with people of their own don't wait for one another.
 */
async function pickNext(unit: Unit, queue: LockedQueue): Promise<Pick> {
  const [current, found] = await Promise.all([currentCallOf(unit, queue), firstOf(unit, queue, null)]);
  assertNoCall(current);
  let first = assertReady(found);
  let pool: LockedPool | null = null;
  if (first.queueId !== queue.id) {
    const locked = await lockQueueById(unit, first.queueId);
    if (locked === undefined || locked.practitionerRoleId !== null) {
      throw new AppError('INTERNAL', { reason: 'called from a queue of somebody else' });
    }
    pool = locked;
    first = assertReady(await firstOf(unit, queue, pool));
    if (first.queueId === queue.id) pool = null;
  }
  return { entryId: first.entryId, encounterId: first.encounterId, pool, chosenBecause: null };
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
          return startCall(services, unit, queue, await pickNext(unit, queue));
        },
      );
    } catch (error) {
      const lost = lostRace(error);
      if (lost === undefined) throw error;
      if (race >= MAX_RACES) throw new AppError(lost);
    }
  }
}
