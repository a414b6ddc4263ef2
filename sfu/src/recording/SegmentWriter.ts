import { randomUUID } from 'node:crypto';
import type { SegmentHead, WebmCluster, WebmPart } from '@cloud-hospital/protocol/sfu';
import { SealedFile, type SealedFileOptions } from './SealedFile.ts';

/** A picture that gives no key frame is cut anyway, when a segment is so many times as long as it should be. */
const LONGEST = 1.25;

export type SegmentWriterOptions = Omit<SealedFileOptions, 'fileId'> & {
  readonly segmentMs: number;
  /** What the take's segments have in common; asked for when the first one is opened. */
  readonly describe: () => Omit<SegmentHead, 'segmentId' | 'ordinal'>;
  readonly onStored: (segmentId: string) => void;
};

/** Puts one take's stream down as segments that can each be read by themselves: each repeats the stream's head. */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  #header: Uint8Array | undefined;
  #open: { readonly file: SealedFile; readonly segmentId: string; readonly firstMs: number } | undefined;
  #ordinal = 0;
  /** Where the stream is, milliseconds since the take's zero. */
  #lastMs = 0;

  constructor(options: SegmentWriterOptions) {
    this.#options = options;
  }

  get lastMs(): number {
    return this.#lastMs;
  }

  /** @throws StorageFull */
  async write(part: WebmPart): Promise<void> {
    if (part.kind === 'header') {
      this.#header = part.bytes;
      return;
    }
    if (this.#open !== undefined && this.#isFull(part)) await this.finish();
    if (this.#open === undefined) this.#open = await this.#begin(part);
    else await this.#open.file.append(part.bytes);
    this.#lastMs = part.lastMs;
  }

  /** What was written so far becomes a segment. @throws StorageFull */
  async finish(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return;
    await open.file.finish();
    this.#options.onStored(open.segmentId);
  }

  #isFull({ firstMs, startsWithKeyFrame }: WebmCluster): boolean {
    const { segmentMs, describe } = this.#options;
    const length = firstMs - (this.#open?.firstMs ?? firstMs);
    const mayCut = startsWithKeyFrame || !describe().hasVideo;
    return length >= segmentMs * LONGEST || (length >= segmentMs && mayCut);
  }

  /** With its first cluster, or not at all: a segment without any is none. */
  async #begin({ firstMs, bytes }: WebmCluster): Promise<{ file: SealedFile; segmentId: string; firstMs: number }> {
    if (this.#header === undefined) throw new Error('a cluster before the head of its stream');
    const { directory, key, reserveBytes, describe } = this.#options;
    const segmentId = randomUUID();
    const head: SegmentHead = { ...describe(), segmentId, ordinal: this.#ordinal };
    this.#ordinal += 1;
    const file = await SealedFile.create({ directory, fileId: segmentId, key, reserveBytes });
    try {
      await file.append(Buffer.from(JSON.stringify(head)));
      await file.append(this.#header);
      await file.append(bytes);
    } catch (error) {
      await file.discard();
      throw error;
    }
    return { file, segmentId, firstMs };
  }
}
