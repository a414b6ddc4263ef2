import { PeerId } from '@cloud-hospital/protocol';
import { type Kysely, sql } from 'kysely';
import type { PeerClaim } from '../domain/peerVerdict.ts';
import { type RoomPin, toPin } from './roomPin.ts';
import type { Database } from './schema.ts';

/** A participant, where its room is, and what is remembered of it. */
export interface ClaimRow {
  readonly pin: RoomPin;
  readonly peerId: PeerId;
  readonly claim: PeerClaim;
  readonly connected: boolean;
}

/** These rooms, and the open ones that are pinned to this node. */
export interface ClaimScope {
  readonly roomIds: readonly string[];
  readonly nodeId: string;
  readonly incarnation: string;
}

const roomsOf = (db: Kysely<Database>, { roomIds, nodeId, incarnation }: ClaimScope) =>
  db
    .selectFrom('room')
    .select('id')
    .where('id', '=', sql<string>`ANY(${[...roomIds]}::uuid[])`)
    .union(
      db
        .selectFrom('room')
        .select('id')
        .where('node_id', '=', nodeId)
        .where('node_incarnation', '=', incarnation)
        .where('closed_at', 'is', null),
    );

/** Reads what decides who may be in the rooms of a node, in one query. */
export const readPeerClaims = async (db: Kysely<Database>, scope: ClaimScope): Promise<ClaimRow[]> =>
  (await selectClaims(db).where('room.id', 'in', roomsOf(db, scope)).execute()).map(toClaimRow);

/** The same of one encounter's room. */
export const readRoomClaims = async (db: Kysely<Database>, encounterId: string): Promise<ClaimRow[]> =>
  (await selectClaims(db).where('room.encounter_id', '=', encounterId).execute()).map(toClaimRow);

const selectClaims = (db: Kysely<Database>) =>
  db
    .selectFrom('room')
    .innerJoin('encounter', 'encounter.id', 'room.encounter_id')
    .innerJoin('participant', 'participant.encounter_id', 'room.encounter_id')
    .leftJoin('queue_entry', (join) =>
      join
        .onRef('queue_entry.encounter_id', '=', 'room.encounter_id')
        .on('queue_entry.state', 'in', ['waiting', 'called', 'serving']),
    )
    .leftJoin('session', 'session.id', 'participant.session_id')
    .leftJoin('guest_link', 'guest_link.id', 'participant.guest_link_id')
    .leftJoin('call_invitation', (join) =>
      join
        .onRef('call_invitation.encounter_id', '=', 'room.encounter_id')
        .onRef('call_invitation.to_role_id', '=', 'participant.practitioner_role_id')
        .on('call_invitation.state', '=', 'accepted'),
    )
    .leftJoin('device', 'device.id', 'participant.device_id')
    .leftJoin('practitioner_role', 'practitioner_role.id', 'participant.practitioner_role_id')
    .select([
      'room.id',
      'room.encounter_id',
      'room.epoch',
      'room.node_id',
      'room.node_incarnation',
      'room.closed_at',
      'room.held_at',
      'encounter.status as encounter_status',
      'encounter.device_id as encounter_device_id',
      'encounter.by_phone',
      'encounter.practitioner_role_id as encounter_role_id',
      'encounter.ready_at',
      'participant.id as participant_id',
      'participant.role',
      'participant.device_id',
      'participant.practitioner_role_id',
      'participant.guest_link_id',
      'participant.patient_id',
      'guest_link.ended_at as link_ended_at',
      'call_invitation.id as invitation_id',
      'participant.connected',
      'participant.removed_at',
      'queue_entry.state as entry_state',
      'queue_entry.called_by',
      'session.revoke_reason',
      'device.status as device_status',
      'practitioner_role.active as role_active',
      sql<boolean>`participant.patient_id IS NOT NULL AND takes_part_by_phone(session.account_id, encounter.id)`.as(
        'takes_part',
      ),
      sql<number | null>`(extract(epoch FROM now() - session.revoked_at) * 1000)::float8`.as('revoked_for_ms'),
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof selectClaims>['executeTakeFirstOrThrow']>>;

function toClaimRow(row: Row): ClaimRow {
  return {
    pin: toPin(row),
    peerId: PeerId.parse(row.participant_id),
    connected: row.connected,
    claim: {
      facts: {
        encounterStatus: row.encounter_status,
        deviceId: row.encounter_device_id,
        byPhone: row.by_phone,
        practitionerRoleId: row.encounter_role_id,
        ready: row.ready_at !== null,
        entryState: activeState(row.entry_state),
        calledBy: row.called_by,
        held: row.held_at !== null,
      },
      roomClosed: row.closed_at !== null,
      removed: row.removed_at !== null,
      isSpecialist: row.role === 'specialist',
      guest: row.guest_link_id === null ? null : { linkIsGood: row.link_ended_at === null },
      phone: row.patient_id === null ? null : { takesPart: row.takes_part },
      invited: row.invitation_id !== null,
      deviceId: row.device_id,
      practitionerRoleId: row.practitioner_role_id,
      session: row.revoked_for_ms === null ? null : { revokedForMs: row.revoked_for_ms, reason: row.revoke_reason },
      standingLost: row.device_status === 'revoked' || row.role_active === false,
    },
  };
}

/** The join asks for active entries only; the column's type doesn't know that. */
export const activeState = (state: string | null): 'waiting' | 'called' | 'serving' | null =>
  state === 'waiting' || state === 'called' || state === 'serving' ? state : null;
