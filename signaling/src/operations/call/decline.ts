import { AppError, type EncounterId } from '@cloud-hospital/protocol';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { runVisible } from '../denied.ts';
import { returnUnanswered } from '../queue/endCall.ts';
import { lockOwnCall } from './ownCall.ts';

/**
 * The terminal can't take the call now: the entry keeps its place and waits until staff press "ready" again.
 * @throws AppError NOT_FOUND, INVALID_TRANSITION when it no longer rings
 */
export async function decline(
  services: Services,
  context: ActorContext,
  input: { readonly encounterId: EncounterId; readonly reason: 'not-now' | 'patient-absent' },
): Promise<void> {
  const { encounterId, reason } = input;
  await runVisible(services, context, async (unit) => {
    const entry = await lockOwnCall(unit, context.agent, encounterId);
    const returned =
      entry.leaseToken !== null && (await returnUnanswered(unit, entry.id, entry.leaseToken, 'declined'));
    if (!returned) {
      throw new AppError('INVALID_TRANSITION', { entity: 'QueueEntry', from: entry.state, to: 'waiting' });
    }
    unit.audit({
      action: 'call:decline',
      entityKind: 'Encounter',
      entityId: encounterId,
      patientId: entry.patientId,
      reason,
    });
  });
}
