import type { ActivationCodeIssued } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { assertAndLockOther, issueCode } from './staffMember.ts';

/**
 * Another code for somebody who lost the first one or forgot the password. Not remembered under an idempotency key,
 * since the answer is a secret: a repetition makes another code.
 * @throws AppError NOT_FOUND, FORBIDDEN with reason `self`
 */
export function issueActivationCode(
  services: Services,
  context: ActorContext,
  input: { practitionerRoleId: string },
): Promise<ActivationCodeIssued> {
  return services.commands.run(context, async (unit) => {
    const member = await assertAndLockOther(unit, input.practitionerRoleId);
    unit.audit({
      action: 'staff:issue-activation-code',
      entityKind: 'PractitionerRole',
      entityId: member.practitionerRoleId,
    });
    return issueCode(services, unit, member);
  });
}
