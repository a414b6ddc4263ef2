import { AppError } from '@cloud-hospital/protocol';
import { z } from 'zod';
import type { Services } from '../../Services.ts';
import type { Actor } from '../../domain/Actor.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { hiddenError, runVisibleOnce } from '../denied.ts';
import { bumpQueue, lockQueueOf, moveAvailability } from '../queue/lockQueue.ts';
import { currentCallOf } from '../queue/moveEntry.ts';
import { assertNoCall, specialistRole } from '../queue/ownQueue.ts';
import { assertInNoCall, type LockedInvitation, lockInvitation, moveInvitation } from './invitations.ts';
import { takeOverCall } from './takeOverCall.ts';

type Input = { readonly invitationId: string };
const nothing = z.strictObject({});

/** One's own invitation. @throws AppError NOT_FOUND for somebody else's */
async function lockOwnInvitation(unit: Unit, actor: Actor, invitationId: string): Promise<LockedInvitation> {
  const own = specialistRole(actor);
  const invitation = await lockInvitation(unit, invitationId);
  if (invitation?.toRoleId === own) return invitation;
  throw hiddenError(invitation !== undefined, {
    action: 'invitation:answer',
    entityKind: 'Invitation',
    entityId: invitationId,
  });
}

async function auditAnswer(unit: Unit, action: string, { encounterId, purpose }: LockedInvitation): Promise<void> {
  const { patient_id: patientId } = await unit.tx
    .selectFrom('encounter')
    .select('patient_id')
    .where('id', '=', encounterId)
    .executeTakeFirstOrThrow();
  unit.audit({ action, entityKind: 'Encounter', entityId: encounterId, patientId, details: { purpose } });
}

/** Into the room as a further specialist; the chart opens with it. */
async function joinCall(unit: Unit, actor: Actor, invitation: LockedInvitation): Promise<void> {
  const queue = await lockQueueOf(unit, invitation.toRoleId);
  assertNoCall(await currentCallOf(unit, queue));
  await assertInNoCall(unit, invitation.toRoleId);
  const { encounterId } = invitation;
  const room = await unit.tx
    .selectFrom('room')
    .select('closed_at')
    .where('encounter_id', '=', encounterId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  if (room.closed_at !== null) throw new AppError('INVALID_TRANSITION', { entity: 'Call', reason: 'ended' });
  await unit.tx
    .insertInto('participant')
    .values({
      encounter_id: encounterId,
      role: 'specialist',
      practitioner_role_id: invitation.toRoleId,
      display_name: actor.name,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['encounter_id', 'practitioner_role_id'])
        .where('practitioner_role_id', 'is not', null)
        .doUpdateSet({ removed_at: null }),
    )
    .execute();
  // Whoever waits for them is told an honest time meanwhile. A break, or being off, stays what it is.
  if (queue.availability === 'available') {
    await moveAvailability(unit, queue, 'in-call');
    await bumpQueue(unit, queue);
  }
  await moveInvitation(unit, invitation, 'accepted');
}

/**
 * The colleague takes part, or takes the call over.
 * @throws AppError NOT_FOUND, ALREADY_CALLED while in a call of one's own, INVALID_TRANSITION when it no longer rings
 */
export const acceptInvitation = (
  services: Services,
  context: ActorContext,
  input: Input,
): Promise<Record<string, never>> =>
  runVisibleOnce(
    services,
    context,
    { action: 'callPeople.accept', request: input, response: nothing },
    async (unit) => {
      const actor = context.agent;
      // Queues are locked before what lies in them; so the invitation is looked at twice.
      const found = await unit.tx
        .selectFrom('call_invitation')
        .select(['purpose', 'to_role_id', 'encounter_id'])
        .where('id', '=', input.invitationId)
        .executeTakeFirst();
      const isTransfer = found?.purpose === 'transfer' && found.to_role_id === actor.practitionerRoleId;
      const seats = isTransfer ? await takeOverCall(unit, found.encounter_id, found.to_role_id) : null;
      const invitation = await lockOwnInvitation(unit, actor, input.invitationId);
      if (invitation.state !== 'ringing' || invitation.ringingUntil <= unit.now) {
        throw new AppError('INVALID_TRANSITION', { entity: 'Invitation', from: invitation.state, to: 'accepted' });
      }
      if (seats === null) await joinCall(unit, actor, invitation);
      else await seats(invitation);
      await auditAnswer(unit, isTransfer ? 'call:take-over' : 'invitation:accept', invitation);
      return {};
    },
  );

/** @throws AppError NOT_FOUND, INVALID_TRANSITION when it no longer rings */
export const declineInvitation = (
  services: Services,
  context: ActorContext,
  input: Input,
): Promise<Record<string, never>> =>
  runVisibleOnce(
    services,
    context,
    { action: 'callPeople.decline', request: input, response: nothing },
    async (unit) => {
      const invitation = await lockOwnInvitation(unit, context.agent, input.invitationId);
      await moveInvitation(unit, invitation, 'declined');
      await auditAnswer(unit, 'invitation:decline', invitation);
      return {};
    },
  );

/** The colleague's part in the call is over; safe to repeat. @throws AppError NOT_FOUND, INVALID_TRANSITION before it began */
export const leaveAsColleague = (
  services: Services,
  context: ActorContext,
  input: Input,
): Promise<Record<string, never>> =>
  runVisibleOnce(services, context, { action: 'callPeople.leave', request: input, response: nothing }, async (unit) => {
    const invitation = await lockOwnInvitation(unit, context.agent, input.invitationId);
    if (invitation.state === 'ended') return {};
    await moveInvitation(unit, invitation, 'ended');
    await auditAnswer(unit, 'invitation:leave', invitation);
    return {};
  });

/** Job `call.invitation-timeout`: nobody answered. @returns false when somebody did meanwhile */
export async function expireInvitation(unit: Unit, invitationId: string): Promise<boolean> {
  const invitation = await lockInvitation(unit, invitationId);
  if (invitation?.state !== 'ringing') return false;
  await moveInvitation(unit, invitation, 'unanswered');
  await auditAnswer(unit, 'invitation:unanswered', invitation);
  return true;
}
