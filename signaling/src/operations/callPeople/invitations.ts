import { AppError, EncounterId } from '@cloud-hospital/protocol';
import {
  canTransition,
  INVITATION_TRANSITIONS,
  type InvitationPurpose,
  type InvitationState,
} from '@cloud-hospital/protocol/states';
import { sql } from 'kysely';
import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';
import type { HandOverReason } from '@cloud-hospital/protocol/rest';
import { tellPeople } from './tellPeople.ts';

/** An invitation as the transaction holds it. */
export interface LockedInvitation {
  readonly id: string;
  readonly encounterId: string;
  readonly purpose: InvitationPurpose;
  readonly fromRoleId: string;
  readonly toRoleId: string;
  readonly reason: HandOverReason | null;
  readonly state: InvitationState;
  readonly ringingUntil: Date;
}

export const lockInvitation = (unit: Unit, id: string): Promise<LockedInvitation | undefined> =>
  unit.tx
    .selectFrom('call_invitation')
    .select([
      'id',
      'encounter_id as encounterId',
      'purpose',
      'from_role_id as fromRoleId',
      'to_role_id as toRoleId',
      'reason',
      'state',
      'ringing_until as ringingUntil',
    ])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();

/** Moves it by the table and tells everybody whom it concerns. @throws AppError INVALID_TRANSITION */
export async function moveInvitation(unit: Unit, invitation: LockedInvitation, to: InvitationState): Promise<void> {
  if (!canTransition(INVITATION_TRANSITIONS, invitation.state, to)) {
    throw new AppError('INVALID_TRANSITION', { entity: 'Invitation', from: invitation.state, to });
  }
  const isOver = to !== 'accepted';
  await unit.tx
    .updateTable('call_invitation')
    .set({
      state: to,
      ...(invitation.state === 'ringing' ? { answered_at: unit.now } : {}),
      ...(isOver ? { ended_at: unit.now } : {}),
    })
    .where('id', '=', invitation.id)
    .execute();
  unit.cancelJobs('call.invitation-timeout', invitation.id);
  if (invitation.state === 'accepted') await letGo(unit, invitation);
  const colleague = topic.practitionerRole(invitation.toRoleId);
  await tellPeople(unit, invitation.encounterId, [colleague]);
}

/** The colleague is out of the call, and free again. */
async function letGo(unit: Unit, { encounterId, toRoleId }: LockedInvitation): Promise<void> {
  await unit.tx
    .updateTable('participant')
    .set({ removed_at: unit.now, rights: 'parked' })
    .where('encounter_id', '=', encounterId)
    .where('practitioner_role_id', '=', toRoleId)
    .where('removed_at', 'is', null)
    .execute();
  await freeColleagues(unit, [toRoleId]);
}

/**
 * Their queues need not be locked: whoever is in somebody's call can't call, so nothing of their own is under way.
 */
export async function freeColleagues(unit: Unit, roleIds: readonly string[]): Promise<void> {
  if (roleIds.length === 0) return;
  const freed = await unit.tx
    .updateTable('availability')
    .set((eb) => ({ state: 'available', changed_at: unit.now, version: eb('version', '+', 1) }))
    .where('practitioner_role_id', 'in', [...roleIds])
    .where('state', '=', 'in-call')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('queue_entry')
            .select(sql`1`.as('one'))
            .whereRef('queue_entry.called_by', '=', 'availability.practitioner_role_id')
            .where('queue_entry.state', 'in', ['called', 'serving']),
        ),
      ),
    )
    .returning(['practitioner_role_id', 'version'])
    .execute();
  for (const { practitioner_role_id: roleId, version } of freed) {
    unit.emit([topic.practitionerRole(roleId)], 'availability:changed', { version });
  }
}

/**
 * The visit is over: whoever was asked in, or came by a link, has no right to its room any more. To be called before
 * the room's end is told.
 */
export async function endVisitors(unit: Unit, encounterId: string): Promise<void> {
  const [invitations, links] = await Promise.all([
    unit.tx
      .updateTable('call_invitation')
      .set({
        state: sql<InvitationState>`CASE state WHEN 'ringing' THEN 'withdrawn' ELSE 'ended' END`,
        ended_at: unit.now,
      })
      .where('encounter_id', '=', encounterId)
      .where('state', 'in', ['ringing', 'accepted'])
      .returning(['id', 'to_role_id'])
      .execute(),
    unit.tx
      .updateTable('guest_link')
      .set({ ended_at: unit.now, end_reason: 'call-ended' })
      .where('encounter_id', '=', encounterId)
      .where('ended_at', 'is', null)
      .returning('id')
      .execute(),
  ]);
  for (const { id } of invitations) unit.cancelJobs('call.invitation-timeout', id);
  const colleagues = invitations.map(({ to_role_id: roleId }) => roleId);
  await freeColleagues(unit, colleagues);
  const visitors = [...colleagues.map(topic.practitionerRole), ...links.map(({ id }) => topic.guest(id))];
  if (visitors.length === 0) return;
  const about = { encounterId: EncounterId.parse(encounterId) };
  unit.emit(visitors, 'call:ended', { ...about, reason: 'finished' });
  unit.emit(visitors, 'people:changed', about);
}

/** In somebody else's call nobody calls their own people. @throws AppError ALREADY_CALLED */
export async function assertInNoCall(unit: Unit, practitionerRoleId: string): Promise<void> {
  const other = await unit.tx
    .selectFrom('call_invitation')
    .select('encounter_id')
    .where('to_role_id', '=', practitionerRoleId)
    .where('state', '=', 'accepted')
    .executeTakeFirst();
  if (other !== undefined) throw new AppError('ALREADY_CALLED', { encounterId: other.encounter_id });
}
