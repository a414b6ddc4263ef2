import { z } from 'zod';

/**
 * Why somebody who was there was not recorded:
 * - storage-full: no room on the disk
 * - recorder-failed: the recording program ended by itself
 * - no-media: nothing came from the participant
 * - unsupervised: no replica could have told the media node of a withdrawal
 * - on-hold: the specialist held the call; what is said meanwhile isn't the resident's
 * - room-moved: the room went to another media node or worker
 * - unknown: a part is missing or can't be read
 */
export const RecordingGapReason = z.enum([
  'storage-full',
  'recorder-failed',
  'no-media',
  'unsupervised',
  'on-hold',
  'room-moved',
  'unknown',
]);
export type RecordingGapReason = z.infer<typeof RecordingGapReason>;

export const RecordingStopReason = z.enum(['specialist', 'withdrawn', 'ended']);
export type RecordingStopReason = z.infer<typeof RecordingStopReason>;
