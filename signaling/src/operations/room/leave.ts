import type { EncounterId, PeerId, RoomId } from '@cloud-hospital/protocol';
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
  await Promise.all([
    node.link.request('peer:close', { roomId, epoch, peerId, reason }),
    recordPresence(services, { encounterId, peerId, connected: false, attachment, kind }),
  ]);
}
