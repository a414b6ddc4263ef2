import type { EncounterId } from '@cloud-hospital/protocol';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { runVisible } from '../denied.ts';
import { parkEncounter } from '../encounter/parkEncounter.ts';
import { lockOwnCall } from './ownCall.ts';

/**
 * The terminal hangs up: the visit is parked and its entry returns to the head of the queue. Safe to repeat.
 * @throws AppError NOT_FOUND
 */
export async function leaveCall(services: Services, context: ActorContext, encounterId: EncounterId): Promise<void> {
  await runVisible(services, context, async (unit) => {
    await lockOwnCall(unit, context.agent, encounterId);
    await parkEncounter(unit, encounterId, services.config, 'resumed-later');
  });
}
