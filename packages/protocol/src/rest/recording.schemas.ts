import { z } from 'zod';
import type { Face } from '../common/face.ts';
import { EncounterId, RecordingId, RecordingOpeningId } from '../common/ids.ts';
import { Instant } from '../common/values.ts';
import { RecordingGapReason, RecordingStopReason } from '../states/recording.ts';

/** What everybody in a call sees while it is recorded. */
export const RecordingMark = z.object({
  since: Instant,
  /** Why it stands still right now, although it is on. */
  trouble: RecordingGapReason.nullable(),
});
export type RecordingMark = z.infer<typeof RecordingMark>;

/** On the timeline of what is played: milliseconds from its beginning. */
const span = { fromMs: z.int().min(0), toMs: z.int().min(0) };

/** What there is of a consultation's recording. */
export const RecordingRecord = z.object({
  encounterId: EncounterId,
  /** none: never recorded; pending: to be put together when the machine is idle; empty: nothing was stored. */
  status: z.enum(['none', 'recording', 'pending', 'composed', 'failed', 'empty']),
  durationMs: z.int().nullable(),
  /** From one start to its stop, in order. They are played one behind the other. */
  parts: z.array(
    z.object({
      recordingId: RecordingId,
      startedAt: Instant,
      startedBy: z.string(),
      stoppedAt: Instant.nullable(),
      stopReason: RecordingStopReason.nullable(),
      ...span,
    }),
  ),
  consents: z.array(
    z.object({
      begunAt: Instant,
      endedAt: Instant.nullable(),
      method: z.string(),
      takenBy: z.string(),
      endedBy: z.string().nullable(),
    }),
  ),
  /** Who wasn't recorded when; null: nobody was. */
  gaps: z.array(
    z.object({ participant: z.string().nullable(), reason: RecordingGapReason, beganAt: Instant, ...span }),
  ),
  sha256: z.string().nullable(),
  manifestSha256: z.string().nullable(),
  retainUntil: Instant.nullable(),
});
export type RecordingRecord = z.infer<typeof RecordingRecord>;

export const RecordingOpening = z.object({ openingId: RecordingOpeningId });
export type RecordingOpening = z.infer<typeof RecordingOpening>;

/** The film itself, by ranges; for the session that opened it. A video element sends no headers: the face is in the address. */
export const recordingContentPath = (openingId: RecordingOpeningId, face: Face): string =>
  `/api/recording-openings/${openingId}/content?face=${face}`;
