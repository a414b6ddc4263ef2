import { AppError } from '@cloud-hospital/protocol';
import { type AvailabilityInput, QueueView } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { runVisibleOnce } from '../denied.ts';
import { bumpQueue, moveAvailability } from './lockQueue.ts';
import { describeQueue } from './mine.ts';
import { currentCallOf } from './moveEntry.ts';
import { lockOwnQueue } from './ownQueue.ts';

const MINUTE_MS = 60_000;

function breakEnd({ until, minutes }: z.infer<typeof AvailabilityInput>, now: Date): Date | null {
  if (until !== undefined) return new Date(until);
  return minutes === undefined ? null : new Date(now.getTime() + minutes * MINUTE_MS);
}

/**
 * Available, on a break (until when, so that those who wait can be told) or off.
 * @throws AppError INVALID_TRANSITION during a call, BAD_REQUEST for a break that is over already
 */
export const setAvailability = (
  services: Services,
  context: ActorContext,
  input: z.infer<typeof AvailabilityInput>,
): Promise<QueueView> =>
  runVisibleOnce(
    services,
    context,
    { action: 'queue.setAvailability', request: input, response: QueueView },
    async (unit) => {
      const queue = await lockOwnQueue(unit, context.agent);
      if ((await currentCallOf(unit, queue)) !== undefined) {
        throw new AppError('INVALID_TRANSITION', { entity: 'Availability', from: 'in-call', to: input.state });
      }
      const until = input.state === 'break' ? breakEnd(input, unit.now) : null;
      if (until !== null && until <= unit.now) throw new AppError('BAD_REQUEST', { field: 'until' });
      // A break can only be taken by somebody who is here.
      const from = queue.availability === 'off' && input.state === 'break' ? 'available' : null;
      if (from !== null) await moveAvailability(unit, queue, from);
      await moveAvailability(unit, from === null ? queue : { ...queue, availability: from }, input.state, until);
      await bumpQueue(unit, queue);
      unit.audit({
        action: 'availability:write',
        entityKind: 'PractitionerRole',
        entityId: queue.practitionerRoleId,
        details: { state: input.state },
      });
      return describeQueue(unit, queue.practitionerRoleId);
    },
  );
