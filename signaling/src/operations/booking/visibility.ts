import { AppError, CLINIC_STAFF_ROLES } from '@cloud-hospital/protocol';
import type { Actor } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import {
  type AppointmentRow,
  appointmentViews,
  type AppointmentWords,
  selectAppointments,
} from '../../store/appointment.view.ts';
import type { Unit } from '../../store/command.ts';
import { isVisibleToAccount } from '../../store/family.ts';
import type { Appointment } from '@cloud-hospital/protocol/rest';
import { hiddenError } from '../denied.ts';
import { changeableUntil, changeCutoffMinutes } from './changeableUntil.ts';
import { phoneCheckInFrom } from '../phoneVisit/checkInFrom.ts';
import { ticketQr } from './ticketQr.ts';

export const isClinicStaff = (actor: Actor): boolean => CLINIC_STAFF_ROLES.some((role) => role === actor.role);

/** The clinic of the signed-in staff. @throws AppError FORBIDDEN for everybody else */
export function staffLocation(actor: Actor): string {
  if (!isClinicStaff(actor) || actor.locationId === null) throw new AppError('FORBIDDEN');
  return actor.locationId;
}

/** The account that acts. @throws AppError FORBIDDEN for a terminal without staff */
export function accountOf(actor: Actor): string {
  if (actor.userId === null) throw new AppError('FORBIDDEN');
  return actor.userId;
}

/**
 * Query of the appointments an actor may see: residents their own and their family's, staff those of their clinic.
 * Until staff have once seen the identity card, an account sees only what it booked itself: phone numbers are recycled.
 */
export function visibleAppointments(unit: Pick<Unit, 'tx'>, actor: Actor) {
  const query = selectAppointments(unit.tx);
  if (isClinicStaff(actor)) return query.where('appointment.location_id', '=', staffLocation(actor));
  if (actor.role !== 'resident' || actor.patientId === null) throw new AppError('FORBIDDEN');
  const { patientId } = actor;
  return query.innerJoin('patient', 'patient.id', 'appointment.patient_id').where(
    isVisibleToAccount(accountOf(actor), patientId, {
      patientId: 'appointment.patient_id',
      bookedBy: 'appointment.booked_by_account',
    }),
  );
}

/** @throws AppError NOT_FOUND when it doesn't exist or isn't the actor's; the latter leaves an AuditEvent */
export async function assertVisibleAppointment(
  unit: Unit,
  actor: Actor,
  action: string,
  appointmentId: string,
): Promise<AppointmentRow> {
  const row = await visibleAppointments(unit, actor).where('appointment.id', '=', appointmentId).executeTakeFirst();
  if (row !== undefined) return row;
  const foreign = await unit.tx
    .selectFrom('appointment')
    .select('patient_id')
    .where('id', '=', appointmentId)
    .executeTakeFirst();
  throw hiddenError(foreign !== undefined, {
    action,
    entityKind: 'Appointment',
    entityId: appointmentId,
    patientId: foreign?.patient_id ?? null,
  });
}

export const appointmentWords = ({ config }: Services, { now }: Pick<Unit, 'now'>): AppointmentWords => ({
  now,
  ticketQr: (appointmentId) => ticketQr(config, appointmentId),
  changeableUntil: (start) => changeableUntil(config, start),
  changeCutoffMinutes: changeCutoffMinutes(config),
  phoneCheckInFrom: (start) => phoneCheckInFrom(config, start),
});

/** What the client gets back after a change: the appointment as it is now inside the transaction. */
export async function describeAppointment(services: Services, unit: Unit, appointmentId: string): Promise<Appointment> {
  const row = await selectAppointments(unit.tx).where('appointment.id', '=', appointmentId).executeTakeFirstOrThrow();
  const [view] = await appointmentViews(unit.tx, [row], appointmentWords(services, unit));
  if (view === undefined) throw new AppError('INTERNAL');
  return view;
}
