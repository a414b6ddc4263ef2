import { AppError } from '@cloud-hospital/protocol';
import type { SocketNotificationData } from '@cloud-hospital/protocol/socket';
import { sql } from 'kysely';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SYSTEM } from '../domain/Actor.ts';
import type { Services } from '../Services.ts';
import { participantTopics } from '../store/participantTopics.ts';
import { type RoomPin, toPin } from '../store/roomPin.ts';
import type { MediaNode, NodeDirectory } from './NodeDirectory.ts';

export interface Place extends RoomPin {
  readonly node: MediaNode;
}
export type MoveReason = SocketNotificationData<'room:moved'>['reason'];

/** Until then a node that was never heard of may still announce itself. Milliseconds. */
const SETTLE_MS = 3_000;
/** Longest wait for the verdict on an interrupted link: heartbeat and one attempt to reconnect. Milliseconds. */
const VERDICT_MS = 3_500;
const VERDICT_POLL_MS = 50;
const MAX_ATTEMPTS = 5;
/** Rooms moved at the same time; the database pool serves the calls that go on as well. */
const PARALLEL_MOVES = 8;
const SWEEP_INTERVAL_MS = 2_000;

/**
 * Pins rooms to media nodes by compare-and-set on the epoch, so that of several replicas that notice the same death
 * one moves the room and the others read where it went.
 */
export class RoomPlacement {
  readonly #services: Services;
  readonly #directory: NodeDirectory;
  readonly #startedAt = performance.now();
  readonly #stopListening: () => void;
  readonly #sweepTimer: NodeJS.Timeout;
  #sweeping = false;
  #sweepAgain = false;
  #closed = false;

  constructor(services: Services, directory: NodeDirectory) {
    this.#services = services;
    this.#directory = directory;
    const sweep = (): void => this.#sweepSoon();
    this.#stopListening = directory.listen({
      // Also when a node comes up: it may be the successor of the one that rooms are pinned to.
      onUp: sweep,
      onDead: sweep,
      onDraining: sweep,
      onNotification: (node, notification) => {
        if (notification.name !== 'room:closed' || notification.data.reason !== 'worker-died') return;
        const { roomId, epoch } = notification.data;
        this.#moveClosed(roomId, epoch).catch((error: unknown) => {
          services.log.error({ err: error, roomId, nodeId: node.nodeId }, 'room not placed anew');
        });
      },
    });
    this.#sweepTimer = setInterval(sweep, SWEEP_INTERVAL_MS);
  }

  /**
   * The node that holds the room; places it if it has none, or moves it if its node is gone or drains.
   *
   * @throws AppError MEDIA_UNAVAILABLE without a usable node, NOT_FOUND for a closed room
   */
  async locate(pin: RoomPin): Promise<Place> {
    let current = pin;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      const node = await this.#awaitVerdict(current);
      // A draining node keeps the rooms it has while there is no other to take them.
      if (node !== undefined && (!node.draining || this.#directory.pick() === undefined)) return { ...current, node };
      const place = await this.#assign(current, node === undefined ? 'node-died' : 'drain', current.nodeId);
      if (place !== undefined) return place;
      current = await this.read(current.roomId);
    }
    throw new AppError('MEDIA_UNAVAILABLE');
  }

  /**
   * Moves a room whose node refused or lost it. Whoever finds the epoch changed uses what the other replica decided.
   *
   * @throws AppError as `locate`
   */
  async moveAway(pin: RoomPin, reason: MoveReason): Promise<Place> {
    return (await this.#assign(pin, reason, pin.nodeId)) ?? this.locate(await this.read(pin.roomId));
  }

  /** @throws AppError NOT_FOUND when the room is closed */
  async read(roomId: string): Promise<RoomPin> {
    const row = await this.#services.db
      .selectFrom('room')
      .select(['id', 'encounter_id', 'epoch', 'node_id', 'node_incarnation'])
      .where('id', '=', roomId)
      .where('closed_at', 'is', null)
      .executeTakeFirst();
    if (row === undefined) throw new AppError('NOT_FOUND');
    return toPin(row);
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#sweepTimer);
    this.#stopListening();
  }

  /** The node, if it lives; undefined if it is gone for certain, so that the room may be moved. */
  async #awaitVerdict({ nodeId, incarnation }: RoomPin): Promise<MediaNode | undefined> {
    if (nodeId === null || incarnation === null) return undefined;
    const deadline = performance.now() + VERDICT_MS;
    for (;;) {
      const node = this.#directory.live(nodeId, incarnation);
      if (node !== undefined) return node;
      if (this.#isGone(nodeId, incarnation)) return undefined;
      if (this.#closed || performance.now() > deadline) throw new AppError('MEDIA_UNAVAILABLE');
      await sleep(VERDICT_POLL_MS);
    }
  }

  #isGone(nodeId: string, incarnation: string): boolean {
    if (this.#directory.isGone(nodeId, incarnation)) return true;
    return !this.#directory.isKnown(nodeId) && performance.now() - this.#startedAt > SETTLE_MS;
  }

  /** @returns undefined when another replica was faster */
  async #assign(pin: RoomPin, reason: MoveReason, except: string | null): Promise<Place | undefined> {
    const node = this.#directory.pick(except ?? undefined);
    const identity = node?.identity;
    if (node === undefined || identity === undefined) throw new AppError('MEDIA_UNAVAILABLE');
    const epoch = pin.epoch + 1;
    const won = await this.#services.commands.run({ agent: SYSTEM, requestId: randomUUID() }, async (unit) => {
      const updated = await unit.tx
        .updateTable('room')
        .set({ node_id: identity.nodeId, node_incarnation: identity.incarnation, epoch })
        .where('id', '=', pin.roomId)
        .where('epoch', '=', pin.epoch)
        .where('closed_at', 'is', null)
        .executeTakeFirst();
      if (updated.numUpdatedRows === 0n) return false;
      if (pin.nodeId !== null) {
        const topics = await participantTopics(unit.tx, pin.encounterId);
        if (topics.length > 0) unit.emit(topics, 'room:moved', { roomId: pin.roomId, epoch, reason });
      }
      return true;
    });
    if (!won) return undefined;
    node.countPlaced();
    if (pin.nodeId !== null) {
      this.#services.log.info(
        { roomId: pin.roomId, epoch, from: pin.nodeId, to: identity.nodeId, reason },
        'room moved to another place',
      );
    }
    return { ...pin, epoch, nodeId: identity.nodeId, incarnation: identity.incarnation, node };
  }

  async #moveClosed(roomId: string, epoch: number): Promise<void> {
    const pin = await this.read(roomId);
    // The node itself lives: its other workers, or the one restarted, may take the room again.
    if (pin.epoch === epoch) await this.#assign(pin, 'worker-died', null);
  }

  #sweepSoon(): void {
    if (this.#closed) return;
    if (this.#sweeping) {
      this.#sweepAgain = true;
      return;
    }
    this.#sweeping = true;
    this.#sweep()
      .catch((error: unknown) => {
        if (!this.#closed) this.#services.log.warn({ err: error }, 'rooms of lost nodes not moved; tried again soon');
      })
      .finally(() => {
        this.#sweeping = false;
        if (!this.#sweepAgain) return;
        this.#sweepAgain = false;
        this.#sweepSoon();
      });
  }

  /** Moves every room with somebody in it whose node is gone or drains. An empty one is placed when somebody comes. */
  async #sweep(): Promise<void> {
    if (this.#directory.pick() === undefined) return;
    const rows = await this.#services.db
      .selectFrom('room')
      .select(['id', 'encounter_id', 'epoch', 'node_id', 'node_incarnation'])
      .where('node_id', 'is not', null)
      .where('closed_at', 'is', null)
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('participant')
            .select(sql`1`.as('present'))
            .whereRef('participant.encounter_id', '=', 'room.encounter_id')
            .where('participant.connected', '=', true)
            .where('participant.removed_at', 'is', null),
        ),
      )
      .execute();
    const moves = rows.map(toPin).flatMap((pin): { pin: RoomPin; reason: MoveReason }[] => {
      const { nodeId, incarnation } = pin;
      if (nodeId === null || incarnation === null) return [];
      if (this.#isGone(nodeId, incarnation)) return [{ pin, reason: 'node-died' }];
      return this.#directory.live(nodeId, incarnation)?.draining === true ? [{ pin, reason: 'drain' }] : [];
    });
    for (let start = 0; start < moves.length; start += PARALLEL_MOVES) {
      const chunk = moves.slice(start, start + PARALLEL_MOVES);
      await Promise.all(chunk.map(({ pin, reason }) => this.#assign(pin, reason, pin.nodeId)));
    }
  }
}
