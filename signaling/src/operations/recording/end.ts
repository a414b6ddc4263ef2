import type { RecordingStopReason } from '@cloud-hospital/protocol/states';
import type { Unit } from '../../store/command.ts';
import { tellRecording } from './mark.ts';

/**
 * Ends the recording of a consultation, if one runs: from this commit on no packet of it may be taken.
 * @returns whether one ran
 */
export async function endRecording(unit: Unit, encounterId: string, reason: RecordingStopReason): Promise<boolean> {
  const ended = await unit.tx
    .updateTable('recording')
    .set({ stopped_at: unit.now, stop_reason: reason })
    .where('encounter_id', '=', encounterId)
    .where('stopped_at', 'is', null)
    .returning(['id', 'patient_id'])
    .executeTakeFirst();
  if (ended === undefined) return false;
  await unit.tx
    .updateTable('recording_gap')
    .set({ ended_at: unit.now })
    .where('recording_id', '=', ended.id)
    .where('ended_at', 'is', null)
    .execute();
  await unit.tx
    .insertInto('recording_composition')
    .values({ encounter_id: encounterId, patient_id: ended.patient_id })
    .onConflict((conflict) => conflict.column('encounter_id').doNothing())
    .execute();
  unit.audit({
    action: 'recording:stop',
    entityKind: 'Recording',
    entityId: ended.id,
    patientId: ended.patient_id,
    reason,
    details: { encounterId },
  });
  await tellRecording(unit, encounterId);
  return true;
}
