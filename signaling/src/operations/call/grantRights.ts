import { AppError, type EncounterId, PeerId } from '@cloud-hospital/protocol';
import type { PeerRights } from '@cloud-hospital/protocol/sfu';
import type { ConsumerInfo } from '@cloud-hospital/protocol/socket';
import { toPin } from '../../store/roomPin.ts';
import type { RoomServices } from '../room/RoomServices.ts';

/** What the media node granted one peer. */
export interface Granted {
  readonly address: { readonly roomId: ReturnType<typeof toPin>['roomId']; readonly epoch: number };
  readonly peerId: PeerId;
  readonly consumers: ConsumerInfo[];
}

/**
 * Gives all participants of an encounter the same rights in the media node, in parallel. Whoever has not joined yet
 * gets them with the join; a node that just died hands them out again with the rejoin, since PostgreSQL has them.
 */
export async function grantRights(
  { db, log, sfu }: RoomServices,
  encounterId: EncounterId,
  rights: PeerRights,
): Promise<Granted[]> {
  const rows = await db
    .selectFrom('room')
    .innerJoin('participant', 'participant.encounter_id', 'room.encounter_id')
    .select([
      'room.id',
      'room.encounter_id',
      'room.epoch',
      'room.node_id',
      'room.node_incarnation',
      'participant.id as participant_id',
    ])
    .where('room.encounter_id', '=', encounterId)
    .where('participant.removed_at', 'is', null)
    .execute();
  const granted = await Promise.all(
    rows.map(async (row): Promise<Granted | undefined> => {
      const { roomId, epoch, nodeId, incarnation } = toPin(row);
      const node = nodeId === null || incarnation === null ? undefined : sfu.directory.live(nodeId, incarnation);
      if (node === undefined) return undefined;
      const peerId = PeerId.parse(row.participant_id);
      try {
        const { consumers } = await node.link.request('peer:set-rights', { roomId, epoch, peerId, rights });
        return { address: { roomId, epoch }, peerId, consumers };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        log[error.code === 'NOT_JOINED' ? 'debug' : 'warn']({ err: error, roomId, peerId, rights }, 'rights not set');
        return undefined;
      }
    }),
  );
  return granted.filter((one) => one !== undefined);
}
