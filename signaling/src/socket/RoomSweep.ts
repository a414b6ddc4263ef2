import type { EncounterId, PeerId } from '@cloud-hospital/protocol';
import { closeRoom, type NodeReport, reconcileEncounter, reconcileNode } from '../operations/room/reconcile.ts';
import { recordPresence } from '../operations/room/presence.ts';
import type { RoomServices } from '../operations/room/RoomServices.ts';
import type { MediaNode } from '../sfu/NodeDirectory.ts';
import type { RoomSessions } from './RoomSessions.ts';

/** Membership in the media nodes follows authorisation within 5 s even when every event was lost. Milliseconds. */
const INTERVAL_MS = 2_000;
/** Make before break: while a node drains, peers of a moved room keep the old one until the new one stands. Milliseconds. */
const DRAIN_GRACE_MS = 8_000;
/** Elsewhere a room that moved is over: its node was given up, and is back. Milliseconds. */
const STRAY_GRACE_MS = 1_000;
/** A participant between two rooms, or just joining, is not gone yet. Milliseconds. */
const MISSING_GRACE_MS = 8_000;

/**
 * Keeps the media nodes in line with PostgreSQL: at once after an event, and every two seconds whatever happened. Each
 * replica does it for every node; all of it is idempotent.
 */
export class RoomSweep {
  readonly #services: RoomServices;
  readonly #sessions: RoomSessions;
  readonly #timer: NodeJS.Timeout;
  /** First seen, by `nodeId/roomId/epoch` and by peer. Milliseconds of the monotonic clock. */
  readonly #strays = new Map<string, number>();
  readonly #missing = new Map<PeerId, number>();
  #running = false;
  #closed = false;

  constructor(services: RoomServices, sessions: RoomSessions) {
    this.#services = services;
    this.#sessions = sessions;
    this.#timer = setInterval(() => {
      // A pass that takes longer than the interval is not doubled.
      if (this.#running) return;
      this.#running = true;
      void this.#sweep().finally(() => {
        this.#running = false;
      });
    }, INTERVAL_MS);
  }

  /** Something was decided about this encounter; peers held here must learn what it means for them. */
  check(encounterId: EncounterId): void {
    if (this.#sessions.attachments.ofEncounter(encounterId).length === 0) return;
    this.enforce(encounterId).catch((error: unknown) => {
      this.#services.log.warn({ err: error, encounterId }, 'room not reconciled; the sweep will');
    });
  }

  /** The same for whoever must know that the media node has it. @throws AppError when the node doesn't answer */
  async enforce(encounterId: EncounterId): Promise<void> {
    this.#tell(await reconcileEncounter(this.#services, encounterId));
  }

  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  async #sweep(): Promise<void> {
    const seen = new Set<string>();
    const missing = new Set<PeerId>();
    const nodes = this.#services.sfu.directory.nodes.filter((node) => node.isUp);
    const passes = await Promise.allSettled(nodes.map((node) => this.#sweepNode(node, seen, missing)));
    if (this.#closed) return;
    for (const pass of passes) {
      if (pass.status === 'rejected') this.#services.log.warn({ err: pass.reason }, 'media node not reconciled');
    }
    for (const key of this.#strays.keys()) if (!seen.has(key)) this.#strays.delete(key);
    for (const peerId of this.#missing.keys()) if (!missing.has(peerId)) this.#missing.delete(peerId);
  }

  async #sweepNode(node: MediaNode, seen: Set<string>, missing: Set<PeerId>): Promise<void> {
    const report = await reconcileNode(this.#services, node);
    if (this.#closed) return;
    this.#tell(report);
    const now = performance.now();
    await Promise.all([
      ...report.strayRooms.map(async ({ roomId, epoch }) => {
        const key = `${node.nodeId}/${roomId}/${epoch}`;
        seen.add(key);
        const since = this.#strays.get(key) ?? now;
        this.#strays.set(key, since);
        if (now - since >= (node.draining ? DRAIN_GRACE_MS : STRAY_GRACE_MS)) await closeRoom(node, roomId, epoch);
      }),
      ...report.missing.map(async ({ pin, peerId }) => {
        missing.add(peerId);
        const since = this.#missing.get(peerId) ?? now;
        this.#missing.set(peerId, since);
        if (now - since < MISSING_GRACE_MS) return;
        const { encounterId } = pin;
        await recordPresence(this.#services, { encounterId, peerId, connected: false, kind: 'disconnected' });
      }),
    ]);
  }

  /** Peers of other replicas hear it from the node. */
  #tell({ expelled, corrected }: NodeReport): void {
    const { attachments } = this.#sessions;
    for (const { roomId, epoch, peerId, rights, consumers } of corrected) {
      const attachment = attachments.ofPeer(peerId);
      if (attachment?.roomId !== roomId || attachment.epoch !== epoch) continue;
      if (rights === 'active') attachment.notify('room:opened', { roomId, epoch, consumers });
      else attachment.notify('room:parked', { roomId, epoch });
    }
    for (const { roomId, epoch, peerId, roomClosed } of expelled) {
      const attachment = attachments.ofPeer(peerId);
      if (attachment?.roomId !== roomId) {
        // Held elsewhere: its own replica hears it from the node, we asked and don't.
        this.#sessions.tellOthers({ roomId, epoch }, peerId, 'peer:left', { roomId, peerId, reason: 'removed' });
        continue;
      }
      if (roomClosed) attachment.notify('room:closed', { roomId, epoch: attachment.epoch, reason: 'finished' });
      this.#sessions.forget(attachment, 'removed');
    }
  }
}
