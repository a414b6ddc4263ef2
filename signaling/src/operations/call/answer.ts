import type { EncounterId } from '@cloud-hospital/protocol';
import type { ActorContext } from '../../store/command.ts';
import { runVisible } from '../denied.ts';
import { beginEncounter } from '../encounter/beginEncounter.ts';
import { answerCall } from '../queue/answerCall.ts';
import type { RoomServices } from '../room/RoomServices.ts';
import { type Granted, grantRights } from './grantRights.ts';

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
  const answeredAt = await runVisible(services, context, async (unit) => {
    const answered = await answerCall(unit, context.agent, encounterId);
    await unit.tx
      .updateTable('participant')
      .set({ rights: 'active' })
      .where('encounter_id', '=', encounterId)
      .where('removed_at', 'is', null)
      .execute();
    const { status } = await unit.tx
      .selectFrom('encounter')
      .select('status')
      .where('id', '=', encounterId)
      .executeTakeFirstOrThrow();
    // The media node says once a room that media began; a consultation that is taken up again has begun long ago.
    if (status === 'onleave') await beginEncounter(unit, encounterId);
    return answered.answeredAt;
  });
  const granted = await grantRights(services, encounterId);
  return { answeredAt: answeredAt.toISOString(), granted };
}
