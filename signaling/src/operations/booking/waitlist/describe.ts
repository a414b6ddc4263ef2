import { AppError } from '@cloud-hospital/protocol';
import type { WaitlistEntry } from '@cloud-hospital/protocol/rest';
import type { Actor } from '../../../domain/Actor.ts';
import type { Unit } from '../../../store/command.ts';
import { isVisibleToAccount } from '../../../store/family.ts';
import { selectWaiting, waitlistViews } from '../../../store/waitlist.view.ts';
import { hiddenError } from '../../denied.ts';
import { accountOf, isClinicStaff, staffLocation } from '../visibility.ts';

/** Who may see a place on the list: the resident, the family member who joined for them, the clinic they will come to. */
export function visibleWaiting(unit: Pick<Unit, 'tx'>, actor: Actor) {
  const query = selectWaiting(unit.tx);
  if (isClinicStaff(actor)) return query.where('appointment.location_id', '=', staffLocation(actor));
  if (actor.role !== 'resident' || actor.patientId === null) throw new AppError('FORBIDDEN');
  const { patientId } = actor;
  return query.innerJoin('patient', 'patient.id', 'appointment.patient_id').where((eb) =>
    eb.or([
      eb('appointment.patient_id', '=', patientId),
      isVisibleToAccount(accountOf(actor), patientId, {
        patientId: 'appointment.patient_id',
        bookedBy: 'appointment.booked_by_account',
      }),
    ]),
  );
}

/** @throws AppError NOT_FOUND when it doesn't exist or isn't the actor's; the latter leaves an AuditEvent */
export async function assertVisibleWaiting(
  unit: Unit,
  actor: Actor,
  action: string,
  appointmentId: string,
): Promise<void> {
  const row = await visibleWaiting(unit, actor).where('appointment.id', '=', appointmentId).executeTakeFirst();
  if (row !== undefined) return;
  const foreign = await unit.tx
    .selectFrom('appointment')
    .select(['patient_id', 'location_id'])
    .where('id', '=', appointmentId)
    .executeTakeFirst();
  const isOwn =
    foreign !== undefined &&
    (isClinicStaff(actor) ? foreign.location_id === actor.locationId : foreign.patient_id === actor.patientId);
  throw hiddenError(foreign !== undefined && !isOwn, {
    action,
    entityKind: 'Appointment',
    entityId: appointmentId,
    patientId: foreign?.patient_id ?? null,
  });
}

export async function describeWaiting(unit: Unit, appointmentId: string): Promise<WaitlistEntry> {
  const rows = await selectWaiting(unit.tx).where('appointment.id', '=', appointmentId).execute();
  const [view] = await waitlistViews(unit.tx, rows, unit.now);
  if (view === undefined) throw new AppError('NOT_FOUND');
  return view;
}
