import { AppError, InvitationId } from '@cloud-hospital/protocol';
import type { InviteColleagueInput, Specialist } from '@cloud-hospital/protocol/rest';
import { z } from 'zod';
import { topic } from '../../domain/topics.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { databaseNow } from '../../store/databaseNow.ts';
import { findSpecialists } from '../../store/specialists.ts';
import { runVisibleOnce } from '../denied.ts';
import { assertVisibleEncounter } from '../encounter/visibility.ts';
import { assertTakesVisit } from '../phoneVisit/assertPhoneVisits.ts';
import { specialistRole } from '../queue/ownQueue.ts';
import { lockInvitation, moveInvitation } from './invitations.ts';
import { lockRunningCall } from './runningCall.ts';
import { tellPeople } from './tellPeople.ts';

/** Of one call at the same time, ringing ones included. */
const MAX_OF_CALL = 3;
/** Who is there first, then who could be called away. */
const ORDER = ['available', 'in-call', 'break', 'off'] as const;

/** Whoever could be asked, of any hospital, whoever is there first. Nothing of any patient. */
export async function colleagues(
  { db }: Services,
  { agent }: ActorContext,
  filter: {
    readonly departmentCode?: string | undefined;
    readonly organizationId?: string | undefined;
    readonly name?: string | undefined;
  },
): Promise<{ colleagues: Specialist[] }> {
  const own = specialistRole(agent);
  const name = filter.name === '' ? undefined : filter.name;
  const found = await findSpecialists(db, { ...filter, name }, await databaseNow(db));
  return {
    colleagues: found
      .filter(({ practitionerRoleId }) => practitionerRoleId !== own)
      .toSorted((left, right) => ORDER.indexOf(left.availability) - ORDER.indexOf(right.availability)),
  };
}

async function assertColleague(unit: Unit, own: string, roleId: string): Promise<void> {
  const role = await unit.tx
    .selectFrom('practitioner_role')
    .select('id')
    .where('id', '=', roleId)
    .where('id', '!=', own)
    .where('role', '=', 'specialist')
    .where('active', '=', true)
    .executeTakeFirst();
  if (role === undefined) throw new AppError('BAD_REQUEST', { field: 'practitionerRoleId' });
}

/**
 * Rings at a colleague's console: for an opinion in this call, or to take it over. Until it is accepted nothing changes
 * and the colleague sees nothing of the chart.
 * @throws AppError NOT_FOUND, INVALID_TRANSITION without a running call or when they are asked already, LIMIT_REACHED,
 * BAD_REQUEST; NO_PHONE_VISITS of a transfer
 */
export const inviteColleague = (
  services: Services,
  context: ActorContext,
  input: z.infer<typeof InviteColleagueInput>,
): Promise<{ invitationId: InvitationId }> =>
  runVisibleOnce(
    services,
    context,
    { action: 'callPeople.inviteColleague', request: input, response: z.object({ invitationId: InvitationId }) },
    async (unit) => {
      const { encounterId, practitionerRoleId, purpose, reason, note } = input;
      const own = specialistRole(context.agent);
      if (purpose === 'transfer' && reason === undefined) throw new AppError('BAD_REQUEST', { field: 'reason' });
      const { patientId } = await lockRunningCall(unit, context.agent, 'colleague:invite', encounterId);
      await assertColleague(unit, own, practitionerRoleId);
      if (purpose === 'transfer') await assertTakesVisit(unit, encounterId, practitionerRoleId);
      const live = await unit.tx
        .selectFrom('call_invitation')
        .select(['to_role_id', 'purpose', 'state'])
        .where('encounter_id', '=', encounterId)
        .where('state', 'in', ['ringing', 'accepted'])
        .execute();
      const same = live.find((one) => one.to_role_id === practitionerRoleId);
      const isSecondTransfer = purpose === 'transfer' && live.some((one) => one.purpose === 'transfer');
      // Whoever is in the call already may be asked to take it over: the opinion ends with that.
      if (isSecondTransfer || (same !== undefined && (purpose === 'consult' || same.state === 'ringing'))) {
        throw new AppError('INVALID_TRANSITION', { entity: 'Invitation', reason: 'asked-already' });
      }
      if (live.length >= MAX_OF_CALL) throw new AppError('LIMIT_REACHED', { limit: 'colleagues', max: MAX_OF_CALL });
      const ringingUntil = new Date(unit.now.getTime() + services.config.RING_SECONDS * 1000);
      const { id } = await unit.tx
        .insertInto('call_invitation')
        .values({
          encounter_id: encounterId,
          purpose,
          from_role_id: own,
          to_role_id: practitionerRoleId,
          reason: purpose === 'transfer' ? (reason ?? null) : null,
          note,
          created_at: unit.now,
          ringing_until: ringingUntil,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      unit.schedule({ kind: 'call.invitation-timeout', subjectId: id, dueAt: ringingUntil });
      unit.audit({
        action: 'colleague:invite',
        entityKind: 'Encounter',
        entityId: encounterId,
        patientId,
        reason: reason ?? null,
        details: { purpose, practitionerRoleId },
      });
      await tellPeople(unit, encounterId, [topic.practitionerRole(practitionerRoleId)]);
      return { invitationId: InvitationId.parse(id) };
    },
  );

/** It rings no longer. @throws AppError NOT_FOUND, INVALID_TRANSITION when it was answered meanwhile */
export const withdrawInvitation = (
  services: Services,
  context: ActorContext,
  input: { readonly encounterId: string; readonly invitationId: string },
): Promise<Record<string, never>> =>
  runVisibleOnce(
    services,
    context,
    { action: 'callPeople.withdrawInvitation', request: input, response: z.strictObject({}) },
    async (unit) => {
      const { patientId } = await assertVisibleEncounter(unit, context.agent, 'colleague:invite', input.encounterId);
      const invitation = await lockInvitation(unit, input.invitationId);
      if (invitation === undefined || invitation.encounterId !== input.encounterId) throw new AppError('NOT_FOUND');
      await moveInvitation(unit, invitation, 'withdrawn');
      unit.audit({ action: 'colleague:withdraw', entityKind: 'Encounter', entityId: input.encounterId, patientId });
      return {};
    },
  );
