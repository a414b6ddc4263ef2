import { AppError } from '@cloud-hospital/protocol';
import type { Actor } from '../../domain/Actor.ts';
import type { Unit } from '../../store/command.ts';
import { hiddenError } from '../denied.ts';
import { type LockedPool, type LockedQueue, lockQueueById, lockQueueOf } from './lockQueue.ts';
import { type LockedEntry, lockedEntry } from './moveEntry.ts';
import { queuesCalledFrom } from './pool.ts';

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
  throw await hiddenEntry(unit, action, entryId);
}

/**
 * Locks an entry the specialist may call: of the own queue, or of the department's pool while they take part in it.
 * @throws AppError NOT_FOUND
 */
export async function lockCallableEntry(
  unit: Unit,
  actor: Actor,
  action: string,
  entryId: string,
): Promise<{ queue: LockedQueue; pool: LockedPool | null; entry: LockedEntry }> {
  const queue = await lockOwnQueue(unit, actor);
  const own = await lockedEntry(unit, queue, entryId);
  if (own !== undefined) return { queue, pool: null, entry: own };
  for (const queueId of await queuesCalledFrom(unit, queue)) {
    const other = queueId === queue.id ? undefined : await lockQueueById(unit, queueId);
    if (other === undefined || other.practitionerRoleId !== null) continue;
    const entry = await lockedEntry(unit, other, entryId);
    if (entry !== undefined) return { queue, pool: other, entry };
  }
  throw await hiddenEntry(unit, action, entryId);
}

async function hiddenEntry(unit: Unit, action: string, entryId: string): Promise<AppError> {
  const foreign = await unit.tx
    .selectFrom('queue_entry')
    .select('patient_id')
    .where('id', '=', entryId)
    .executeTakeFirst();
  return hiddenError(foreign !== undefined, {
    action,
    entityKind: 'QueueEntry',
    entityId: entryId,
    patientId: foreign?.patient_id ?? null,
  });
}

/**
 * One call at a time.
 * @param current what the specialist calls or serves now
 * @throws AppError ALREADY_CALLED with that entry
 */
export function assertNoCall(current: LockedEntry | undefined): void {
  if (current !== undefined) {
    throw new AppError('ALREADY_CALLED', { queueEntryId: current.id, encounterId: current.encounterId });
  }
}
