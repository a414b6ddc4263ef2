import { AppError, type PeerId, type RoomId } from '@cloud-hospital/protocol';
import type { SfuRequestData, SfuResponseData } from '@cloud-hospital/protocol/sfu';
import type { Logger } from 'pino';
import type { BitrateLimits } from '../config.ts';
import type { WorkerPool } from '../workers/WorkerPool.ts';
import type { Notifier } from './Notifier.ts';
import { Room, type RoomCloseReason } from './Room.ts';

export type RoomRegistryOptions = {
  readonly pool: WorkerPool;
  readonly bitrates: BitrateLimits;
  readonly notifier: Notifier;
  readonly logger: Logger;
};

/** Rooms of the past whose epoch is remembered: some days of a district's consultations, about 100 bytes each. */
const REMEMBERED_ROOMS = 10_000;
/** How long a join waits for a worker to come back before it is refused. Milliseconds. */
const WORKER_PATIENCE_MS = 2_000;

/** All rooms of the node by id. Creates them one after the other, so that one id never has two. */
export class RoomRegistry {
  readonly #options: RoomRegistryOptions;
  readonly #rooms = new Map<RoomId, Room>();
  /** The newest work on each room id; the next one queues behind it. */
  readonly #queues = new Map<RoomId, Promise<unknown>>();
  readonly #past = new Map<RoomId, { epoch: number; mediaStarted: boolean }>();
  readonly #emptyListeners = new Set<() => void>();
  #draining = false;

  constructor(options: RoomRegistryOptions) {
    this.#options = options;
  }

  get rooms(): readonly Room[] {
    return [...this.#rooms.values()];
  }

  get peerCount(): number {
    return this.rooms.reduce((sum, { peers }) => sum + peers.length, 0);
  }

  /** From now on no new room. */
  startDraining(): void {
    this.#draining = true;
  }

  /**
   * Joins a peer and creates its room if there is none. A newer epoch supersedes the room of an older one.
   *
   * @throws AppError STALE_EPOCH, MEDIA_UNAVAILABLE while draining or without a worker, and those of `Room.join`
   */
  async join(request: SfuRequestData<'peer:join'>, replicaId: string): Promise<SfuResponseData<'peer:join'>> {
    const room = await this.#queued(request.roomId, async () => {
      const opened = await this.#open(request.roomId, request.epoch);
      opened.expectJoin();
      return opened;
    });
    return room.join(request, replicaId);
  }

  /** @throws AppError STALE_EPOCH when the room has moved on, NOT_JOINED when it isn't here (in this epoch) */
  assertAndGetRoom(roomId: RoomId, epoch: number): Room {
    this.#assertCurrent(roomId, epoch);
    const room = this.#rooms.get(roomId);
    if (room === undefined || room.epoch !== epoch) throw new AppError('NOT_JOINED');
    return room;
  }

  /**
   * Closes a peer; closing what isn't here succeeds, because a lost answer makes a replica repeat itself.
   *
   * @throws AppError STALE_EPOCH when a newer room has taken its place
   */
  closePeer(roomId: RoomId, epoch: number, peerId: PeerId, reason: string, replicaId: string): void {
    this.#assertCurrent(roomId, epoch);
    const room = this.#rooms.get(roomId);
    if (room?.epoch === epoch) room.closePeer(peerId, reason, replicaId);
  }

  /**
   * Closes a room of this epoch or an older one; closing what isn't here succeeds.
   *
   * @throws AppError STALE_EPOCH when a newer room has taken its place
   */
  closeRoom(roomId: RoomId, epoch: number, reason: RoomCloseReason, replicaId: string): void {
    this.#assertCurrent(roomId, epoch);
    this.#rooms.get(roomId)?.close(reason, replicaId);
  }

  /** Resolves when no room is left: at once, if there is none. */
  async empty(): Promise<void> {
    if (this.#rooms.size === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#emptyListeners.add(resolve);
    await promise;
  }

  closeAll(reason: RoomCloseReason): void {
    for (const room of this.rooms) room.close(reason);
  }

  #assertCurrent(roomId: RoomId, epoch: number): void {
    const newest = this.#rooms.get(roomId)?.epoch ?? this.#past.get(roomId)?.epoch ?? 0;
    if (epoch < newest) throw new AppError('STALE_EPOCH', { epoch: newest });
  }

  async #open(roomId: RoomId, epoch: number): Promise<Room> {
    this.#assertCurrent(roomId, epoch);
    const existing = this.#rooms.get(roomId);
    if (existing?.epoch === epoch) return existing;
    existing?.close('superseded');
    if (this.#draining) throw new AppError('MEDIA_UNAVAILABLE');

    const { pool, bitrates, notifier, logger } = this.#options;
    const worker = await pool.awaitLeastLoaded(WORKER_PATIENCE_MS);
    if (worker === undefined) throw new AppError('MEDIA_UNAVAILABLE');
    const past = this.#past.get(roomId);
    const room = await Room.create({
      roomId,
      epoch,
      worker,
      bitrates,
      notifier,
      logger,
      mediaStarted: past?.epoch === epoch && past.mediaStarted,
      onClosed: (closed) => {
        this.#forget(closed);
      },
    });
    this.#rooms.set(roomId, room);
    logger.info({ roomId, epoch, worker: worker.index }, 'room created');
    return room;
  }

  #forget(room: Room): void {
    const { roomId, epoch, mediaStarted } = room;
    this.#rooms.delete(roomId);
    // Deleted first, so that it moves to the end: the oldest is forgotten first.
    this.#past.delete(roomId);
    this.#past.set(roomId, { epoch, mediaStarted });
    const oldest = this.#past.keys().next();
    if (this.#past.size > REMEMBERED_ROOMS && oldest.done !== true) this.#past.delete(oldest.value);
    if (this.#rooms.size > 0) return;
    for (const resolve of this.#emptyListeners) resolve();
    this.#emptyListeners.clear();
  }

  /** Runs the work of one room id strictly one after the other. */
  async #queued<T>(roomId: RoomId, work: () => Promise<T>): Promise<T> {
    const turn = (this.#queues.get(roomId) ?? Promise.resolve()).then(work, work);
    this.#queues.set(roomId, turn);
    try {
      return await turn;
    } finally {
      if (this.#queues.get(roomId) === turn) this.#queues.delete(roomId);
    }
  }
}
