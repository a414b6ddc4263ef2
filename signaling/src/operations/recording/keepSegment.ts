import { createHash } from 'node:crypto';
import { SegmentHead, WebmSplitter } from '@cloud-hospital/protocol/sfu';
import type { Insertable } from 'kysely';
import type { Services } from '../../Services.ts';
import { type EncryptedFiles, OVERHEAD_BYTES, RECORD_BYTES } from '../../store/EncryptedFiles.ts';
import type { RecordingSegmentTable } from '../../store/recording.schema.ts';

type Row = Insertable<RecordingSegmentTable>;

/** How its recorder left it: finished; finished as far as its name says; in the middle of it. */
export type SegmentState = 'whole' | 'maybe-torn' | 'part';
type Found = { readonly row: Row } | { readonly row: undefined; readonly unread: number };

/**
 * Reads a segment back from the disk, every byte of it, and writes its row: what isn't there to be read is never said to
 * be stored. Several replicas may do it at once; doing it twice is doing it once.
 * What its recorder died over is kept up to the first part that isn't whole; where not even one second of sound or
 * picture is, the file is removed.
 * @returns false when there was nothing of it
 */
export async function keepSegment(
  { db, recordings, log }: Services,
  recordingId: string,
  segmentId: string,
  state: SegmentState = 'whole',
): Promise<boolean> {
  const files = recordings.of(recordingId);
  const { row, ...found } = await describeSegment(files, segmentId, state);
  if (row === undefined) {
    // What can't be read although much of it is there is for a person to see.
    const isEmpty = state !== 'whole' && 'unread' in found && found.unread < RECORD_BYTES + OVERHEAD_BYTES;
    if (isEmpty) await files.remove(segmentId);
    log.warn({ recordingId, segmentId, removed: isEmpty }, 'a segment of a recording holds nothing');
    return false;
  }
  if (row.recording_id !== recordingId) throw new Error('a segment of another recording');
  await db
    .insertInto('recording_segment')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return true;
}

async function describeSegment(files: EncryptedFiles, segmentId: string, state: SegmentState): Promise<Found> {
  const size = await files.size(segmentId);
  const hash = createHash('sha256');
  const splitter = new WebmSplitter();
  let head: SegmentHead | undefined;
  let lead = 0;
  let headerBytes = 0;
  let received = 0;
  let stored = 0;
  let firstMs: number | undefined;
  let lastMs = 0;
  let isTorn = false;
  try {
    for await (const content of files.read(segmentId, size)) {
      received += content.length;
      stored += content.length + OVERHEAD_BYTES;
      hash.update(content);
      if (head === undefined) {
        head = SegmentHead.parse(JSON.parse(content.toString()));
        lead = content.length;
        continue;
      }
      for (const part of splitter.push(content)) {
        if (part.kind === 'header') {
          headerBytes = part.bytes.length;
          continue;
        }
        firstMs ??= part.firstMs;
        lastMs = part.lastMs;
      }
    }
  } catch (error) {
    if (state === 'whole') throw error;
    isTorn = true;
  }
  if (head === undefined || firstMs === undefined) return { row: undefined, unread: size - stored };
  const row = {
    id: segmentId,
    recording_id: head.recordingId,
    take_id: head.takeId,
    ordinal: head.ordinal,
    participant_id: head.peerId,
    view: head.view,
    has_video: head.hasVideo,
    node_id: head.nodeId,
    zero_at: new Date(head.zeroAt),
    first_at: new Date(head.zeroAt + firstMs),
    last_at: new Date(head.zeroAt + lastMs),
    lead_bytes: lead,
    header_bytes: headerBytes,
    received_bytes: received,
    stored_bytes: stored,
    sha256_stored: await files.hashStored(segmentId, stored),
    sha256: hash.digest('hex'),
    recovered: isTorn || state === 'part',
  };
  return { row };
}
