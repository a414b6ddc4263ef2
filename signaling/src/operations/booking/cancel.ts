import { AppError } from '@cloud-hospital/protocol';
import { Appointment, type CancelInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { runVisibleOnce } from '../denied.ts';
import { notify, withdrawNotices } from '../inbox/notify.ts';
import { withdrawVisit } from '../queue/withdrawVisit.ts';
import { appointmentNotice } from './appointmentNotice.ts';
import { lockAppointment, lockSlots, moveAppointment, moveSlot } from './change.ts';
import { cancelAppointmentJobs } from './reminders.ts';
import { assertVisibleAppointment, describeAppointment, isClinicStaff } from './visibility.ts';

/**
 * Gives up a hold or a booking and frees its slot. After check-in the visit is withdrawn with it, unless the specialist
 * is calling already.
 * @throws AppError VERSION_CONFLICT, INVALID_TRANSITION, NOT_FOUND
 */
export async function cancel(
  services: Services,
  context: ActorContext,
  input: z.infer<typeof CancelInput>,
): Promise<Appointment> {
  const actor = context.agent;
  return runVisibleOnce(
    services,
    context,
    { action: 'appointments.cancel', request: input, response: Appointment },
    async (unit) => {
      await assertVisibleAppointment(unit, actor, 'appointment:cancel', input.appointmentId);
      const found = await unit.tx
        .selectFrom('appointment')
        .leftJoin('encounter', 'encounter.appointment_id', 'appointment.id')
        .select(['appointment.slot_id', 'encounter.id as encounter_id'])
        .where('appointment.id', '=', input.appointmentId)
        .executeTakeFirstOrThrow();
      await lockSlots(unit.tx, [found.slot_id]);
      if (found.encounter_id !== null) await withdrawVisit(unit, found.encounter_id, 'appointment-cancelled');
      const appointment = await lockAppointment(unit.tx, input.appointmentId);
      if (appointment === undefined) throw new AppError('NOT_FOUND');
      if (appointment.version !== input.version) throw new AppError('VERSION_CONFLICT');
      // Checked in between our look at the visit and the lock: the client's version is old by then.
      if (appointment.status === 'checked-in' && found.encounter_id === null) throw new AppError('VERSION_CONFLICT');
      await moveAppointment(unit, appointment, 'cancelled', {
        cancelled_by: isClinicStaff(actor) ? 'clinic' : 'patient',
        cancellation_reason: input.reason,
      });
      await moveSlot(unit.tx, found.slot_id, 'free');
      cancelAppointmentJobs(unit, appointment.id);
      await withdrawNotices(unit, appointment.id);
      // Nobody was told of a hold.
      if (appointment.status !== 'pending') {
        await notify(unit, {
          kind: 'appointment-cancelled',
          ...(await appointmentNotice(unit, appointment.id)),
          dedupeKey: `cancelled:${appointment.id}`,
        });
      }
      unit.audit({
        action: 'appointment:cancel',
        entityKind: 'Appointment',
        entityId: appointment.id,
        patientId: appointment.patientId,
        reason: input.reason,
      });
      return describeAppointment(services, unit, appointment.id);
    },
  );
}
