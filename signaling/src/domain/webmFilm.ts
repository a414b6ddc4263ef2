/**
 * The head of a WebM file (RFC 9559) in front of Clusters that were written to a pipe: with a length, and with an index,
 * so that a browser can jump in it. What the writer said about the tracks is taken over.
 */
const ID = {
  ebml: 0x1a45dfa3,
  segment: 0x18538067,
  info: 0x1549a966,
  tracks: 0x1654ae6b,
  timestampScale: 0x2ad7b1,
  duration: 0x4489,
  muxingApp: 0x4d80,
  writingApp: 0x5741,
  cues: 0x1c53bb6b,
  cuePoint: 0xbb,
  cueTime: 0xb3,
  cueTrackPositions: 0xb7,
  cueTrack: 0xf7,
  cueClusterPosition: 0xf1,
} as const;
/** Timestamps in milliseconds. */
const SCALE_NS = 1_000_000;
const MADE_BY = 'cloud-hospital';

/** Where a jump may land: a Cluster that begins with a key frame. */
export interface FilmCue {
  readonly timeMs: number;
  /** Of the Cluster, in the content. */
  readonly offset: number;
}

/**
 * @param header all that the writer put in front of its first Cluster
 * @param contentBytes of all Clusters
 * @throws Error without tracks
 */
export function filmHead(header: Buffer, contentBytes: number, durationMs: number, cues: readonly FilmCue[]): Buffer {
  const elements = topLevel(header);
  const ebml = elements.get(ID.ebml);
  const tracks = elements.get(ID.tracks);
  if (ebml === undefined || tracks === undefined) throw new Error('a film without tracks');
  const info = element(
    ID.info,
    element(ID.timestampScale, unsigned(SCALE_NS)),
    element(ID.duration, double(durationMs)),
    element(ID.muxingApp, Buffer.from(MADE_BY)),
    element(ID.writingApp, Buffer.from(MADE_BY)),
  );
  // Positions have a fixed width, so that the index is as long whatever it says.
  const index = (contentAt: number): Buffer =>
    element(
      ID.cues,
      ...cues.map(({ timeMs, offset }) =>
        element(
          ID.cuePoint,
          element(ID.cueTime, unsigned(timeMs)),
          element(
            ID.cueTrackPositions,
            element(ID.cueTrack, unsigned(1)),
            element(ID.cueClusterPosition, unsigned(contentAt + offset)),
          ),
        ),
      ),
    );
  const contentAt = info.length + tracks.length + index(0).length;
  return Buffer.concat([
    ebml,
    idBytes(ID.segment),
    sizeBytes(contentAt + contentBytes),
    info,
    tracks,
    index(contentAt),
  ]);
}

/** Elements of a header, whole, also those inside the Segment. */
function topLevel(header: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at < header.length; ) {
    const idLength = Math.clz32(header[at] ?? 0) - 23;
    const id = header.readUIntBE(at, idLength);
    const sizeLength = Math.clz32(header[at + idLength] ?? 0) - 23;
    const start = at + idLength + sizeLength;
    if (id === ID.segment) {
      at = start;
      continue;
    }
    let size = (header[at + idLength] ?? 0) & (2 ** (8 - sizeLength) - 1);
    for (let index = at + idLength + 1; index < start; index += 1) size = size * 256 + (header[index] ?? 0);
    found.set(id, header.subarray(at, start + size));
    at = start + size;
  }
  return found;
}

const element = (id: number, ...content: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  return Buffer.concat([idBytes(id), sizeBytes(body.length), body]);
};

function idBytes(id: number): Buffer {
  const bytes = Buffer.alloc(Math.ceil((32 - Math.clz32(id)) / 8));
  bytes.writeUIntBE(id, 0, bytes.length);
  return bytes;
}

/** Always eight bytes: valid for any size. */
function sizeBytes(size: number): Buffer {
  const bytes = unsigned(size);
  bytes[0] = 0x01;
  return bytes;
}

function unsigned(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
}
