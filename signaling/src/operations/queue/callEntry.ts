import { AppError } from '@cloud-hospital/protocol';
import { type CallEntryInput, CallResult } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { z } from 'zod';
import type { ActorContext, Unit } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { runVisibleOnce } from '../denied.ts';
import { currentCallOf } from './moveEntry.ts';
import { assertNoCall, lockCallableEntry } from './ownQueue.ts';
import type { LockedQueue } from './lockQueue.ts';
import { type CallAnswer, lostRace, startCall } from './startCall.ts';

async function wasCalledBefore(unit: Unit, entryId: string): Promise<boolean> {
  const { call_count: calls } = await unit.tx
    .selectFrom('queue_entry')
    .select('call_count')
    .where('id', '=', entryId)
    .executeTakeFirstOrThrow();
  return calls > 0;
}

/** Records everybody who stands before the called entry, and why the specialist chose. */
async function recordOvertaking(unit: Unit, queue: LockedQueue, calledEntryId: string, reason: string): Promise<void> {
  await sql`
    WITH ordered AS MATERIALIZED (SELECT * FROM queue_order(queues_called_from(${queue.id}), now()))
    INSERT INTO queue_overtaking (queue_entry_id, overtaken_by, reason)
    SELECT ordered.queue_entry_id, called.queue_entry_id, ${reason}
    FROM ordered
    JOIN ordered called ON called.queue_entry_id = ${calledEntryId} AND ordered.place < called.place`.execute(unit.tx);
}

/**
 * Calls one particular person out of order, or again after nobody answered; the reason is recorded for everyone who is overtaken.
 * @throws AppError NOT_READY with what is missing, CONSENT_REQUIRED, TERMINAL_BUSY, PATIENT_BUSY, ALREADY_CALLED, INVALID_TRANSITION,
 * NOT_FOUND
 */
export async function callEntry(
  services: Services,
  context: ActorContext,
  input: z.infer<typeof CallEntryInput>,
): Promise<CallAnswer> {
  try {
    return await runVisibleOnce(
      services,
      context,
      { action: 'queue.callEntry', request: input, response: CallResult },
      async (unit) => {
        const { queue, pool, entry } = await lockCallableEntry(unit, context.agent, 'queue:call', input.queueEntryId);
        assertNoCall(await currentCallOf(unit, queue));
        if (entry.state !== 'waiting') {
          throw new AppError('INVALID_TRANSITION', { entity: 'QueueEntry', from: entry.state, to: 'called' });
        }
        const { rows } = await sql<{ not_ready: string | null }>`
          SELECT not_ready FROM queue_order(${[entry.queueId]}::uuid[], now()) WHERE queue_entry_id = ${entry.id}`.execute(
          unit.tx,
        );
        const notReady = rows[0]?.not_ready ?? null;
        if (notReady === 'consent') throw new AppError('CONSENT_REQUIRED');
        if (notReady === 'terminal-busy') throw new AppError('TERMINAL_BUSY');
        if (notReady === 'patient-busy') throw new AppError('PATIENT_BUSY');
        // Who did not answer lost "ready" with that call; ringing again asks for nothing else.
        const recall = input.reason === 'recall' && (await wasCalledBefore(unit, entry.id));
        if (notReady !== null && !(recall && notReady === 'not-ready')) {
          throw new AppError('NOT_READY', { reason: notReady });
        }
        const { id: entryId, encounterId } = entry;
        await recordOvertaking(unit, queue, entryId, input.reason);
        return startCall(services, unit, queue, { entryId, encounterId, pool, chosenBecause: input.reason });
      },
    );
  } catch (error) {
    const lost = lostRace(error);
    throw lost === undefined ? error : new AppError(lost);
  }
}
