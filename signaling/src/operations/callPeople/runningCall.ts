import { AppError } from '@cloud-hospital/protocol';
import type { Actor } from '../../domain/Actor.ts';
import type { Unit } from '../../store/command.ts';
import { assertVisibleEncounter } from '../encounter/visibility.ts';

/** A call that was answered and isn't over; its room's row is locked. */
export interface RunningCall {
  readonly encounterId: string;
  readonly patientId: string;
  readonly heldAt: Date | null;
}

/** @throws AppError NOT_FOUND for a foreign one, INVALID_TRANSITION while nobody is served */
export async function lockRunningCall(
  unit: Unit,
  actor: Actor,
  action: string,
  encounterId: string,
): Promise<RunningCall> {
  const { patientId } = await assertVisibleEncounter(unit, actor, action, encounterId);
  const room = await unit.tx
    .selectFrom('room')
    .select(['held_at', 'closed_at'])
    .where('encounter_id', '=', encounterId)
    .forUpdate()
    .executeTakeFirst();
  if (room === undefined) throw new AppError('NOT_FOUND');
  const serving = await unit.tx
    .selectFrom('queue_entry')
    .select('id')
    .where('encounter_id', '=', encounterId)
    .where('state', '=', 'serving')
    .executeTakeFirst();
  if (room.closed_at !== null || serving === undefined) {
    throw new AppError('INVALID_TRANSITION', { entity: 'Call', reason: 'not-running' });
  }
  return { encounterId, patientId, heldAt: room.held_at };
}
