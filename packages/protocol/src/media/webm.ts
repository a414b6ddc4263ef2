/**
 * As much of Matroska (RFC 9559) as cutting a live stream needs: what stands in front of the first Cluster, and each
 * Cluster whole. Pure, because the media node cuts by it and signaling reads what was cut.
 */
export interface WebmCluster {
  readonly bytes: Uint8Array;
  /** Time of its first block and of its last, milliseconds since the stream's zero. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** Begins with a key frame of track 1. */
  readonly startsWithKeyFrame: boolean;
}
export type WebmPart = { readonly kind: 'header'; readonly bytes: Uint8Array } | ({ kind: 'cluster' } & WebmCluster);

const ID = {
  ebml: 0x1a45dfa3,
  segment: 0x18538067,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  blockGroup: 0xa0,
  block: 0xa1,
  simpleBlock: 0xa3,
  referenceBlock: 0xfb,
} as const;
const KEY_FRAME_FLAG = 0x80;
/** No element that is held whole is anywhere near as large; more means that this isn't such a stream. */
const MOST_BYTES = 64 * 1024 * 1024;

interface Element {
  readonly id: number;
  /** Undefined: unknown, as of a Segment that is still being written. */
  readonly size: number | undefined;
  /** Of the content. */
  readonly start: number;
}

/** @returns undefined when its head isn't all there yet */
function elementAt(bytes: Uint8Array, at: number): Element | undefined {
  const idLength = lengthOf(bytes[at]);
  const sizeAt = at + idLength;
  const sizeLength = lengthOf(bytes[sizeAt]);
  if (idLength === 0 || sizeLength === 0 || sizeAt + sizeLength > bytes.length) return undefined;
  let id = 0;
  for (let index = at; index < sizeAt; index += 1) id = id * 256 + (bytes[index] ?? 0);
  const mask = 2 ** (8 - sizeLength) - 1;
  let size = (bytes[sizeAt] ?? 0) & mask;
  let unknown = size === mask;
  for (let index = sizeAt + 1; index < sizeAt + sizeLength; index += 1) {
    unknown &&= bytes[index] === 0xff;
    size = size * 256 + (bytes[index] ?? 0);
  }
  return { id, size: unknown ? undefined : size, start: sizeAt + sizeLength };
}

/** Bytes of a variable-length number, by the leading zeros of its first byte; 0: not there, or none. */
const lengthOf = (first: number | undefined): number =>
  first === undefined || first === 0 ? 0 : Math.clz32(first) - 23;

/** @throws Error when it isn't what an unfinished Matroska stream looks like */
export class WebmSplitter {
  #rest = new Uint8Array(0);
  #header: Uint8Array[] = [];
  #begun = false;

  push(chunk: Uint8Array): WebmPart[] {
    this.#rest = this.#rest.length === 0 ? chunk.slice() : joined([this.#rest, chunk]);
    const parts: WebmPart[] = [];
    for (;;) {
      const element = elementAt(this.#rest, 0);
      if (element === undefined) break;
      // Of a Segment only the head is taken; what is inside follows.
      const end = element.id === ID.segment ? element.start : element.start + sizeOf(element);
      if (end > this.#rest.length) break;
      const bytes = this.#rest.subarray(0, end);
      this.#rest = this.#rest.slice(end);
      if (element.id !== ID.cluster) {
        // Behind the first Cluster come an index and tags of the whole, which a part can do without.
        if (!this.#begun) this.#header.push(bytes);
        continue;
      }
      if (!this.#begun) {
        parts.push({ kind: 'header', bytes: joined(this.#header) });
        this.#header = [];
        this.#begun = true;
      }
      parts.push({ kind: 'cluster', bytes, ...timesOf(bytes.subarray(element.start)) });
    }
    return parts;
  }
}

function sizeOf({ size }: Element): number {
  if (size === undefined || size > MOST_BYTES) throw new Error('not a stream of whole clusters');
  return size;
}

function timesOf(content: Uint8Array): Omit<WebmCluster, 'bytes'> {
  let base = 0;
  const blocks: { ms: number; isKey: boolean }[] = [];
  for (let at = 0; at < content.length; ) {
    const element = elementAt(content, at);
    if (element === undefined) throw new Error('a cluster is damaged');
    const body = content.subarray(element.start, element.start + sizeOf(element));
    if (element.id === ID.timestamp) base = body.reduce((sum, byte) => sum * 256 + byte, 0);
    if (element.id === ID.simpleBlock) blocks.push(blockOf(body, base, undefined));
    if (element.id === ID.blockGroup) blocks.push(...grouped(body, base));
    at = element.start + body.length;
  }
  const times = blocks.map(({ ms }) => ms);
  return {
    firstMs: Math.min(base, ...times),
    lastMs: Math.max(base, ...times),
    startsWithKeyFrame: blocks[0]?.isKey ?? false,
  };
}

/** A BlockGroup says by its ReferenceBlock that it isn't a key frame. */
function grouped(group: Uint8Array, base: number): { ms: number; isKey: boolean }[] {
  let block: Uint8Array | undefined;
  let refers = false;
  for (let at = 0; at < group.length; ) {
    const element = elementAt(group, at);
    if (element === undefined) break;
    const end = element.start + sizeOf(element);
    if (element.id === ID.block) block = group.subarray(element.start, end);
    if (element.id === ID.referenceBlock) refers = true;
    at = end;
  }
  return block === undefined ? [] : [blockOf(block, base, !refers)];
}

function blockOf(body: Uint8Array, base: number, isKey: boolean | undefined): { ms: number; isKey: boolean } {
  const trackLength = lengthOf(body[0]);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const isFirstTrack = trackLength === 1 && body[0] === 0x81;
  const flags = body[trackLength + 2] ?? 0;
  return {
    ms: base + view.getInt16(trackLength),
    isKey: isFirstTrack && (isKey ?? (flags & KEY_FRAME_FLAG) !== 0),
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
