import type { PeerId, RoomId } from '@cloud-hospital/protocol';
import type { SfuNotificationData, SfuNotificationName } from '@cloud-hospital/protocol/sfu';

/** Whoever can reach the replicas. Rooms speak to replicas, not to connections: a link may come back under the same id. */
export interface Notifier {
  /** Sends to one replica; without a link to it the notification is lost, and the replica reads the state when it attaches. */
  notify<Name extends SfuNotificationName>(replicaId: string, name: Name, data: SfuNotificationData<Name>): void;
  isLinked(replicaId: string): boolean;
}

/** The three ids that every message about a peer carries. */
export type PeerAddress = { readonly roomId: RoomId; readonly epoch: number; readonly peerId: PeerId };
