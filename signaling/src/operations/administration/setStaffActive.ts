import { AppError } from '@cloud-hospital/protocol';
import { type StaffActiveInput, StaffMember } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { assertAndLockOther, describeStaffMember } from './staffMember.ts';

/**
 * Withdraws a role, or gives it back. A withdrawn one ends its sessions at once, and with them sockets and media; what
 * the person signed stays theirs.
 * @throws AppError NOT_FOUND, FORBIDDEN with reason `self`, VERSION_CONFLICT
 */
export function setStaffActive(
  { commands, sessions }: Services,
  context: ActorContext,
  input: z.infer<typeof StaffActiveInput>,
): Promise<StaffMember> {
  return commands.runOnce(
    context,
    { action: 'administration.setStaffActive', request: input, response: StaffMember },
    async (unit) => {
      const member = await assertAndLockOther(unit, input.practitionerRoleId);
      if (member.version !== input.version) throw new AppError('VERSION_CONFLICT');
      const { practitionerRoleId } = member;
      await unit.tx
        .updateTable('practitioner_role')
        .set({ active: input.active, version: member.version + 1 })
        .where('id', '=', practitionerRoleId)
        .execute();
      const ended = input.active ? 0 : await sessions.end(unit, { practitionerRoleId }, 'role-removed');
      unit.audit({
        action: input.active ? 'staff:restore-role' : 'staff:withdraw-role',
        entityKind: 'PractitionerRole',
        entityId: practitionerRoleId,
        details: { sessions: ended },
      });
      return describeStaffMember(unit, practitionerRoleId);
    },
  );
}
