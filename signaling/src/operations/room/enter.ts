import { AppError, type EncounterId, PeerId } from '@cloud-hospital/protocol';
import type { PeerRights } from '@cloud-hospital/protocol/sfu';
import type { Actor } from '../../domain/Actor.ts';
import { accessOf } from '../../domain/peerVerdict.ts';
import type { RoomFacts } from '../../domain/roomAccess.ts';
import { topic } from '../../domain/topics.ts';
import { takesPartByPhone } from '../../store/family.ts';
import { activeState } from '../../store/peerClaims.ts';
import type { RoomPin } from '../../store/roomPin.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import type { Tx } from '../../store/database.ts';
import { hiddenError, runVisible } from '../denied.ts';
import { lockOpenRoom } from './lockOpenRoom.ts';
import type { RoomServices } from './RoomServices.ts';

/** A participant's place in an encounter's room. The peerId stays the same through every reconnection. */
export interface Membership {
  readonly encounterId: EncounterId;
  readonly peerId: PeerId;
  readonly rights: PeerRights;
  /** Rises with each (re)attachment of a socket; the newest is heard. */
  readonly attachment: number;
  readonly instanceId: string;
  readonly sessionId: string;
  readonly pin: RoomPin;
  readonly heldAt: Date | null;
}

export interface EnterInput {
  readonly encounterId: EncounterId;
  readonly instanceId: string;
}

interface Entering extends EnterInput {
  readonly rights: PeerRights;
  readonly how: 'joined' | 'attached';
}

interface Found {
  readonly facts: RoomFacts;
  readonly patientId: string;
  readonly locationName: string;
  readonly patientName: string;
  /** Accepted an invitation into this call. */
  readonly invited: boolean;
}

/**
 * Authorises the actor for the room of an encounter and attaches this tab to its participant, in one transaction.
 * Another tab of the same participant is told that it lost the call, wherever it is connected.
 *
 * @throws AppError NOT_FOUND for a foreign or missing encounter, NOT_READY, FORBIDDEN for another terminal,
 * INVALID_TRANSITION after the end
 */
export async function enterRoom(
  services: RoomServices,
  context: ActorContext,
  { encounterId, instanceId }: EnterInput,
  how: 'joined' | 'attached',
): Promise<Membership> {
  const { agent } = context;
  return runVisible(services, context, async (unit) => {
    const found = await findVisible(unit.tx, agent, encounterId);
    if (found === undefined) throw await hidden(unit.tx, encounterId);
    const access = accessOf({
      facts: found.facts,
      // What isn't good any more has no session.
      guest: agent.guestLinkId === null ? null : { linkIsGood: true },
      // The query found it for this account.
      phone: agent.role === 'resident' ? { takesPart: true } : null,
      isSpecialist: agent.role === 'specialist',
      practitionerRoleId: agent.practitionerRoleId,
      invited: found.invited,
      deviceId: agent.deviceId,
    });
    if (!access.allowed) throw new AppError(access.code, { reason: access.reason });
    const { pin, heldAt } = await lockOpenRoom(unit.tx, encounterId);
    const participant = await attachParticipant(unit, agent, found, {
      encounterId,
      instanceId,
      rights: access.rights,
      how,
    });
    await unit.tx
      .insertInto('presence_event')
      .values({
        encounter_id: encounterId,
        participant_id: participant.id,
        kind: how,
        detail: JSON.stringify({ attachment: participant.attachment, practitionerRoleId: agent.practitionerRoleId }),
      })
      .execute();
    // A guest alone is no consultation.
    if (agent.guestLinkId === null) unit.cancelJobs('encounter.park', encounterId);
    unit.audit({
      action: 'room:join',
      entityKind: 'Encounter',
      entityId: encounterId,
      patientId: found.patientId,
      details: { how, rights: access.rights },
    });
    return {
      encounterId,
      peerId: PeerId.parse(participant.id),
      rights: access.rights,
      attachment: participant.attachment,
      instanceId,
      sessionId: agent.sessionId,
      pin,
      heldAt,
    };
  });
}

/** The encounter, if the actor is related to it at all: own clinic, assigned, asked into it, a guest's own, or a resident's by phone. */
async function findVisible(tx: Tx, agent: Actor, encounterId: string): Promise<Found | undefined> {
  const row = await tx
    .selectFrom('encounter')
    .innerJoin('location', 'location.id', 'encounter.location_id')
    .innerJoin('patient', 'patient.id', 'encounter.patient_id')
    .innerJoin('room', 'room.encounter_id', 'encounter.id')
    .leftJoin('call_invitation', (join) =>
      join
        .onRef('call_invitation.encounter_id', '=', 'encounter.id')
        .on('call_invitation.to_role_id', '=', agent.practitionerRoleId)
        .on('call_invitation.state', '=', 'accepted'),
    )
    .leftJoin('queue_entry', (join) =>
      join
        .onRef('queue_entry.encounter_id', '=', 'encounter.id')
        .on('queue_entry.state', 'in', ['waiting', 'called', 'serving']),
    )
    .select([
      'encounter.status',
      'encounter.device_id',
      'encounter.by_phone',
      'encounter.practitioner_role_id',
      'encounter.patient_id',
      'encounter.ready_at',
      'location.name_zh',
      'patient.name as patient_name',
      'queue_entry.state',
      'queue_entry.called_by',
      'room.held_at',
      'call_invitation.id as invitation_id',
    ])
    .where('encounter.id', '=', encounterId)
    .where((eb) => {
      if (agent.role === 'guest') {
        const good = eb
          .selectFrom('guest_link')
          .select('guest_link.id')
          .where('guest_link.id', '=', agent.guestLinkId)
          .whereRef('guest_link.encounter_id', '=', 'encounter.id')
          .where('guest_link.ended_at', 'is', null);
        return eb.exists(good);
      }
      if (agent.role === 'resident') return takesPartByPhone(agent.userId, 'encounter.id');
      if (agent.role !== 'specialist') return eb('encounter.location_id', '=', agent.locationId);
      return eb.or([
        eb('encounter.practitioner_role_id', '=', agent.practitionerRoleId),
        eb('queue_entry.called_by', '=', agent.practitionerRoleId),
        eb('call_invitation.id', 'is not', null),
      ]);
    })
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    patientId: row.patient_id,
    locationName: row.name_zh,
    patientName: row.patient_name,
    invited: row.invitation_id !== null,
    facts: {
      encounterStatus: row.status,
      deviceId: row.device_id,
      byPhone: row.by_phone,
      practitionerRoleId: row.practitioner_role_id,
      ready: row.ready_at !== null,
      entryState: activeState(row.state),
      calledBy: row.called_by,
      held: row.held_at !== null,
    },
  };
}

/** Trying a foreign encounter leaves a trace; a made-up id does not. */
async function hidden(tx: Tx, encounterId: string): Promise<AppError> {
  const exists = await tx.selectFrom('encounter').select('patient_id').where('id', '=', encounterId).executeTakeFirst();
  return hiddenError(exists !== undefined, {
    action: 'room:join',
    entityKind: 'Encounter',
    entityId: encounterId,
    patientId: exists?.patient_id ?? null,
  });
}

async function attachParticipant(
  unit: Unit,
  agent: Actor,
  found: Found,
  { encounterId, instanceId, rights, how }: Entering,
): Promise<{ id: string; attachment: number }> {
  // The terminal is the participant, whoever of the staff sits there; the presence event says who.
  const { deviceId } = agent;
  const isSpecialist = agent.role === 'specialist';
  const nobody = { device_id: null, practitioner_role_id: null, guest_link_id: null, patient_id: null };
  const key =
    agent.guestLinkId !== null
      ? { ...nobody, guest_link_id: agent.guestLinkId }
      : agent.role === 'resident'
        ? { ...nobody, patient_id: found.patientId }
        : deviceId !== null && !isSpecialist
          ? { ...nobody, device_id: deviceId }
          : { ...nobody, practitioner_role_id: agent.practitionerRoleId };
  const present = {
    rights,
    instance_id: instanceId,
    session_id: agent.sessionId,
    connected: true,
    disconnected_at: null,
    removed_at: null,
    // Whoever joins says anew what they show, where it isn't what is expected.
    ...(how === 'joined' ? { shows: null } : {}),
  };
  const earlier = await unit.tx
    .selectFrom('participant')
    .select(['id', 'instance_id'])
    .where('encounter_id', '=', encounterId)
    .where('device_id', 'is not distinct from', key.device_id)
    .where('practitioner_role_id', 'is not distinct from', key.practitioner_role_id)
    .where('guest_link_id', 'is not distinct from', key.guest_link_id)
    .where('patient_id', 'is not distinct from', key.patient_id)
    .executeTakeFirst();
  if (earlier === undefined) {
    return unit.tx
      .insertInto('participant')
      .values({
        encounter_id: encounterId,
        role: key.device_id === null ? agent.role : 'terminal',
        // Whoever's account it is, the patient sits before the phone.
        display_name:
          key.patient_id !== null ? found.patientName : key.device_id === null ? agent.name : found.locationName,
        attachment: 1,
        ...key,
        ...present,
      })
      .returning(['id', 'attachment'])
      .executeTakeFirstOrThrow();
  }
  if (earlier.instance_id !== null && earlier.instance_id !== instanceId) {
    unit.emit([topic.instance(earlier.instance_id)], 'call:ended', { encounterId, reason: 'attached-elsewhere' });
  }
  return unit.tx
    .updateTable('participant')
    .set((eb) => ({ ...present, attachment: eb('attachment', '+', 1) }))
    .where('id', '=', earlier.id)
    .returning(['id', 'attachment'])
    .executeTakeFirstOrThrow();
}
