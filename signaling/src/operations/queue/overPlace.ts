import { EncounterId, PatientId, QueueEntryId } from '@cloud-hospital/protocol';
import type { QueuePlace } from '@cloud-hospital/protocol/rest';
import { type Kysely, sql } from 'kysely';
import type { Database } from '../../store/schema.ts';

/** The place of an entry that waits no more and is in no call: nobody ahead, nothing to expect, only how it ended. */
export async function overPlace(db: Kysely<Database>, queueEntryId: string): Promise<QueuePlace> {
  const row = await db
    .selectFrom('queue_entry as entry')
    .innerJoin('queue', 'queue.id', 'entry.queue_id')
    .innerJoin('encounter', 'encounter.id', 'entry.encounter_id')
    .leftJoin('practitioner_role as role', 'role.id', 'queue.practitioner_role_id')
    .leftJoin('practitioner', 'practitioner.id', 'role.practitioner_id')
    .innerJoin('department', (join) =>
      join.on(sql<boolean>`department.code = coalesce(role.department_code, queue.department_code)`),
    )
    .leftJoin('availability', 'availability.practitioner_role_id', 'role.id')
    .select([
      'entry.encounter_id',
      'entry.patient_id',
      'entry.state',
      'queue.version',
      'encounter.ticket_number',
      'practitioner.name',
      'department.name_zh',
      'department.name_en',
      'availability.state as availability',
      'availability.break_until',
      sql<Date>`now()`.as('now'),
    ])
    .where('entry.id', '=', queueEntryId)
    .executeTakeFirstOrThrow();
  return {
    queueEntryId: QueueEntryId.parse(queueEntryId),
    encounterId: EncounterId.parse(row.encounter_id),
    patientId: PatientId.parse(row.patient_id),
    version: Number(row.version),
    state: row.state,
    ticketNumber: row.ticket_number,
    position: null,
    ahead: 0,
    expected: null,
    noPromise: null,
    promise: null,
    orderReason: 'first-come',
    specialistName: row.name,
    departmentName: { zh: row.name_zh, en: row.name_en },
    availability: row.availability ?? 'off',
    breakUntil: row.break_until?.toISOString() ?? null,
    lateStart: null,
    computedAt: row.now.toISOString(),
  };
}
