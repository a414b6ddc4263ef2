import type { NotNull } from 'kysely';
import { summarisePresence, type PresenceSummary } from '../../domain/presence.ts';
import type { ReportFacts } from '../../domain/reportDocument.ts';
import type { Unit } from '../../store/command.ts';
import { loadRefs } from '../../store/refs.ts';

async function presenceOf(unit: Unit, encounterId: string, endedAt: Date | null): Promise<PresenceSummary[]> {
  const [participants, events] = await Promise.all([
    unit.tx
      .selectFrom('participant')
      .leftJoin('guest_link', 'guest_link.id', 'participant.guest_link_id')
      .select(['participant.id', 'participant.role', 'participant.display_name as name', 'guest_link.kind as guest'])
      .where('participant.encounter_id', '=', encounterId)
      .orderBy('participant.role')
      .orderBy('participant.id')
      .execute(),
    unit.tx
      .selectFrom('presence_event')
      .select(['participant_id as participantId', 'kind', 'at'])
      .where('encounter_id', '=', encounterId)
      .orderBy('id')
      .execute(),
  ]);
  return summarisePresence(participants, events, endedAt);
}

/** Everything about a visit that goes into its signed document. */
export async function encounterFacts(
  unit: Unit,
  encounterId: string,
): Promise<Omit<ReportFacts, 'reportId' | 'version' | 'signedAt' | 'keyId' | 'content' | 'images'>> {
  const row = await unit.tx
    .selectFrom('encounter')
    .select([
      'patient_id',
      'practitioner_role_id',
      'location_id',
      'complaint',
      'scheduled_start',
      'checked_in_at',
      'started_at',
      'ended_at',
    ])
    .where('id', '=', encounterId)
    // A visit with a report has had its specialist.
    .$narrowType<{ practitioner_role_id: NotNull }>()
    .executeTakeFirstOrThrow();
  const refs = await loadRefs(
    unit.tx,
    { patients: [row.patient_id], clinics: [row.location_id], specialists: [row.practitioner_role_id] },
    unit.now,
  );
  return {
    encounterId,
    patient: refs.patient(row.patient_id),
    specialist: refs.specialist(row.practitioner_role_id),
    clinic: refs.clinic(row.location_id),
    complaint: row.complaint,
    scheduledStart: row.scheduled_start,
    checkedInAt: row.checked_in_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    presence: await presenceOf(unit, encounterId, row.ended_at),
  };
}
