import { randomUUID } from 'node:crypto';
import type { RecordingGap } from '@cloud-hospital/protocol/sfu';
import { SYSTEM } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import { tellRecording } from './mark.ts';

/** Writes down that somebody is not, or was not, recorded, tells the call, and raises the alarm. Each replica may do it. */
export async function keepGap({ commands, log, metrics }: Services, gap: RecordingGap): Promise<void> {
  const { gapId, recordingId, peerId, reason, beganAt, endedAt } = gap;
  const isNew = await commands.run({ agent: SYSTEM, requestId: randomUUID() }, async (unit) => {
    const recording = await unit.tx
      .selectFrom('recording')
      .select(['encounter_id', 'stopped_at'])
      .where('id', '=', recordingId)
      .executeTakeFirst();
    if (recording === undefined) return false;
    const ended = endedAt === null ? recording.stopped_at : new Date(endedAt);
    const kept = await unit.tx
      .insertInto('recording_gap')
      .values({
        id: gapId,
        recording_id: recordingId,
        participant_id: peerId,
        reason,
        began_at: new Date(beganAt),
        ended_at: ended,
      })
      .onConflict((conflict) =>
        conflict
          .column('id')
          .doUpdateSet({ ended_at: ended })
          .where('recording_gap.ended_at', 'is', null)
          .where((eb) => eb.val(ended !== null)),
      )
      .returning('noticed_at')
      .executeTakeFirst();
    if (kept === undefined) return false;
    await tellRecording(unit, recording.encounter_id);
    return ended === null;
  });
  if (!isNew) return;
  metrics.recordingGaps.inc({ reason });
  log[reason === 'storage-full' ? 'error' : 'warn']({ recordingId, peerId, reason }, 'a participant is not recorded');
}
