import { AppError } from '@cloud-hospital/protocol';
import type { Tx } from '../../store/database.ts';
import { type RoomPin, toPin } from '../../store/roomPin.ts';

/**
 * The room of an encounter. Locks its row, so that of two tabs that come at once the second finds what the first did.
 * @throws AppError INVALID_TRANSITION after the visit's end
 */
export async function lockOpenRoom(tx: Tx, encounterId: string): Promise<{ pin: RoomPin; heldAt: Date | null }> {
  const room = await tx
    .selectFrom('room')
    .select(['id', 'encounter_id', 'epoch', 'node_id', 'node_incarnation', 'closed_at', 'held_at'])
    .where('encounter_id', '=', encounterId)
    .forUpdate()
    .executeTakeFirst();
  if (room === undefined || room.closed_at !== null) throw new AppError('INVALID_TRANSITION', { reason: 'ended' });
  return { pin: toPin(room), heldAt: room.held_at };
}
