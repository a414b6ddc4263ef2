import { StaffMember } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { assertAndLockOther, describeStaffMember } from './staffMember.ts';

/**
 * The phone with the authenticator is lost: its secret and the backup codes are forgotten, and all sessions end. The next
 * sign-in can do nothing but enrol another one.
 * @throws AppError NOT_FOUND, FORBIDDEN with reason `self`
 */
export function resetSecondFactor(
  { commands, sessions }: Services,
  context: ActorContext,
  input: { practitionerRoleId: string },
): Promise<StaffMember> {
  return commands.runOnce(
    context,
    { action: 'administration.resetSecondFactor', request: input, response: StaffMember },
    async (unit) => {
      const { accountId, practitionerRoleId } = await assertAndLockOther(unit, input.practitionerRoleId);
      await unit.tx
        .updateTable('account')
        .set({
          totp_secret: null,
          totp_pending_secret: null,
          totp_confirmed_at: null,
          totp_last_step: null,
          backup_code_hashes: [],
        })
        .where('id', '=', accountId)
        .execute();
      const ended = await sessions.end(unit, { accountId }, 'revoked');
      unit.audit({
        action: 'staff:reset-second-factor',
        entityKind: 'PractitionerRole',
        entityId: practitionerRoleId,
        details: { sessions: ended },
      });
      return describeStaffMember(unit, practitionerRoleId);
    },
  );
}
