import { AppError } from '@cloud-hospital/protocol';
import type { SkipInput } from '@cloud-hospital/protocol/rest';
import { z } from 'zod';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { runVisibleOnce } from '../denied.ts';
import { takeCallBack } from './endCall.ts';
import { bumpQueue } from './lockQueue.ts';
import { lockCallableEntry } from './ownQueue.ts';

/**
 * Passes somebody over once: they keep their place, but the next call goes to somebody else (whose call records the
 * overtaking).
 * @throws AppError VERSION_CONFLICT, INVALID_TRANSITION once the call is answered, NOT_FOUND
 */
export const skip = (
  services: Services,
  context: ActorContext,
  input: z.infer<typeof SkipInput>,
): Promise<Record<string, never>> =>
  runVisibleOnce(
    services,
    context,
    { action: 'queue.skip', request: input, response: z.strictObject({}) },
    async (unit) => {
      const { queue, pool, entry } = await lockCallableEntry(unit, context.agent, 'queue:call', input.queueEntryId);
      if (entry.version !== input.version) throw new AppError('VERSION_CONFLICT');
      if (entry.state === 'called') {
        await takeCallBack(unit, queue, entry, 'skipped');
      } else if (entry.state === 'waiting') {
        await unit.tx
          .updateTable('queue_entry')
          .set((eb) => ({ skipped_at: unit.now, last_reason: 'skipped', version: eb('version', '+', 1) }))
          .where('id', '=', entry.id)
          .execute();
        await bumpQueue(unit, pool ?? queue);
      } else {
        throw new AppError('INVALID_TRANSITION', { entity: 'QueueEntry', from: entry.state, to: 'waiting' });
      }
      unit.audit({
        action: 'queue:skip',
        entityKind: 'Encounter',
        entityId: entry.encounterId,
        patientId: entry.patientId,
      });
      return {};
    },
  );
