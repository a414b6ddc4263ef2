import { sql } from 'kysely';
import type { AppError } from '@cloud-hospital/protocol';
import type { Actor } from '../../domain/Actor.ts';
import type { Unit } from '../../store/command.ts';
import { hiddenError } from '../denied.ts';
import { accountOf, isClinicStaff } from './visibility.ts';

/** How long after looking a person up staff may book for them. Hours. */
const FOUND_HOURS = 24;

/** Residents book for themselves, staff for a patient of their clinic or one they just looked up. */
export async function assertBookable(unit: Unit, actor: Actor, patientId: string): Promise<void> {
  // Locks the patient, so that the number of active bookings can be counted.
  const patient = await unit.tx
    .selectFrom('patient')
    .select('id')
    .where('id', '=', patientId)
    .forNoKeyUpdate()
    .executeTakeFirst();
  const denied = (): AppError =>
    hiddenError(patient !== undefined, {
      action: 'appointment:book',
      entityKind: 'Patient',
      entityId: patientId,
      patientId: patient?.id ?? null,
    });
  if (patient === undefined) throw denied();
  if (!isClinicStaff(actor)) {
    if (actor.patientId !== patientId) throw denied();
    return;
  }
  const { rows } = await sql<{ known: boolean }>`
    SELECT EXISTS (SELECT FROM appointment WHERE patient_id = ${patientId} AND location_id = ${actor.locationId})
        OR EXISTS (SELECT FROM encounter WHERE patient_id = ${patientId} AND location_id = ${actor.locationId})
        OR EXISTS (SELECT FROM audit_event WHERE entity_id = ${patientId} AND action = 'patient:find'
             AND outcome = 'success' AND actor_account = ${accountOf(actor)}
             AND recorded_at > now() - make_interval(hours => ${FOUND_HOURS}::int)) AS known`.execute(unit.tx);
  if (rows[0]?.known !== true) throw denied();
}
