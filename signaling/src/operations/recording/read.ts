import type { Kysely, Selectable } from 'kysely';
import { layOutRecording, type Timeline } from '../../domain/recordingTimeline.ts';
import type { RecordingSegmentTable, RecordingTable } from '../../store/recording.schema.ts';
import type { ConsentTable, Database } from '../../store/schema.ts';

export interface RecordedRows {
  readonly recordings: readonly Selectable<RecordingTable>[];
  readonly segments: readonly Selectable<RecordingSegmentTable>[];
  readonly consents: readonly Selectable<ConsentTable>[];
  readonly timeline: Timeline;
}

/** All that is known of a consultation's recording. @param now where one that still runs ends for now */
export async function readRecorded(db: Kysely<Database>, encounterId: string, now: Date): Promise<RecordedRows> {
  const recordings = await db
    .selectFrom('recording')
    .selectAll()
    .where('encounter_id', '=', encounterId)
    .orderBy('started_at')
    .execute();
  const consents = await db
    .selectFrom('consent')
    .selectAll()
    .where('encounter_id', '=', encounterId)
    .where('purpose', '=', 'recording')
    .where('status', 'in', ['active', 'inactive'])
    .orderBy('recorded_at')
    .execute();
  const ids = recordings.map(({ id }) => id);
  const [segments, gaps] =
    ids.length === 0
      ? [[], []]
      : await Promise.all([
          db
            .selectFrom('recording_segment')
            .selectAll()
            .where('recording_id', 'in', ids)
            .orderBy('zero_at')
            .orderBy('ordinal')
            .execute(),
          db.selectFrom('recording_gap').selectAll().where('recording_id', 'in', ids).orderBy('began_at').execute(),
        ]);
  const timeline = layOutRecording(
    recordings.map(({ id, started_at, stopped_at }) => ({
      recordingId: id,
      startedAt: started_at,
      stoppedAt: stopped_at ?? now,
    })),
    segments
      .filter(({ view }) => view === 'person')
      .map(({ recording_id, participant_id, first_at, last_at }) => ({
        recordingId: recording_id,
        participantId: participant_id,
        firstAt: first_at,
        lastAt: last_at,
      })),
    gaps.map(({ recording_id, participant_id, reason, began_at, ended_at }) => ({
      recordingId: recording_id,
      participantId: participant_id,
      reason,
      beganAt: began_at,
      endedAt: ended_at,
    })),
  );
  return { recordings, segments, consents, timeline };
}
