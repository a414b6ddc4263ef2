import { AppError, EncounterId, type PeerId } from '@cloud-hospital/protocol';
import { topic } from '../../domain/topics.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { runVisible } from '../denied.ts';
import { assertVisibleEncounter } from '../encounter/visibility.ts';
import { endGuestLink } from './guestLinks.ts';
import { lockInvitation, moveInvitation } from './invitations.ts';

/**
 * Puts a guest, or an invited colleague, out of the call for good: the link is dead, the invitation over. Bringing the
 * media node in line with it is the caller's. Safe to repeat.
 * @throws AppError NOT_FOUND, FORBIDDEN for terminal and responsible specialist, and for staff who mean a colleague
 */
export const removeParticipant = (
  services: Services,
  context: ActorContext,
  { encounterId, peerId }: { readonly encounterId: EncounterId; readonly peerId: PeerId },
): Promise<void> =>
  runVisible(services, context, async (unit) => {
    const { patientId } = await assertVisibleEncounter(unit, context.agent, 'participant:remove', encounterId);
    const row = await unit.tx
      .selectFrom('participant')
      .select(['guest_link_id', 'practitioner_role_id'])
      .where('id', '=', peerId)
      .where('encounter_id', '=', encounterId)
      .forUpdate()
      .executeTakeFirst();
    if (row === undefined) throw new AppError('NOT_FOUND');
    const audit = (who: string): void =>
      unit.audit({
        action: 'participant:remove',
        entityKind: 'Encounter',
        entityId: encounterId,
        patientId,
        details: { participantId: peerId, who },
      });
    const about = { encounterId: EncounterId.parse(encounterId), reason: 'removed' as const };
    if (row.guest_link_id !== null) {
      if (!(await endGuestLink(unit, row.guest_link_id, 'removed'))) return;
      unit.emit([topic.guest(row.guest_link_id)], 'call:ended', about);
      audit('guest');
      return;
    }
    const invited = await unit.tx
      .selectFrom('call_invitation')
      .select('id')
      .where('encounter_id', '=', encounterId)
      .where('to_role_id', '=', row.practitioner_role_id)
      .where('state', '=', 'accepted')
      .executeTakeFirst();
    const invitation = invited === undefined ? undefined : await lockInvitation(unit, invited.id);
    if (invitation === undefined || context.agent.role !== 'specialist') throw new AppError('FORBIDDEN');
    await moveInvitation(unit, invitation, 'ended');
    unit.emit([topic.practitionerRole(invitation.toRoleId)], 'call:ended', about);
    audit('colleague');
  });
