import { AppError } from '@cloud-hospital/protocol';
import type { Actor } from '../../domain/Actor.ts';
import type { Unit } from '../../store/command.ts';
import { hiddenError } from '../denied.ts';

/**
 * A specialist's schedule belongs to the specialist and to the coordinator of the hospital they work for.
 * @throws AppError NOT_FOUND for everybody else's, exactly as for none
 */
export async function assertSchedule(
  unit: Pick<Unit, 'tx'>,
  actor: Actor,
  action: string,
  practitionerRoleId: string,
): Promise<void> {
  const role = await unit.tx
    .selectFrom('practitioner_role')
    .select(['id', 'organization_id'])
    .where('id', '=', practitionerRoleId)
    .where('role', '=', 'specialist')
    .where('active', '=', true)
    .executeTakeFirst();
  const own = actor.role === 'specialist' && actor.practitionerRoleId === practitionerRoleId;
  const ownHospital =
    actor.role === 'coordinator' && role !== undefined && actor.organizationId === role.organization_id;
  if (role !== undefined && (own || ownHospital)) return;
  throw hiddenError(role !== undefined, {
    action,
    entityKind: 'PractitionerRole',
    entityId: practitionerRoleId,
  });
}

/** The hospital a coordinator works for. @throws AppError FORBIDDEN for everybody else */
export function coordinatedHospital(actor: Actor): string {
  if (actor.role !== 'coordinator' || actor.organizationId === null) throw new AppError('FORBIDDEN');
  return actor.organizationId;
}
