import { AppError } from '@cloud-hospital/protocol';
import type { Unit } from '../../store/command.ts';

/** @throws AppError BAD_REQUEST where the specialist sees nobody from their own phone */
export async function assertPhoneVisits(unit: Unit, practitionerRoleId: string): Promise<void> {
  const { phone_visits: allowed } = await unit.tx
    .selectFrom('practitioner_role')
    .select('phone_visits')
    .where('id', '=', practitionerRoleId)
    .executeTakeFirstOrThrow();
  if (!allowed) throw new AppError('BAD_REQUEST', { field: 'byPhone', reason: 'not-allowed' });
}
