import path from 'node:path';
import { AppError, type NodeId } from '@cloud-hospital/protocol';
import type { RecordingGap, SfuRequestData } from '@cloud-hospital/protocol/sfu';
import type { Logger } from 'pino';
import type { RecordingConfig } from '../config.ts';
import { inBackground } from '../inBackground.ts';
import type { LinkRegistry } from '../link/LinkRegistry.ts';
import type { Room } from '../rooms/Room.ts';
import { RoomRecording } from './RoomRecording.ts';

const TICK_MS = 250;
/** Without any replica for this long nobody could tell of a withdrawal. Milliseconds. */
const SUPERVISED_FOR_MS = 1_500;

export type RecordingsOptions = {
  readonly config: RecordingConfig | undefined;
  readonly links: LinkRegistry;
  readonly node: { readonly nodeId: NodeId; readonly incarnation: string };
  readonly logger: Logger;
};

/** The recordings of the node by room. */
export class Recordings {
  readonly #options: RecordingsOptions;
  readonly #recordings = new Map<string, RoomRecording>();
  readonly #ending = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  /** What nobody was there to hear. */
  #untold: RecordingGap[] = [];
  #supervisedAt = performance.now();

  constructor(options: RecordingsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#tick();
    }, TICK_MS);
  }

  of(room: Room): RoomRecording | undefined {
    return [...this.#recordings.values()].find((recording) => recording.room === room);
  }

  /** Of the recording programs that run. */
  get pids(): number[] {
    return [...this.#recordings.values()].flatMap(({ pids }) => pids);
  }

  /** @throws AppError MEDIA_UNAVAILABLE where this node can't record */
  start(room: Room, { recordingId, key }: SfuRequestData<'recording:start'>): void {
    const { config, links, node, logger } = this.#options;
    if (config === undefined) throw new AppError('MEDIA_UNAVAILABLE', { reason: 'no-recorder' });
    const running = this.#recordings.get(recordingId);
    if (running?.room === room) return;
    if (running !== undefined) this.#end(running);
    const recording = new RoomRecording({
      room,
      recordingId,
      key: Buffer.from(key, 'base64'),
      directory: path.join(config.directory, recordingId),
      reserveBytes: () => config.reserveBytes,
      segmentMs: config.segmentMs,
      ffmpeg: config.ffmpeg,
      node,
      logger,
      isSupervised: () => performance.now() - this.#supervisedAt < SUPERVISED_FOR_MS,
      onStored: (segmentId) => {
        links.broadcast('recording:segment-stored', { recordingId, segmentId });
      },
      onGap: (gap) => {
        if (links.size === 0) this.#untold.push(gap);
        else links.broadcast('recording:gap', gap);
      },
    });
    this.#recordings.set(recordingId, recording);
    recording.reconcile();
  }

  /** No packet is taken any more when this returns. Stopping what isn't there succeeds. */
  stop(recordingId: string): void {
    const recording = this.#recordings.get(recordingId);
    if (recording !== undefined) this.#end(recording);
  }

  /** Resolves when all that was taken is durable. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const recording of this.#recordings.values()) this.#end(recording);
    await Promise.all(this.#ending);
  }

  #end(recording: RoomRecording): void {
    this.#recordings.delete(recording.recordingId);
    const ending = recording.stop().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    inBackground(ending, this.#options.logger);
  }

  #tick(): void {
    const { links } = this.#options;
    if (links.size > 0) {
      this.#supervisedAt = performance.now();
      for (const gap of this.#untold) links.broadcast('recording:gap', gap);
      this.#untold = [];
    }
    for (const recording of this.#recordings.values()) {
      if (recording.room.closed) this.#end(recording);
      else recording.reconcile();
    }
  }
}
