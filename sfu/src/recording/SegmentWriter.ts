import { randomUUID } from 'node:crypto';
import type { SegmentHead, WebmPart } from '@cloud-hospital/protocol/sfu';
import { SealedFile, type SealedFileOptions } from './SealedFile.ts';

/** A segment is closed behind this much, with the next cluster that begins with a key frame. Milliseconds. */
export const SEGMENT_MS = 60_000;
/** A picture that gives no key frame is cut anyway. Milliseconds. */
const LONGEST_SEGMENT_MS = 75_000;

export type SegmentWriterOptions = Omit<SealedFileOptions, 'fileId'> & {
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
    this.#open ??= await this.#begin(part.firstMs);
    await this.#open.file.append(part.bytes);
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

  #isFull({ firstMs, startsWithKeyFrame }: Extract<WebmPart, { kind: 'cluster' }>): boolean {
    const length = firstMs - (this.#open?.firstMs ?? firstMs);
    const mayCut = startsWithKeyFrame || !this.#options.describe().hasVideo;
    return length >= LONGEST_SEGMENT_MS || (length >= SEGMENT_MS && mayCut);
  }

  async #begin(firstMs: number): Promise<{ file: SealedFile; segmentId: string; firstMs: number }> {
    if (this.#header === undefined) throw new Error('a cluster before the head of its stream');
    const { directory, key, reserveBytes, describe } = this.#options;
    const segmentId = randomUUID();
    const head: SegmentHead = { ...describe(), segmentId, ordinal: this.#ordinal };
    this.#ordinal += 1;
    const file = await SealedFile.create({ directory, fileId: segmentId, key, reserveBytes });
    await file.append(Buffer.from(JSON.stringify(head)));
    await file.append(this.#header);
    return { file, segmentId, firstMs };
  }
}
