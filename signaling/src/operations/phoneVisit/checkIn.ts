import { AppError, EncounterId } from '@cloud-hospital/protocol';
import { Appointment, type PhoneCheckInInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import { localDate } from '../../domain/localTime.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { lockAppointment, moveAppointment } from '../booking/change.ts';
import { openScheduleChangeOf } from '../schedule/closeChange.ts';
import { cancelAppointmentJobs } from '../booking/reminders.ts';
import { accountOf, assertVisibleAppointment, describeAppointment } from '../booking/visibility.ts';
import { admit } from '../clinic/admit.ts';
import { decideConsent } from '../clinic/recordConsent.ts';
import { runVisibleOnce } from '../denied.ts';
import { phoneCheckInFrom } from './checkInFrom.ts';
import { lockQueueOf } from '../queue/lockQueue.ts';

/**
 * The resident checks in on the own phone: the visit, its place in the queue, and what was agreed to on the screen. The
 * clinic stays responsible and sees it on its list. Checking in again answers with the visit there is.
 * @throws AppError NOT_FOUND, INVALID_TRANSITION (another day, too early with `from`, not by phone, cancelled), ANSWER_NEEDED
 */
export const checkInByPhone = (
  services: Services,
  context: ActorContext,
  input: z.infer<typeof PhoneCheckInInput>,
): Promise<Appointment> =>
  runVisibleOnce(
    services,
    context,
    { action: 'appointments.checkInByPhone', request: input, response: Appointment },
    async (unit) => {
      const { appointmentId } = input;
      const actor = context.agent;
      await assertVisibleAppointment(unit, actor, 'phone-visit:check-in', appointmentId);
      const plan = await unit.tx
        .selectFrom('appointment')
        .select(['practitioner_role_id', 'practitioner_id', 'location_id', 'complaint', 'by_phone'])
        .where('id', '=', appointmentId)
        .executeTakeFirstOrThrow();
      const queue = await lockQueueOf(unit, plan.practitioner_role_id);
      const appointment = await lockAppointment(unit.tx, appointmentId);
      if (appointment === undefined) throw new AppError('NOT_FOUND');
      const audit = (reason: string | null): void =>
        unit.audit({
          action: 'phone-visit:check-in',
          entityKind: 'Appointment',
          entityId: appointmentId,
          patientId: appointment.patientId,
          reason,
          details: { recording: input.recording },
        });
      if (appointment.status === 'checked-in') {
        audit('again');
        return describeAppointment(services, unit, appointmentId);
      }
      if (!plan.by_phone || plan.location_id === null)
        throw new AppError('INVALID_TRANSITION', { reason: 'not-by-phone' });
      if ((await openScheduleChangeOf(unit, appointmentId)) !== null)
        throw new AppError('ANSWER_NEEDED', { appointmentId });
      if (localDate(appointment.start) !== localDate(unit.now)) {
        throw new AppError('INVALID_TRANSITION', { reason: 'another-day', date: localDate(appointment.start) });
      }
      const from = phoneCheckInFrom(services.config, appointment.start);
      if (from > unit.now) throw new AppError('INVALID_TRANSITION', { reason: 'too-early', from: from.toISOString() });
      await moveAppointment(unit, appointment, 'checked-in');
      cancelAppointmentJobs(unit, appointmentId);
      const encounterId = await admit(unit, queue, {
        appointmentId,
        patientId: appointment.patientId,
        specialist: { practitionerId: plan.practitioner_id, practitionerRoleId: appointment.practitionerRoleId },
        locationId: plan.location_id,
        deviceId: null,
        byPhone: true,
        complaint: plan.complaint,
        ticketNumber: appointment.ticketNumber ?? '',
        scheduledStart: appointment.start,
        urgent: false,
      });
      const agree = (purpose: 'consultation' | 'recording', decision: 'active' | 'rejected') =>
        decideConsent(unit, appointment.patientId, accountOf(actor), actor.name, {
          encounterId: EncounterId.parse(encounterId),
          purpose,
          decision,
          method: 'phone',
        });
      await agree('consultation', 'active');
      await agree('recording', input.recording ? 'active' : 'rejected');
      audit(null);
      return describeAppointment(services, unit, appointmentId);
    },
  );
