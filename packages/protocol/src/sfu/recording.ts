import { z } from 'zod';
import { NodeId, PeerId, RoomId } from '../common/ids.ts';
import { Instant } from '../common/values.ts';
import { RecordingGapReason } from '../states/recording.ts';

/** What is recorded together: a person's voice and face; what else they show, without sound. */
export const RecordedView = z.enum(['person', 'examination', 'screen']);
export type RecordedView = z.infer<typeof RecordedView>;

/**
 * First record of a segment's file. Rows are made from the file itself, so that nothing is said to be stored that can't
 * be read back, and none is lost with whoever should have told of it.
 */
export const SegmentHead = z.object({
  version: z.literal(1),
  recordingId: z.uuid(),
  segmentId: z.uuid(),
  /** One run of a recorder over one view of a participant; its segments one after the other are one Matroska stream. */
  takeId: z.uuid(),
  ordinal: z.int().min(0),
  roomId: RoomId,
  epoch: z.int().min(1),
  peerId: PeerId,
  view: RecordedView,
  hasVideo: z.boolean(),
  nodeId: NodeId,
  incarnation: z.uuid(),
  /** The instant of the take's timestamp 0, from its first packet; milliseconds since 1970. */
  zeroAt: z.number(),
});
export type SegmentHead = z.infer<typeof SegmentHead>;

export type { RecordingGapReason };

export const SegmentStored = z.object({ recordingId: z.uuid(), segmentId: z.uuid() });

/** Somebody was there and was not recorded. Told when it begins, and again with its end. */
export const RecordingGap = z.object({
  gapId: z.uuid(),
  recordingId: z.uuid(),
  peerId: PeerId.nullable(),
  reason: RecordingGapReason,
  beganAt: Instant,
  endedAt: Instant.nullable(),
});
export type RecordingGap = z.infer<typeof RecordingGap>;
