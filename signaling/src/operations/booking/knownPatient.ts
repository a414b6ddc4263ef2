import { sql } from 'kysely';
import type { Actor } from '../../domain/Actor.ts';
import type { Unit } from '../../store/command.ts';
import { hiddenError } from '../denied.ts';
import { accountOf } from './visibility.ts';

/** How long after looking a person up staff may act for them. Hours. */
const FOUND_HOURS = 24;

/** Whether staff have to do with this person: one of their clinic's patients, or looked up or registered by them today. */
export async function isKnownToStaff(unit: Unit, actor: Actor, patientId: string): Promise<boolean> {
  const { rows } = await sql<{ known: boolean }>`
    SELECT EXISTS (SELECT FROM appointment WHERE patient_id = ${patientId} AND location_id = ${actor.locationId})
        OR EXISTS (SELECT FROM encounter WHERE patient_id = ${patientId} AND location_id = ${actor.locationId})
        OR EXISTS (SELECT FROM audit_event WHERE entity_id = ${patientId} AND action IN ('patient:find', 'patient:register')
             AND outcome = 'success' AND actor_account = ${accountOf(actor)}
             AND recorded_at > now() - make_interval(hours => ${FOUND_HOURS}::int)) AS known`.execute(unit.tx);
  return rows[0]?.known === true;
}

/** @throws AppError NOT_FOUND for strangers as for people who don't exist; the former leaves an AuditEvent */
export async function assertKnownPatient(unit: Unit, actor: Actor, action: string, patientId: string): Promise<void> {
  const patient = await unit.tx.selectFrom('patient').select('id').where('id', '=', patientId).executeTakeFirst();
  if (patient !== undefined && (await isKnownToStaff(unit, actor, patientId))) return;
  throw hiddenError(patient !== undefined, { action, entityKind: 'Patient', entityId: patientId, patientId });
}
