import { keepGap } from '../operations/recording/keepGap.ts';
import { keepSegment } from '../operations/recording/keepSegment.ts';
import { reconcileRecordings } from '../operations/recording/reconcile.ts';
import { recoverSegments } from '../operations/recording/recover.ts';
import type { RoomServices } from '../operations/room/RoomServices.ts';
import type { MediaNode } from '../sfu/NodeDirectory.ts';
import type { SfuNotification } from '../sfu/SfuLink.ts';

/** Media nodes follow what may be recorded within 2 s even when every event was lost. Milliseconds. */
const INTERVAL_MS = 1_500;
/** Segments that nobody told of. Milliseconds. */
const RECOVERY_INTERVAL_MS = 10_000;

/**
 * Keeps the media nodes in line with what may be recorded: at once after an event, and every 1.5 seconds whatever
 * happened; and keeps what they say they recorded. Each replica does it for every node; all of it is idempotent.
 */
export class RecordingDesk {
  readonly #services: RoomServices;
  readonly #timers: readonly NodeJS.Timeout[];
  readonly #stopListening: () => void;
  readonly #busy = new Set<MediaNode>();
  readonly #again = new Set<MediaNode>();
  #recovering = false;
  #closed = false;

  constructor(services: RoomServices) {
    this.#services = services;
    const ignore = (): void => undefined;
    this.#stopListening = services.sfu.directory.listen({
      onUp: (node) => this.#reconcile(node),
      onDead: ignore,
      onDraining: ignore,
      onNotification: (_node, notification) => this.#hear(notification),
    });
    this.#timers = [
      setInterval(() => this.check(), INTERVAL_MS),
      setInterval(() => this.#recover(), RECOVERY_INTERVAL_MS),
    ];
  }

  /** Something was decided about a recording, or a room came to a node. */
  check(): void {
    for (const node of this.#services.sfu.directory.nodes) if (node.isUp) this.#reconcile(node);
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#stopListening();
  }

  /** One pass a node at a time; what is decided during one is looked at by another one. */
  #reconcile(node: MediaNode): void {
    if (this.#closed) return;
    if (this.#busy.has(node)) {
      this.#again.add(node);
      return;
    }
    this.#busy.add(node);
    reconcileRecordings(this.#services, node)
      .catch((error: unknown) => {
        if (!this.#closed) this.#services.log.warn({ err: error, nodeId: node.nodeId }, 'recordings not reconciled');
      })
      .finally(() => {
        this.#busy.delete(node);
        if (this.#again.delete(node)) this.#reconcile(node);
      });
  }

  #hear({ name, data }: SfuNotification): void {
    const { log } = this.#services;
    const unkept = (error: unknown): void => {
      if (!this.#closed) log.error({ err: error, name }, 'what was recorded is not kept yet; it is found later');
    };
    if (name === 'recording:segment-stored') {
      keepSegment(this.#services, data.recordingId, data.segmentId).catch(unkept);
    }
    if (name === 'recording:gap') keepGap(this.#services, data).catch(unkept);
  }

  #recover(): void {
    if (this.#recovering || this.#closed) return;
    this.#recovering = true;
    recoverSegments(this.#services)
      .catch((error: unknown) => {
        if (!this.#closed) this.#services.log.warn({ err: error }, 'segments not looked for');
      })
      .finally(() => {
        this.#recovering = false;
      });
  }
}
