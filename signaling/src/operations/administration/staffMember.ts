import { AppError, PractitionerRoleId } from '@cloud-hospital/protocol';
import type { ActivationCodeIssued, StaffMember } from '@cloud-hospital/protocol/rest';
import { ACTIVATION_CODE_SECONDS, newActivationCode } from '../../auth/activationCodes.ts';
import { accountIdOf } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { selectStaff, staffView } from '../../store/staff.view.ts';

export interface LockedStaffMember {
  readonly practitionerRoleId: string;
  readonly accountId: string;
  readonly username: string;
  readonly version: number;
  readonly active: boolean;
}

/**
 * Locks somebody's role and account. Nobody changes their own: a role that one could widen, a second factor that one
 * could drop, would be worth nothing.
 * @throws AppError NOT_FOUND, FORBIDDEN with reason `self`
 */
export async function assertAndLockOther(unit: Unit, practitionerRoleId: string): Promise<LockedStaffMember> {
  const row = await unit.tx
    .selectFrom('practitioner_role as role')
    .innerJoin('practitioner', 'practitioner.id', 'role.practitioner_id')
    .innerJoin('account', 'account.id', 'practitioner.account_id')
    .select(['role.id', 'role.version', 'role.active', 'account.id as account_id', 'account.username'])
    .where('role.id', '=', practitionerRoleId)
    .forUpdate(['role', 'account'])
    .executeTakeFirst();
  if (row === undefined) throw new AppError('NOT_FOUND');
  if (row.account_id === accountIdOf(unit.agent)) throw new AppError('FORBIDDEN', { reason: 'self' });
  return {
    practitionerRoleId: row.id,
    accountId: row.account_id,
    username: row.username ?? '',
    version: row.version,
    active: row.active,
  };
}

/** Makes the code with which the person chooses a password; an earlier one is void, the present password stays good. */
export async function issueCode(
  { config }: Pick<Services, 'config'>,
  unit: Unit,
  member: Pick<LockedStaffMember, 'accountId' | 'practitionerRoleId' | 'username'>,
): Promise<ActivationCodeIssued> {
  const { code, hash } = newActivationCode(config.secrets.sessionSecret);
  const expiresAt = new Date(unit.now.getTime() + ACTIVATION_CODE_SECONDS * 1_000);
  await unit.tx
    .updateTable('account')
    .set({ activation_code_hash: hash, activation_expires_at: expiresAt })
    .where('id', '=', member.accountId)
    .execute();
  return {
    practitionerRoleId: PractitionerRoleId.parse(member.practitionerRoleId),
    username: member.username,
    code,
    expiresAt: expiresAt.toISOString(),
  };
}

/** As it is now, inside the transaction. */
export async function describeStaffMember(unit: Unit, practitionerRoleId: string): Promise<StaffMember> {
  const row = await selectStaff(unit.tx).where('role.id', '=', practitionerRoleId).executeTakeFirstOrThrow();
  return staffView(row, accountIdOf(unit.agent));
}
