import { type EncounterId, RecordingId } from '@cloud-hospital/protocol';
import type { RecordingRecord } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { runVisible } from '../denied.ts';
import { assertVisibleEncounter } from '../encounter/visibility.ts';
import { type RecordedRows, readRecorded } from './read.ts';

type Composition = {
  readonly status: 'pending' | 'composed' | 'failed' | 'empty';
  readonly duration_ms: string | null;
};

/** What there is of a consultation's recording, without its content. @throws AppError NOT_FOUND */
export const getRecording = (
  services: Services,
  context: ActorContext,
  { encounterId }: { readonly encounterId: EncounterId },
): Promise<RecordingRecord> =>
  runVisible(services, context, async (unit) => {
    const { patientId } = await assertVisibleEncounter(unit, context.agent, 'recording:read', encounterId);
    const rows = await readRecorded(unit.tx, encounterId, unit.now);
    const composition = await unit.tx
      .selectFrom('recording_composition')
      .select(['status', 'duration_ms', 'sha256', 'manifest_sha256'])
      .where('encounter_id', '=', encounterId)
      .executeTakeFirst();
    const people = await unit.tx
      .selectFrom('participant')
      .select(['id', 'display_name'])
      .where('encounter_id', '=', encounterId)
      .execute();
    const names = new Map(people.map(({ id, display_name }) => [id, display_name]));
    unit.audit({ action: 'recording:read', entityKind: 'Encounter', entityId: encounterId, patientId });
    const retainUntil = rows.recordings.map(({ retain_until }) => retain_until.toISOString()).toSorted();
    return {
      encounterId,
      status: statusOf(rows, composition),
      durationMs:
        composition === undefined || composition.duration_ms === null ? null : Number(composition.duration_ms),
      parts: rows.timeline.parts.flatMap(({ recordingId, fromMs, toMs }) => {
        const row = rows.recordings.find(({ id }) => id === recordingId);
        if (row === undefined) return [];
        return {
          recordingId: RecordingId.parse(recordingId),
          startedAt: row.started_at.toISOString(),
          startedBy: row.started_by_name,
          stoppedAt: row.stopped_at?.toISOString() ?? null,
          stopReason: row.stop_reason,
          fromMs,
          toMs,
        };
      }),
      consents: rows.consents.map((row) => ({
        begunAt: row.recorded_at.toISOString(),
        endedAt: row.ended_at?.toISOString() ?? null,
        method: row.method,
        takenBy: row.recorded_by_name,
        endedBy: row.ended_by_name,
      })),
      gaps: rows.timeline.gaps.map(({ participantId, reason, beganAt, fromMs, toMs }) => ({
        participant: participantId === null ? null : (names.get(participantId) ?? null),
        reason,
        beganAt: beganAt.toISOString(),
        fromMs,
        toMs,
      })),
      sha256: composition?.sha256 ?? null,
      manifestSha256: composition?.manifest_sha256 ?? null,
      retainUntil: retainUntil.at(-1) ?? null,
    };
  });

function statusOf({ recordings }: RecordedRows, composition: Composition | undefined): RecordingRecord['status'] {
  if (recordings.length === 0) return 'none';
  return recordings.some(({ stopped_at }) => stopped_at === null) ? 'recording' : (composition?.status ?? 'pending');
}
