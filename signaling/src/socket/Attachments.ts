import { AppError, type EncounterId, type PeerId, type RoomId } from '@cloud-hospital/protocol';
import type { SocketNotificationData, SocketNotificationName } from '@cloud-hospital/protocol/socket';
import type { Membership } from '../operations/room/enter.ts';
import type { MediaNode } from '../sfu/NodeDirectory.ts';
import type { Place } from '../sfu/RoomPlacement.ts';
import { notify, type ServerSocket } from './socketTypes.ts';

/**
 * One peer held by a socket of this replica. When the socket is lost the attachment stays for a while without one:
 * media goes on, and the same or another replica may take the peer over.
 */
export class Attachment {
  readonly encounterId: EncounterId;
  readonly roomId: RoomId;
  readonly epoch: number;
  readonly peerId: PeerId;
  readonly number: number;
  readonly instanceId: string;
  readonly sessionId: string;
  readonly node: MediaNode;
  #socket: ServerSocket | undefined;
  /** What is said before the browser has the answer to its join waits here, so that it arrives behind it. */
  #waiting: ((socket: ServerSocket) => void)[] | undefined = [];

  constructor(membership: Membership, place: Place, socket: ServerSocket) {
    this.encounterId = membership.encounterId;
    this.roomId = place.roomId;
    this.epoch = place.epoch;
    this.peerId = membership.peerId;
    this.number = membership.attachment;
    this.instanceId = membership.instanceId;
    this.sessionId = membership.sessionId;
    this.node = place.node;
    this.#socket = socket;
  }

  get socket(): ServerSocket | undefined {
    return this.#socket;
  }

  /** The three ids that every message about a peer carries to the media node. */
  get address(): { roomId: RoomId; epoch: number; peerId: PeerId } {
    return { roomId: this.roomId, epoch: this.epoch, peerId: this.peerId };
  }

  notify<Name extends SocketNotificationName>(name: Name, data: SocketNotificationData<Name>): void {
    if (this.#waiting !== undefined) this.#waiting.push((socket) => notify(socket, name, data));
    else if (this.#socket !== undefined) notify(this.#socket, name, data);
  }

  /** The answer is on its way: from now on notifications follow it directly. */
  answered(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    if (this.#socket !== undefined) for (const say of waiting) say(this.#socket);
  }

  loseSocket(): void {
    this.#socket = undefined;
  }
}

/** Which peers the sockets of this replica hold. A peer has at most one attachment here. */
export class Attachments {
  readonly #byPeer = new Map<PeerId, Attachment>();
  /** Levels and connections of a room are told some times a second: no walk through all rooms for that. */
  readonly #byRoom = new Map<RoomId, Set<Attachment>>();

  get all(): readonly Attachment[] {
    return [...this.#byPeer.values()];
  }

  get peerCount(): number {
    return this.#byPeer.size;
  }

  get roomCount(): number {
    return this.#byRoom.size;
  }

  /** Takes the place of an older attachment of the same peer. */
  add(attachment: Attachment): void {
    const older = this.#byPeer.get(attachment.peerId);
    if (older !== undefined) this.remove(older);
    this.#byPeer.set(attachment.peerId, attachment);
    const room = this.#byRoom.get(attachment.roomId) ?? new Set();
    this.#byRoom.set(attachment.roomId, room.add(attachment));
  }

  /** Removes this very attachment, not a newer one of the same peer. @returns whether it was there */
  remove(attachment: Attachment): boolean {
    if (!this.has(attachment)) return false;
    this.#byPeer.delete(attachment.peerId);
    const room = this.#byRoom.get(attachment.roomId);
    room?.delete(attachment);
    if (room?.size === 0) this.#byRoom.delete(attachment.roomId);
    return true;
  }

  has(attachment: Attachment): boolean {
    return this.#byPeer.get(attachment.peerId) === attachment;
  }

  ofPeer(peerId: PeerId): Attachment | undefined {
    return this.#byPeer.get(peerId);
  }

  inRoom(roomId: RoomId): Attachment[] {
    return [...(this.#byRoom.get(roomId) ?? [])];
  }

  ofEncounter(encounterId: EncounterId): Attachment[] {
    return this.all.filter((attachment) => attachment.encounterId === encounterId);
  }

  ofSocket(socket: ServerSocket): Attachment[] {
    return this.all.filter((attachment) => attachment.socket === socket);
  }

  ofSession(sessionId: string): Attachment[] {
    return this.all.filter((attachment) => attachment.sessionId === sessionId);
  }

  /**
   * The peer of this socket in that room, at that epoch.
   *
   * @throws AppError NOT_JOINED without one, STALE_EPOCH when the room has moved since
   */
  assertAndGet(socket: ServerSocket, { roomId, epoch }: { roomId: RoomId; epoch: number }): Attachment {
    const attachment = this.inRoom(roomId).find((candidate) => candidate.socket === socket);
    if (attachment === undefined) throw new AppError('NOT_JOINED');
    if (attachment.epoch !== epoch) throw new AppError('STALE_EPOCH', { epoch: attachment.epoch });
    return attachment;
  }
}
