import type { EncounterId } from '@cloud-hospital/protocol';
import type { ActorContext } from '../../store/command.ts';
import { runVisible } from '../denied.ts';
import type { RoomServices } from '../room/RoomServices.ts';
import { type Granted, grantRights } from './grantRights.ts';
import { answerCall } from './transitions.ts';

/**
 * The terminal takes the call: both sides may produce and consume from now on. Safe to repeat.
 *
 * @returns when it was answered, and what each peer may consume at once
 * @throws AppError NOT_FOUND, INVALID_TRANSITION when it no longer rings
 */
export async function answer(
  services: RoomServices,
  context: ActorContext,
  encounterId: EncounterId,
): Promise<{ answeredAt: string; granted: Granted[] }> {
  const { answeredAt } = await runVisible(services, context, async (unit) => {
    const answered = await answerCall(unit, context.agent, encounterId);
    await unit.tx
      .updateTable('participant')
      .set({ rights: 'active' })
      .where('encounter_id', '=', encounterId)
      .where('removed_at', 'is', null)
      .execute();
    return answered;
  });
  const granted = await grantRights(services, encounterId, 'active');
  return { answeredAt: answeredAt.toISOString(), granted };
}
