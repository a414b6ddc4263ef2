import { AppError } from '@cloud-hospital/protocol';
import type { Unit } from '../../store/command.ts';

/**
 * @param practitionerRoleId null: whoever of the pool is free first, which may be anybody
 * @throws AppError NO_PHONE_VISITS where the specialist sees nobody from their own phone
 */
export async function assertPhoneVisits(unit: Unit, practitionerRoleId: string | null): Promise<void> {
  const role =
    practitionerRoleId === null
      ? undefined
      : await unit.tx
          .selectFrom('practitioner_role')
          .select('phone_visits')
          .where('id', '=', practitionerRoleId)
          .executeTakeFirstOrThrow();
  if (role?.phone_visits !== true) throw new AppError('NO_PHONE_VISITS');
}

/** A visit from the resident's own phone goes only to specialists who see residents so. @throws AppError NO_PHONE_VISITS */
export async function assertTakesVisit(
  unit: Unit,
  encounterId: string,
  practitionerRoleId: string | null,
): Promise<void> {
  const visit = await unit.tx
    .selectFrom('encounter')
    .select('by_phone')
    .where('id', '=', encounterId)
    .executeTakeFirstOrThrow();
  if (visit.by_phone) await assertPhoneVisits(unit, practitionerRoleId);
}
