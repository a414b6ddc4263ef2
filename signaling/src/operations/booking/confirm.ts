import { AppError } from '@cloud-hospital/protocol';
import { Appointment, type ConfirmInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import { localDate } from '../../domain/localTime.ts';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { runVisibleOnce } from '../denied.ts';
import { notify, withdrawNotices } from '../inbox/notify.ts';
import { appointmentNotice } from './appointmentNotice.ts';
import { lockAppointment, lockSlots, moveAppointment, moveSlot } from './change.ts';
import { nextTicketNumber } from './nextTicketNumber.ts';
import { scheduleAppointmentJobs } from './reminders.ts';
import { assertPhoneVisits } from '../phoneVisit/assertPhoneVisits.ts';
import { closeOffer } from './waitlist/closeOffer.ts';
import { assertVisibleAppointment, describeAppointment, isClinicStaff } from './visibility.ts';

/**
 * Turns a hold into a booking with a ticket.
 * @throws AppError HOLD_EXPIRED, VERSION_CONFLICT, INVALID_TRANSITION, NO_PHONE_VISITS, NOT_FOUND
 */
export async function confirm(
  services: Services,
  context: ActorContext,
  input: z.infer<typeof ConfirmInput>,
): Promise<Appointment> {
  const actor = context.agent;
  return runVisibleOnce(
    services,
    context,
    { action: 'appointments.confirm', request: input, response: Appointment },
    async (unit) => {
      await assertVisibleAppointment(unit, actor, 'appointment:book', input.appointmentId);
      const { slot_id: slotId } = await unit.tx
        .selectFrom('appointment')
        .select('slot_id')
        .where('id', '=', input.appointmentId)
        .executeTakeFirstOrThrow();
      if (slotId === null) throw new AppError('INVALID_TRANSITION');
      await lockSlots(unit.tx, [slotId]);
      const appointment = await lockAppointment(unit.tx, input.appointmentId);
      if (appointment === undefined) throw new AppError('NOT_FOUND');
      // A hold that ended by itself or was released never had a ticket.
      if (appointment.status === 'cancelled' && appointment.ticketNumber === null) throw new AppError('HOLD_EXPIRED');
      if (appointment.status === 'pending' && (appointment.holdExpiresAt ?? unit.now) <= unit.now) {
        throw new AppError('HOLD_EXPIRED');
      }
      if (appointment.version !== input.version) throw new AppError('VERSION_CONFLICT');
      if (isClinicStaff(actor) && actor.locationId !== input.locationId) throw new AppError('FORBIDDEN');
      const clinic = await unit.tx
        .selectFrom('location')
        .select('id')
        .where('id', '=', input.locationId)
        .where('active', '=', true)
        .executeTakeFirst();
      if (clinic === undefined) throw new AppError('BAD_REQUEST', { field: 'locationId' });
      if (input.byPhone === true) await assertPhoneVisits(unit, appointment.practitionerRoleId);
      await moveSlot(unit.tx, slotId, 'busy');
      await moveAppointment(unit, appointment, 'booked', {
        location_id: clinic.id,
        complaint: input.complaint,
        by_phone: input.byPhone === true,
        ticket_number: await nextTicketNumber(
          unit.tx,
          appointment.practitionerRoleId,
          localDate(appointment.start),
          'appointment',
        ),
      });
      if (appointment.waitlistedAt !== null) {
        await closeOffer(unit, appointment.id, 'accepted');
        await withdrawNotices(unit, appointment.id);
      }
      scheduleAppointmentJobs(unit, services.config, appointment.id, appointment.start);
      await notify(unit, {
        kind: 'appointment-booked',
        ...(await appointmentNotice(unit, appointment.id)),
        dedupeKey: `booked:${appointment.id}`,
      });
      unit.audit({
        action: 'appointment:confirm',
        entityKind: 'Appointment',
        entityId: appointment.id,
        patientId: appointment.patientId,
      });
      return describeAppointment(services, unit, appointment.id);
    },
  );
}
