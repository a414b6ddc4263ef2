import { AppError } from '@cloud-hospital/protocol';
import type { Actor } from '../../domain/Actor.ts';
import type { Unit } from '../../store/command.ts';
import { hiddenError } from '../denied.ts';
import { type LockedQueue, lockQueueOf } from './lockQueue.ts';
import { currentCallOf, type LockedEntry, lockedEntry } from './moveEntry.ts';

/** The role under which a specialist works here. @throws AppError FORBIDDEN for everybody else */
export function specialistRole(actor: Actor): string {
  if (actor.role !== 'specialist' || actor.practitionerRoleId === null) throw new AppError('FORBIDDEN');
  return actor.practitionerRoleId;
}

/** Locks the specialist's own queue. */
export const lockOwnQueue = (unit: Unit, actor: Actor): Promise<LockedQueue> =>
  lockQueueOf(unit, specialistRole(actor));

/** Locks an entry of the specialist's own queue. @throws AppError NOT_FOUND */
export async function lockOwnEntry(
  unit: Unit,
  actor: Actor,
  action: string,
  entryId: string,
): Promise<{ queue: LockedQueue; entry: LockedEntry }> {
  const queue = await lockOwnQueue(unit, actor);
  const entry = await lockedEntry(unit, queue, entryId);
  if (entry !== undefined) return { queue, entry };
  const foreign = await unit.tx
    .selectFrom('queue_entry')
    .select('patient_id')
    .where('id', '=', entryId)
    .executeTakeFirst();
  throw hiddenError(foreign !== undefined, {
    action,
    entityKind: 'QueueEntry',
    entityId: entryId,
    patientId: foreign?.patient_id ?? null,
  });
}

/** One call at a time. @throws AppError ALREADY_CALLED with the entry that is called or served */
export async function assertNoCall(unit: Unit, queue: LockedQueue): Promise<void> {
  const current = await currentCallOf(unit, queue);
  if (current !== undefined) {
    throw new AppError('ALREADY_CALLED', { queueEntryId: current.id, encounterId: current.encounterId });
  }
}
