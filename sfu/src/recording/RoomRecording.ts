import { randomUUID } from 'node:crypto';
import type { NodeId, PeerId } from '@cloud-hospital/protocol';
import type { RecordedView, RecordingGap, RecordingGapReason, SegmentHead } from '@cloud-hospital/protocol/sfu';
import type { Logger } from 'pino';
import type { PeerProducer } from '../rooms/ProducerSet.ts';
import type { Room } from '../rooms/Room.ts';
import { Take, type TakeEnd } from './Take.ts';

/** How long after a failure it is tried again. Milliseconds. */
const RETRY_AFTER_MS: { readonly [End in TakeEnd]: number } = {
  stopped: 0,
  'recorder-failed': 500,
  'no-media': 2_000,
  'storage-full': 5_000,
};
/** A camera that is on and sends no picture: its sound alone meanwhile. Doubles each time. Milliseconds. */
const FIRST_SOUND_ALONE_MS = 10_000;
const LONGEST_SOUND_ALONE_MS = 300_000;

const VIEW_OF = { microphone: 'person', camera: 'person', examination: 'examination', screen: 'screen' } as const;

export type RoomRecordingOptions = {
  readonly room: Room;
  readonly recordingId: string;
  /** The recording's own, 32 bytes. */
  readonly key: Buffer;
  readonly directory: string;
  readonly reserveBytes: () => number;
  readonly segmentMs: number;
  readonly ffmpeg: string;
  readonly node: { readonly nodeId: NodeId; readonly incarnation: string };
  readonly logger: Logger;
  /** Somebody could tell this node that the consent was withdrawn. */
  readonly isSupervised: () => boolean;
  readonly onStored: (segmentId: string) => void;
  readonly onGap: (gap: RecordingGap) => void;
};

/** One view of one participant, whether it is being recorded right now or not. */
type Slot = {
  readonly peerId: PeerId;
  readonly view: RecordedView;
  take: { readonly take: Take; readonly producerIds: string } | undefined;
  gap: { readonly gapId: string; readonly reason: RecordingGapReason; readonly beganAt: number } | undefined;
  retryAt: number;
  soundAlone: { readonly until: number; readonly lasts: number };
};

/**
 * Records everybody in a room for as long as it is told to. Compares a few times a second who is sending what with what
 * is being recorded: nobody who comes, goes, or turns a camera on has to be announced here.
 */
export class RoomRecording {
  readonly room: Room;
  readonly recordingId: string;
  readonly #options: RoomRecordingOptions;
  readonly #slots = new Map<string, Slot>();
  /** Takes that are stopped and not durable yet. */
  readonly #ending = new Set<Promise<void>>();
  readonly #logger: Logger;
  #stopped = false;

  constructor(options: RoomRecordingOptions) {
    this.room = options.room;
    this.recordingId = options.recordingId;
    this.#options = options;
    this.#logger = options.logger.child({ roomId: options.room.roomId, recordingId: options.recordingId });
  }

  /** Of the recording programs that run. */
  get pids(): number[] {
    return [...this.#slots.values()].flatMap(({ take }) => take?.take.pid ?? []);
  }

  reconcile(): void {
    if (this.#stopped) return;
    const wanted = this.#wanted();
    for (const [name, slot] of this.#slots) {
      if (wanted.has(name)) continue;
      this.#end(slot);
      this.#closeGap(slot, Date.now());
      this.#slots.delete(name);
    }
    for (const [name, producers] of wanted) {
      const slot = this.#slots.get(name) ?? newSlot(producers.peerId, producers.view);
      this.#slots.set(name, slot);
      if (!this.#options.isSupervised()) {
        if (slot.take !== undefined) this.#openGap(slot, 'unsupervised', Date.now());
        this.#end(slot);
        continue;
      }
      this.#record(slot, chosen(slot, producers.all));
    }
  }

  /** No packet is taken any more when this returns; resolves when what was taken is durable. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const slot of this.#slots.values()) {
      this.#end(slot);
      this.#closeGap(slot, Date.now());
    }
    this.#slots.clear();
    await Promise.all(this.#ending);
  }

  #wanted(): Map<string, { peerId: PeerId; view: RecordedView; all: PeerProducer[] }> {
    const wanted = new Map<string, { peerId: PeerId; view: RecordedView; all: PeerProducer[] }>();
    if (this.room.closed) return wanted;
    for (const { peerId, producers } of this.room.peers) {
      for (const producer of producers.all) {
        if (producer.closed) continue;
        const view = VIEW_OF[producer.appData.source];
        const name = `${peerId}/${view}`;
        const entry = wanted.get(name) ?? { peerId, view, all: [] };
        // While one is replaced there are two: the newer one.
        entry.all = [...entry.all.filter(({ kind }) => kind !== producer.kind), producer];
        wanted.set(name, entry);
      }
    }
    return wanted;
  }

  #record(slot: Slot, producers: readonly PeerProducer[]): void {
    const producerIds = producers.map(({ id }) => id).join();
    if (slot.take !== undefined) {
      const until = slot.take.take.recordedUntil;
      if (until !== undefined) this.#closeGap(slot, slot.take.take.zeroAt ?? until);
      if (slot.take.producerIds === producerIds) return;
      this.#end(slot);
    }
    if (producers.length === 0 || performance.now() < slot.retryAt) return;
    slot.take = { take: this.#start(slot, producers), producerIds };
  }

  #start(slot: Slot, producers: readonly PeerProducer[]): Take {
    const { room, recordingId, key, directory, reserveBytes, segmentMs, ffmpeg, node, onStored } = this.#options;
    const takeId = randomUUID();
    const hasVideo = producers.some(({ kind }) => kind === 'video');
    const startedAt = Date.now();
    const { peerId, view } = slot;
    const take: Take = new Take({
      router: room.router,
      producers,
      directory,
      key,
      reserveBytes,
      segmentMs,
      ffmpeg,
      logger: this.#logger.child({ peerId, view, takeId }),
      onStored,
      describe: (zeroAt): Omit<SegmentHead, 'segmentId' | 'ordinal'> => ({
        version: 1,
        recordingId,
        takeId,
        roomId: room.roomId,
        epoch: room.epoch,
        peerId,
        view,
        hasVideo,
        ...node,
        zeroAt,
      }),
      onEnded: (end) => {
        if (slot.take?.take === take) slot.take = undefined;
        if (end === 'stopped' || this.#stopped) return;
        this.#openGap(slot, end, take.recordedUntil ?? startedAt);
        slot.retryAt = performance.now() + RETRY_AFTER_MS[end];
        if (!hasVideo || take.recordedUntil !== undefined || end === 'storage-full') return;
        const lasts = Math.min(slot.soundAlone.lasts * 2, LONGEST_SOUND_ALONE_MS);
        slot.soundAlone = { until: performance.now() + slot.soundAlone.lasts, lasts };
      },
    });
    return take;
  }

  #end(slot: Slot): void {
    const { take } = slot;
    slot.take = undefined;
    if (take === undefined) return;
    const ending = take.take.stop().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  #openGap(slot: Slot, reason: RecordingGapReason, beganAt: number): void {
    if (slot.gap !== undefined) return;
    slot.gap = { gapId: randomUUID(), reason, beganAt };
    this.#tellGap(slot, null);
  }

  #closeGap(slot: Slot, endedAt: number): void {
    if (slot.gap === undefined) return;
    this.#tellGap(slot, Math.max(endedAt, slot.gap.beganAt));
    slot.gap = undefined;
  }

  #tellGap({ gap, peerId }: Slot, endedAt: number | null): void {
    if (gap === undefined) return;
    this.#options.onGap({
      gapId: gap.gapId,
      recordingId: this.recordingId,
      peerId,
      reason: gap.reason,
      beganAt: new Date(gap.beganAt).toISOString(),
      endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
    });
  }
}

const newSlot = (peerId: PeerId, view: RecordedView): Slot => ({
  peerId,
  view,
  take: undefined,
  gap: undefined,
  retryAt: 0,
  soundAlone: { until: 0, lasts: FIRST_SOUND_ALONE_MS },
});

/** A picture only where one comes: ffmpeg can't begin before it has seen one. One that stops later does no harm. */
function chosen(slot: Slot, producers: readonly PeerProducer[]): PeerProducer[] {
  const recorded = slot.take?.producerIds.split(',') ?? [];
  return producers.filter(
    ({ id, kind, paused, score }) =>
      kind === 'audio' ||
      recorded.includes(id) ||
      (!paused && score.some((one) => one.score > 0) && performance.now() >= slot.soundAlone.until),
  );
}
