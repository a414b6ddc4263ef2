import { topic } from '../../../domain/topics.ts';
import type { Unit } from '../../../store/command.ts';

/** Tells everybody who waits for this specialist, and whoever just left the list, that places may have changed. */
export async function announceWaitlist(unit: Unit, practitionerRoleId: string, patientId: string): Promise<void> {
  const others = await unit.tx
    .selectFrom('appointment')
    .select('patient_id')
    .where('practitioner_role_id', '=', practitionerRoleId)
    .where('status', '=', 'waitlist')
    .execute();
  const patients = new Set([patientId, ...others.map((row) => row.patient_id)]);
  unit.emit([...patients].map(topic.patient), 'waitlist:changed', {});
}
