import { AppError } from '@cloud-hospital/protocol';
import type { CancelledBy } from '@cloud-hospital/protocol/states';
import type { Unit } from '../../store/command.ts';
import { type LockedAppointment, lockAppointment, lockSlots, moveAppointment } from '../booking/change.ts';
import { freeSlot } from '../booking/freeSlot.ts';
import { cancelAppointmentJobs } from '../booking/reminders.ts';
import { withdrawNotices } from '../inbox/notify.ts';
import { withdrawVisit } from '../queue/withdrawVisit.ts';

/**
 * Ends an appointment whose time was taken out of the schedule and that doesn't move anywhere. After check-in the visit is
 * withdrawn with it.
 * @throws AppError INVALID_TRANSITION once the specialist is calling, NOT_FOUND
 */
export async function endAffected(unit: Unit, appointmentId: string, by: CancelledBy): Promise<LockedAppointment> {
  const found = await unit.tx
    .selectFrom('appointment')
    .leftJoin('encounter', 'encounter.appointment_id', 'appointment.id')
    .select(['appointment.slot_id', 'encounter.id as encounter_id'])
    .where('appointment.id', '=', appointmentId)
    .executeTakeFirst();
  if (found === undefined || found.slot_id === null) throw new AppError('NOT_FOUND');
  await lockSlots(unit.tx, [found.slot_id]);
  if (found.encounter_id !== null) await withdrawVisit(unit, found.encounter_id, 'appointment-cancelled');
  const appointment = await lockAppointment(unit.tx, appointmentId);
  if (appointment === undefined) throw new AppError('NOT_FOUND');
  await moveAppointment(unit, appointment, 'cancelled', {
    cancelled_by: by,
    cancellation_reason: 'schedule-changed',
  });
  // Only where the time is in the schedule again.
  await freeSlot(unit, found.slot_id);
  cancelAppointmentJobs(unit, appointmentId);
  await withdrawNotices(unit, appointmentId);
  return appointment;
}
