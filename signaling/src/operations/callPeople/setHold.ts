import type { EncounterId } from '@cloud-hospital/protocol';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { participantTopics } from '../../store/participantTopics.ts';
import { runVisible } from '../denied.ts';
import { holdRecording } from '../recording/hold.ts';
import { specialistRole } from '../queue/ownQueue.ts';
import { lockRunningCall } from './runningCall.ts';

/**
 * Puts the running call on hold, or on again. The room's row says so: rights follow from it wherever the room lives and
 * whoever joins. Bringing the media node in line with it is the caller's. Safe to repeat.
 * @throws AppError NOT_FOUND, INVALID_TRANSITION without a running call
 */
export const setHold = (
  services: Services,
  context: ActorContext,
  { encounterId, hold }: { readonly encounterId: EncounterId; readonly hold: boolean },
): Promise<void> =>
  runVisible(services, context, async (unit) => {
    const call = await lockRunningCall(unit, context.agent, 'call:hold', encounterId);
    if ((call.heldAt !== null) === hold) return;
    await unit.tx
      .updateTable('room')
      .set({ held_at: hold ? unit.now : null, held_by: hold ? specialistRole(context.agent) : null })
      .where('encounter_id', '=', encounterId)
      .execute();
    unit.emit(await participantTopics(unit.tx, encounterId), 'call:held', {
      encounterId,
      heldSince: hold ? unit.now.toISOString() : null,
    });
    await holdRecording(unit, encounterId, hold);
    unit.audit({
      action: hold ? 'call:hold' : 'call:resume',
      entityKind: 'Encounter',
      entityId: encounterId,
      patientId: call.patientId,
    });
  });
