import { EncounterId, GuestLinkId, InvitationId } from '@cloud-hospital/protocol';
import type { CallPeople, IncomingInvitation } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import { maskPhone } from '../../domain/masking.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { loadRefs } from '../../store/refs.ts';
import { runVisible } from '../denied.ts';
import { assertVisibleEncounter } from '../encounter/visibility.ts';
import { specialistRole } from '../queue/ownQueue.ts';
import { guestAddress, guestToken, liveGuestLinks } from './guestLinks.ts';

/** Whoever declined or didn't answer is shown so long. */
const REMEMBERED = sql<Date>`now() - interval '5 minutes'`;

/** Who could still come into the call. Names and phones, nothing clinical; whoever is in it is in the room. @throws AppError NOT_FOUND */
export const describePeople = (
  services: Services,
  context: ActorContext & { readonly publicOrigin: string },
  { encounterId }: { readonly encounterId: string },
): Promise<CallPeople> =>
  runVisible(services, context, async (unit) => {
    await assertVisibleEncounter(unit, context.agent, 'people:read', encounterId);
    const [room, links, invitations] = await Promise.all([
      unit.tx.selectFrom('room').select('held_at').where('encounter_id', '=', encounterId).executeTakeFirst(),
      liveGuestLinks(unit, encounterId).execute(),
      unit.tx
        .selectFrom('call_invitation')
        .selectAll()
        .where('encounter_id', '=', encounterId)
        .where((eb) =>
          eb.or([
            eb('state', 'in', ['ringing', 'accepted']),
            eb.and([eb('state', 'in', ['declined', 'unanswered']), eb('ended_at', '>', REMEMBERED)]),
          ]),
        )
        .orderBy('created_at')
        .execute(),
    ]);
    const refs = await loadRefs(unit.tx, { specialists: invitations.map((row) => row.to_role_id) }, unit.now);
    return {
      encounterId: EncounterId.parse(encounterId),
      heldSince: room?.held_at?.toISOString() ?? null,
      invitations: invitations.map((row) => ({
        invitationId: InvitationId.parse(row.id),
        encounterId: EncounterId.parse(row.encounter_id),
        purpose: row.purpose,
        state: row.state,
        reason: row.reason,
        colleague: refs.specialist(row.to_role_id),
        invitedAt: row.created_at.toISOString(),
        ringingUntil: row.ringing_until.toISOString(),
      })),
      guests: links.map((row) => ({
        guestLinkId: GuestLinkId.parse(row.id),
        kind: row.kind,
        name: row.guest_name,
        phoneMasked: row.phone === null ? null : maskPhone(row.phone),
        openUntil: row.open_until.toISOString(),
        openedAt: row.opened_at?.toISOString() ?? null,
        link: row.opened_at === null ? guestAddress(context.publicOrigin, guestToken(services, row.id)) : null,
      })),
    };
  });

/** What rings for the specialist who asks, and the call they were asked into and are in. */
export const incomingInvitations = (
  services: Services,
  context: ActorContext,
): Promise<{ invitations: IncomingInvitation[] }> =>
  services.commands.run(context, async (unit) => {
    const rows = await unit.tx
      .selectFrom('call_invitation as invitation')
      .innerJoin('encounter', 'encounter.id', 'invitation.encounter_id')
      .innerJoin('patient', 'patient.id', 'encounter.patient_id')
      .innerJoin('location', 'location.id', 'encounter.location_id')
      .selectAll('invitation')
      .select(['patient.name as patient', 'location.name_zh', 'location.name_en', 'location.phone as clinic_phone'])
      .where('invitation.to_role_id', '=', specialistRole(context.agent))
      .where((eb) =>
        eb.or([
          eb('invitation.state', '=', 'accepted'),
          eb.and([eb('invitation.state', '=', 'ringing'), eb('invitation.ringing_until', '>', unit.now)]),
        ]),
      )
      .orderBy('invitation.created_at')
      .execute();
    const refs = await loadRefs(unit.tx, { specialists: rows.map((row) => row.from_role_id) }, unit.now);
    return {
      invitations: rows.map((row) => ({
        invitationId: InvitationId.parse(row.id),
        encounterId: EncounterId.parse(row.encounter_id),
        purpose: row.purpose,
        state: row.state,
        reason: row.reason,
        from: refs.specialist(row.from_role_id),
        note: row.note,
        clinicName: { zh: row.name_zh, en: row.name_en },
        clinicPhone: row.clinic_phone,
        patientName: row.state === 'accepted' ? row.patient : null,
        invitedAt: row.created_at.toISOString(),
        ringingUntil: row.ringing_until.toISOString(),
      })),
    };
  });
