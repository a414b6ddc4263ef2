import type { EncounterId, PeerId, RoomId } from '@cloud-hospital/protocol';
import type { RoomState, SocketNotificationData, SocketNotificationName } from '@cloud-hospital/protocol/socket';
import type { Membership } from '../operations/room/enter.ts';
import { leaveRoom } from '../operations/room/leave.ts';
import { recordPresence } from '../operations/room/presence.ts';
import type { RoomServices } from '../operations/room/RoomServices.ts';
import type { MediaNode } from '../sfu/NodeDirectory.ts';
import type { Place } from '../sfu/RoomPlacement.ts';
import type { ParticipantInfo } from '../store/participant.view.ts';
import { Attachment, Attachments } from './Attachments.ts';
import { PeerConnections } from './PeerConnections.ts';
import type { ServerSocket } from './socketTypes.ts';

/**
 * The rooms as far as sockets of this replica are in them: who holds which peer, who must be told what, and what
 * happens to a peer whose socket is gone. Media itself, and all that must survive this process, live elsewhere.
 */
export class RoomSessions {
  readonly attachments = new Attachments();
  readonly connections = new PeerConnections();
  readonly #services: RoomServices;
  readonly #graceTimers = new Map<PeerId, NodeJS.Timeout>();
  #closed = false;

  constructor(services: RoomServices) {
    this.#services = services;
  }

  /** Gives the peer to this socket, in place of whichever held it here before. */
  take(membership: Membership, place: Place, socket: ServerSocket): Attachment {
    const attachment = new Attachment(membership, place, socket);
    this.attachments.add(attachment);
    this.#stopGrace(attachment.peerId);
    this.#count();
    return attachment;
  }

  /** A join is through: those already here learn who came. */
  joined(place: Place, self: ParticipantInfo, state: RoomState): void {
    this.attached(state, false);
    const peer = { ...self, connected: false, producers: [] };
    this.tellOthers(place, self.peerId, 'peer:joined', { roomId: place.roomId, peer });
  }

  /** @param connected whether the peer's own media is up */
  attached(state: RoomState, connected: boolean): void {
    this.connections.seed(state.peerId, connected);
    for (const peer of state.peers) this.connections.seed(peer.peerId, peer.connected);
  }

  /** Says something to every other peer of the room that is attached here, at the same epoch. */
  tellOthers<Name extends SocketNotificationName>(
    { roomId, epoch }: { roomId: RoomId; epoch: number },
    except: PeerId,
    name: Name,
    data: SocketNotificationData<Name>,
  ): void {
    for (const attachment of this.attachments.inRoom(roomId)) {
      if (attachment.epoch === epoch && attachment.peerId !== except) attachment.notify(name, data);
    }
  }

  /** Says something to those of these peers that are attached here, at the same epoch. */
  tell<Name extends SocketNotificationName>(
    { roomId, epoch }: { roomId: RoomId; epoch: number },
    peerIds: readonly PeerId[],
    name: Name,
    data: SocketNotificationData<Name>,
  ): void {
    for (const attachment of this.attachments.inRoom(roomId)) {
      if (attachment.epoch === epoch && peerIds.includes(attachment.peerId)) attachment.notify(name, data);
    }
  }

  /** The peer is no longer held here, and the others are told that it left. */
  forget(attachment: Attachment, reason: string): void {
    if (!this.drop(attachment)) return;
    const { roomId, peerId } = attachment;
    this.tellOthers(attachment, peerId, 'peer:left', { roomId, peerId, reason });
  }

  /** The peer is held elsewhere, or its room moved: nothing to tell. @returns whether it was held here */
  drop(attachment: Attachment): boolean {
    if (!this.attachments.remove(attachment)) return false;
    this.#stopGrace(attachment.peerId);
    this.connections.forget(attachment.peerId);
    this.#count();
    return true;
  }

  /** The room lives elsewhere by now: whoever still holds a peer at an older epoch must join anew. */
  dropOlder(roomId: RoomId, epoch: number): void {
    for (const attachment of this.attachments.inRoom(roomId)) if (attachment.epoch < epoch) this.drop(attachment);
  }

  /** Another tab took the call over; its own replica attaches it. */
  dropInstance(encounterId: EncounterId, instanceIds: ReadonlySet<string>): void {
    for (const attachment of this.attachments.ofEncounter(encounterId)) {
      if (instanceIds.has(attachment.instanceId)) this.drop(attachment);
    }
  }

  /**
   * A browser is gone; its media may well go on. Without media the others are told now, and if nobody takes the peer
   * over in time it is closed: no ghosts.
   */
  socketLost(socket: ServerSocket): void {
    for (const attachment of this.attachments.ofSocket(socket)) {
      attachment.loseSocket();
      this.#startGrace(attachment);
      if (this.connections.isConnected(attachment.peerId)) continue;
      const { roomId, peerId } = attachment;
      this.tellOthers(attachment, peerId, 'peer:connection-changed', { roomId, peerId, connected: false });
      this.#record(attachment, false);
    }
  }

  /** What the media node says of a peer's transports, told onward as one word when it changes. */
  connectionChanged(address: { roomId: RoomId; epoch: number; peerId: PeerId }, connected: boolean): void {
    const { roomId, peerId } = address;
    this.tellOthers(address, peerId, 'peer:connection-changed', { roomId, peerId, connected });
    const own = this.attachments.ofPeer(peerId);
    // With a socket the participant is present anyway; without one its media alone counts.
    if (own === undefined || own.socket !== undefined || own.epoch !== address.epoch) return;
    this.#record(own, connected);
  }

  /** All its peers are without media until their room stands elsewhere and they have joined it. */
  nodeDied(node: MediaNode): void {
    for (const attachment of this.attachments.all.filter((candidate) => candidate.node === node)) {
      if (!this.connections.isConnected(attachment.peerId)) continue;
      this.connections.seed(attachment.peerId, false);
      this.connectionChanged(attachment.address, false);
    }
  }

  /** Ends a peer's media at once: the session is revoked, or the participant may not be here any more. */
  async expel(attachment: Attachment, reason: string): Promise<void> {
    this.forget(attachment, reason);
    const { encounterId, node, number } = attachment;
    await leaveRoom(this.#services, {
      ...attachment.address,
      encounterId,
      node,
      attachment: number,
      reason,
      kind: 'closed',
    });
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#graceTimers.values()) clearTimeout(timer);
    this.#graceTimers.clear();
  }

  #record({ encounterId, peerId, number }: Attachment, connected: boolean): void {
    const kind = connected ? 'connected' : 'disconnected';
    recordPresence(this.#services, { encounterId, peerId, connected, attachment: number, kind }).catch(
      (error: unknown) =>
        this.#services.log.warn({ err: error, peerId, kind }, 'presence not recorded; the sweep will'),
    );
  }

  #startGrace(attachment: Attachment): void {
    if (this.#closed) return;
    this.#stopGrace(attachment.peerId);
    const timer = setTimeout(() => {
      if (!this.attachments.has(attachment)) return;
      // Media without signaling is still a consultation; its end starts another grace.
      if (this.connections.isConnected(attachment.peerId)) this.#startGrace(attachment);
      else this.#closeAbandoned(attachment);
    }, this.#services.config.PEER_GRACE_SECONDS * 1000);
    this.#graceTimers.set(attachment.peerId, timer);
  }

  #stopGrace(peerId: PeerId): void {
    clearTimeout(this.#graceTimers.get(peerId));
    this.#graceTimers.delete(peerId);
  }

  #closeAbandoned(attachment: Attachment): void {
    const close = async (): Promise<void> => {
      const row = await this.#services.db
        .selectFrom('participant')
        .select('attachment')
        .where('id', '=', attachment.peerId)
        .executeTakeFirst();
      // Another replica holds the peer by now.
      if (row?.attachment !== attachment.number) {
        this.drop(attachment);
        return;
      }
      await this.expel(attachment, 'gone');
    };
    close().catch((error: unknown) => {
      this.#services.log.warn({ err: error, peerId: attachment.peerId }, 'abandoned peer not closed; the sweep will');
    });
  }

  #count(): void {
    this.#services.metrics.peers.set(this.attachments.peerCount);
    this.#services.metrics.rooms.set(this.attachments.roomCount);
  }
}
