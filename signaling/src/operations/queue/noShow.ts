import { AppError } from '@cloud-hospital/protocol';
import type { NoShowInput } from '@cloud-hospital/protocol/rest';
import { z } from 'zod';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { hiddenError, runVisibleOnce } from '../denied.ts';
import { leaveUnserved } from '../encounter/leaveUnserved.ts';
import { specialistRole } from './ownQueue.ts';

/**
 * Called and never there: the visit ends, and the appointment is a no-show.
 * @throws AppError VERSION_CONFLICT, INVALID_TRANSITION before the first call and once somebody is calling, NOT_FOUND
 */
export const noShow = (
  services: Services,
  context: ActorContext,
  input: z.infer<typeof NoShowInput>,
): Promise<Record<string, never>> =>
  runVisibleOnce(
    services,
    context,
    { action: 'queue.noShow', request: input, response: z.strictObject({}) },
    async (unit) => {
      const roleId = specialistRole(context.agent);
      // Not locked here: ending a visit locks its slot before its queue.
      const entry = await unit.tx
        .selectFrom('queue_entry')
        .innerJoin('queue', 'queue.id', 'queue_entry.queue_id')
        .leftJoin('availability', (join) => join.on('availability.practitioner_role_id', '=', roleId))
        .leftJoin('practitioner_role', 'practitioner_role.id', 'availability.practitioner_role_id')
        .select([
          'queue_entry.encounter_id',
          'queue_entry.patient_id',
          'queue_entry.state',
          'queue_entry.version',
          'queue_entry.call_count',
          'queue.practitioner_role_id as owner',
          'queue.department_code as pool_of',
          'availability.takes_pool',
          'practitioner_role.department_code',
        ])
        .where('queue_entry.id', '=', input.queueEntryId)
        .executeTakeFirst();
      const mayCall =
        entry !== undefined &&
        (entry.owner === roleId ||
          (entry.owner === null && entry.takes_pool === true && entry.pool_of === entry.department_code));
      if (entry === undefined || !mayCall) {
        throw hiddenError(entry !== undefined, {
          action: 'queue:call',
          entityKind: 'QueueEntry',
          entityId: input.queueEntryId,
          patientId: entry?.patient_id ?? null,
        });
      }
      if (entry.version !== input.version) throw new AppError('VERSION_CONFLICT');
      if (entry.state !== 'waiting' || entry.call_count === 0) {
        throw new AppError('INVALID_TRANSITION', { entity: 'QueueEntry', from: entry.state, to: 'left' });
      }
      await leaveUnserved(unit, entry.encounter_id, 'no-show');
      unit.audit({
        action: 'queue:no-show',
        entityKind: 'Encounter',
        entityId: entry.encounter_id,
        patientId: entry.patient_id,
        reason: 'no-show',
      });
      return {};
    },
  );
