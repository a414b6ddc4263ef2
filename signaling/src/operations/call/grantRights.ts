import { AppError, type EncounterId, type PeerId, type RoomId } from '@cloud-hospital/protocol';
import type { PeerRights } from '@cloud-hospital/protocol/sfu';
import type { ConsumerInfo } from '@cloud-hospital/protocol/socket';
import { peerVerdict } from '../../domain/peerVerdict.ts';
import { readRoomClaims } from '../../store/peerClaims.ts';
import type { RoomServices } from '../room/RoomServices.ts';

/** What the media node granted one peer. */
export interface Granted {
  readonly address: { readonly roomId: RoomId; readonly epoch: number };
  readonly peerId: PeerId;
  readonly rights: PeerRights;
  readonly consumers: ConsumerInfo[];
}

/**
 * Gives all participants of an encounter the rights they should have in the media node, in parallel. Whoever has not
 * joined yet gets them with the join; a node that just died hands them out again with the rejoin, since PostgreSQL has them.
 */
export async function grantRights({ db, log, sfu }: RoomServices, encounterId: EncounterId): Promise<Granted[]> {
  const rows = await readRoomClaims(db, encounterId);
  const granted = await Promise.all(
    rows.map(async ({ pin, peerId, claim }): Promise<Granted | undefined> => {
      const { roomId, epoch, nodeId, incarnation } = pin;
      const rights = peerVerdict(claim);
      if (rights === 'expelled') return undefined;
      const node = nodeId === null || incarnation === null ? undefined : sfu.directory.live(nodeId, incarnation);
      if (node === undefined) return undefined;
      try {
        const { consumers } = await node.link.request('peer:set-rights', { roomId, epoch, peerId, rights });
        return { address: { roomId, epoch }, peerId, rights, consumers };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        log[error.code === 'NOT_JOINED' ? 'debug' : 'warn']({ err: error, roomId, peerId, rights }, 'rights not set');
        return undefined;
      }
    }),
  );
  return granted.filter((one) => one !== undefined);
}
