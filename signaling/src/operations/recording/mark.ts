import { EncounterId } from '@cloud-hospital/protocol';
import type { RecordingMark } from '@cloud-hospital/protocol/rest';
import type { Kysely } from 'kysely';
import type { Unit } from '../../store/command.ts';
import { participantTopics } from '../../store/participantTopics.ts';
import type { Database } from '../../store/schema.ts';

/** What everybody in the call is to see of it; null: it isn't recorded. */
export async function recordingMark(db: Kysely<Database>, encounterId: string): Promise<RecordingMark | null> {
  const running = await db
    .selectFrom('recording')
    .select((eb) => [
      'started_at',
      eb
        .selectFrom('recording_gap')
        .select('reason')
        .whereRef('recording_gap.recording_id', '=', 'recording.id')
        .where('ended_at', 'is', null)
        .orderBy('began_at', 'desc')
        .limit(1)
        .as('trouble'),
    ])
    .where('encounter_id', '=', encounterId)
    .where('stopped_at', 'is', null)
    .executeTakeFirst();
  return running === undefined ? null : { since: running.started_at.toISOString(), trouble: running.trouble };
}

/** Everybody in the call hears it, and each replica brings the media node in line. */
export async function tellRecording(unit: Unit, encounterId: string): Promise<void> {
  unit.emit(await participantTopics(unit.tx, encounterId), 'recording:changed', {
    encounterId: EncounterId.parse(encounterId),
    recording: await recordingMark(unit.tx, encounterId),
  });
}
