import { AppError } from '@cloud-hospital/protocol';
import { Appointment, type RescheduleInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import { localDateTime } from '../../domain/localTime.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { runVisibleOnce } from '../denied.ts';
import { notify } from '../inbox/notify.ts';
import { appointmentNotice } from './appointmentNotice.ts';
import { assertBeforeCutOff } from './cutOff.ts';
import { explainTaken, moveToSlot } from './moveToSlot.ts';
import { assertVisibleAppointment, describeAppointment, isClinicStaff } from './visibility.ts';

/**
 * Another time for a booked appointment, in one step and with one message. The old time is kept whenever the new one
 * can't be had.
 * @throws AppError SLOT_TAKEN with `alternatives`, PATIENT_BUSY, LIMIT_REACHED, TOO_LATE_TO_CHANGE, VERSION_CONFLICT,
 * INVALID_TRANSITION, NOT_FOUND
 */
export async function reschedule(
  services: Services,
  context: ActorContext,
  input: z.infer<typeof RescheduleInput>,
): Promise<Appointment> {
  const actor = context.agent;
  const once = { action: 'appointments.reschedule', request: input, response: Appointment };
  try {
    return await runVisibleOnce(services, context, once, async (unit) => {
      const row = await assertVisibleAppointment(unit, actor, 'appointment:reschedule', input.appointmentId);
      if (isClinicStaff(actor) && input.locationId !== undefined && actor.locationId !== input.locationId) {
        throw new AppError('FORBIDDEN');
      }
      if (input.locationId !== undefined) {
        const clinic = await unit.tx
          .selectFrom('location')
          .select('id')
          .where('id', '=', input.locationId)
          .where('active', '=', true)
          .executeTakeFirst();
        if (clinic === undefined) throw new AppError('BAD_REQUEST', { field: 'locationId' });
      }
      // What has ended, or was moved before, says so rather than that it is too late.
      if (row.status === 'booked' || row.status === 'checked-in') {
        assertBeforeCutOff(unit, services.config, actor, row.start);
      }
      const { old, appointmentId } = await moveToSlot(services, unit, {
        ...input,
        cancelledBy: isClinicStaff(actor) ? 'clinic' : 'patient',
        reason: 'rescheduled',
      });
      const { params, ...notice } = await appointmentNotice(unit, appointmentId);
      await notify(unit, {
        kind: 'appointment-moved',
        ...notice,
        params: { ...params, before: localDateTime(old.start) },
        dedupeKey: `moved:${appointmentId}`,
      });
      const audited = { action: 'appointment:reschedule', entityKind: 'Appointment', patientId: old.patientId };
      unit.audit({ ...audited, entityId: old.id, details: { to: appointmentId } });
      unit.audit({ ...audited, entityId: appointmentId, details: { from: old.id } });
      return describeAppointment(services, unit, appointmentId);
    });
  } catch (error) {
    throw await explainTaken(services, input.slotId, error);
  }
}
