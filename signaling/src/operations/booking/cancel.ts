import { AppError } from '@cloud-hospital/protocol';
import { Appointment, type CancelInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { runVisibleOnce } from '../denied.ts';
import { notify, withdrawNotices } from '../inbox/notify.ts';
import { withdrawVisit } from '../queue/withdrawVisit.ts';
import { appointmentNotice } from './appointmentNotice.ts';
import { lockAppointment, lockSlots, moveAppointment } from './change.ts';
import { assertBeforeCutOff } from './cutOff.ts';
import { freeSlot } from './freeSlot.ts';
import { cancelAppointmentJobs } from './reminders.ts';
import { closeOffer } from './waitlist/closeOffer.ts';
import { assertVisibleAppointment, describeAppointment, isClinicStaff } from './visibility.ts';

/**
 * Gives up a hold or a booking and frees its slot. After check-in the visit is withdrawn with it, unless the specialist
 * is calling already. Near the start only the clinic can.
 * @throws AppError TOO_LATE_TO_CHANGE, VERSION_CONFLICT, INVALID_TRANSITION, NOT_FOUND
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
      const { slot_id: slotId, encounter_id: encounterId } = await unit.tx
        .selectFrom('appointment')
        .leftJoin('encounter', 'encounter.appointment_id', 'appointment.id')
        .select(['appointment.slot_id', 'encounter.id as encounter_id'])
        .where('appointment.id', '=', input.appointmentId)
        .executeTakeFirstOrThrow();
      if (slotId === null) throw new AppError('NOT_FOUND');
      await lockSlots(unit.tx, [slotId]);
      if (encounterId !== null) await withdrawVisit(unit, encounterId, 'appointment-cancelled');
      const appointment = await lockAppointment(unit.tx, input.appointmentId);
      if (appointment === undefined) throw new AppError('NOT_FOUND');
      if (appointment.version !== input.version) throw new AppError('VERSION_CONFLICT');
      // Checked in between our look at the visit and the lock: the client's version is old by then.
      if (appointment.status === 'checked-in' && encounterId === null) throw new AppError('VERSION_CONFLICT');
      if (appointment.status === 'booked' || appointment.status === 'checked-in') {
        assertBeforeCutOff(unit, services.config, actor, appointment.start);
      }
      await moveAppointment(unit, appointment, 'cancelled', {
        cancelled_by: isClinicStaff(actor) ? 'clinic' : 'patient',
        cancellation_reason: input.reason,
      });
      await closeOffer(unit, appointment.id, 'declined');
      await freeSlot(unit, slotId);
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
