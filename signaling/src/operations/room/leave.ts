import { AppError, type EncounterId, type PeerId, type RoomId } from '@cloud-hospital/protocol';
import type { MediaNode } from '../../sfu/NodeDirectory.ts';
import { recordPresence } from './presence.ts';
import type { RoomServices } from './RoomServices.ts';

export interface LeaveInput {
  readonly encounterId: EncounterId;
  readonly roomId: RoomId;
  readonly epoch: number;
  readonly peerId: PeerId;
  readonly attachment: number;
  readonly node: MediaNode;
  /** Told to the others. */
  readonly reason: string;
  readonly kind: 'left' | 'closed';
}

/**
 * Ends one participant's media. The consultation goes on without it: only the specialist's command ends one.
 */
export async function leaveRoom(services: RoomServices, input: LeaveInput): Promise<void> {
  const { encounterId, roomId, epoch, peerId, attachment, node, reason, kind } = input;
  const close = async (): Promise<void> => {
    try {
      await node.link.request('peer:close', { roomId, epoch, peerId, reason });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      // The node is gone, or the room moved: what is left of the peer anywhere is found by the sweep.
      services.log.info({ code: error.code, roomId, peerId }, 'peer to be closed not reached');
    }
  };
  await Promise.all([close(), recordPresence(services, { encounterId, peerId, connected: false, attachment, kind })]);
}
