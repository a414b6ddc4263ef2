import type { Unit } from '../../store/command.ts';
import { lockAppointment, moveAppointment } from './change.ts';
import { openScheduleChangeOf } from '../schedule/closeChange.ts';

/**
 * Job `appointment.no-show`: nobody checked in until well after the start. The slot stays busy, its time is over.
 * @returns false when the appointment is no longer merely booked, or hasn't begun yet
 */
export async function markNoShow(unit: Unit, appointmentId: string): Promise<boolean> {
  const appointment = await lockAppointment(unit.tx, appointmentId);
  if (appointment?.status !== 'booked' || appointment.start > unit.now) return false;
  // The specialist wasn't there: it lapses, and nobody missed anything.
  if ((await openScheduleChangeOf(unit, appointmentId)) !== null) return false;
  await moveAppointment(unit, appointment, 'noshow');
  unit.audit({
    action: 'appointment:no-show',
    entityKind: 'Appointment',
    entityId: appointment.id,
    patientId: appointment.patientId,
    reason: 'patient',
  });
  return true;
}
