import type { Unit } from '../../store/command.ts';
import { bumpQueue, lockQueueOf, moveAvailability } from './lockQueue.ts';

/**
 * Job `availability.break-end`: the break is over, the specialist is back by themselves.
 * @param until of the break that is meant; one that was ended, or prolonged, isn't touched
 * @returns false when that break is over already
 */
export async function endBreak(unit: Unit, practitionerRoleId: string, until: string): Promise<boolean> {
  const queue = await lockQueueOf(unit, practitionerRoleId);
  const { break_until: breakUntil } = await unit.tx
    .selectFrom('availability')
    .select('break_until')
    .where('practitioner_role_id', '=', practitionerRoleId)
    .executeTakeFirstOrThrow();
  if (queue.availability !== 'break' || breakUntil?.toISOString() !== until || breakUntil > unit.now) return false;
  await moveAvailability(unit, queue, 'available');
  await bumpQueue(unit, queue);
  unit.audit({
    action: 'availability:write',
    entityKind: 'PractitionerRole',
    entityId: practitionerRoleId,
    reason: 'break-over',
    details: { state: 'available' },
  });
  return true;
}
