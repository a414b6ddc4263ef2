import { AppError } from '@cloud-hospital/protocol';
import { z } from 'zod';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { runVisibleOnce } from '../denied.ts';
import { takeCallBack } from './endCall.ts';
import { lockOwnEntry } from './ownQueue.ts';

/** Takes a call back before it is answered. @throws AppError INVALID_TRANSITION once it is answered, NOT_FOUND */
export const cancelCall = (
  services: Services,
  context: ActorContext,
  input: { readonly queueEntryId: string },
): Promise<Record<string, never>> =>
  runVisibleOnce(
    services,
    context,
    { action: 'queue.cancelCall', request: input, response: z.strictObject({}) },
    async (unit) => {
      const { queue, entry } = await lockOwnEntry(unit, context.agent, 'queue:call', input.queueEntryId);
      if (entry.state !== 'called') {
        throw new AppError('INVALID_TRANSITION', { entity: 'QueueEntry', from: entry.state, to: 'waiting' });
      }
      await takeCallBack(unit, queue, entry, 'call-cancelled');
      unit.audit({
        action: 'queue:cancel-call',
        entityKind: 'Encounter',
        entityId: entry.encounterId,
        patientId: entry.patientId,
      });
      return {};
    },
  );
