import { AppError } from '@cloud-hospital/protocol';
import type { QueueEntryReason } from '@cloud-hospital/protocol/states';
import type { Unit } from '../../store/command.ts';
import { lockEncounter, moveEncounter } from '../encounter/changeEncounter.ts';
import { closeRoom } from '../encounter/closeRoom.ts';
import { bumpQueue, lockQueueOfEncounter } from './lockQueue.ts';
import { activeEntryOf, moveEntry } from './moveEntry.ts';

/**
 * Takes a visit that has not begun out of the queue.
 * @throws AppError INVALID_TRANSITION once the specialist is calling or the consultation began
 */
export async function withdrawVisit(unit: Unit, encounterId: string, reason: QueueEntryReason): Promise<void> {
  const queue = await lockQueueOfEncounter(unit, encounterId);
  if (queue === undefined) throw new AppError('NOT_FOUND');
  const entry = await activeEntryOf(unit, queue, encounterId);
  if (entry !== undefined) {
    if (entry.state !== 'waiting') {
      throw new AppError('INVALID_TRANSITION', { entity: 'QueueEntry', from: entry.state, to: 'left' });
    }
    await moveEntry(unit, entry, 'left', { ended_at: unit.now, last_reason: reason });
    await bumpQueue(unit, queue);
  }
  const encounter = await lockEncounter(unit, encounterId);
  if (encounter === undefined) throw new AppError('NOT_FOUND');
  await moveEncounter(unit, encounter, 'cancelled', { reason });
  await closeRoom(unit, encounterId);
}
