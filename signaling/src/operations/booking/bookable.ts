import type { AppError } from '@cloud-hospital/protocol';
import type { Actor } from '../../domain/Actor.ts';
import type { Unit } from '../../store/command.ts';
import { isRepresenting } from '../../store/family.ts';
import { hiddenError } from '../denied.ts';
import { isKnownToStaff } from './knownPatient.ts';
import { assertMayBookOnline } from './noShows.ts';
import { accountOf, isClinicStaff } from './visibility.ts';

/**
 * Residents book for themselves and for family members who consented, as long as too many no-shows don't send them to a
 * desk; staff for a patient of their clinic or one they just looked up.
 */
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
    const isOwn = actor.patientId === patientId;
    if (!isOwn && !(await isRepresenting(unit.tx, accountOf(actor), patientId))) throw denied();
    await assertMayBookOnline(unit, actor, patientId);
    return;
  }
  if (!(await isKnownToStaff(unit, actor, patientId))) throw denied();
}
