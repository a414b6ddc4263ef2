import { randomUUID } from 'node:crypto';
import { AppError } from '@cloud-hospital/protocol';
import { type JoinWaitlistInput, WaitlistEntry } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import { dayBounds, localDate } from '../../../domain/localTime.ts';
import type { Services } from '../../../Services.ts';
import type { ActorContext } from '../../../store/command.ts';
import { violatedConstraint } from '../../../store/constraint.ts';
import { runVisibleOnce } from '../../denied.ts';
import { assertBookable } from '../bookable.ts';
import { accountOf, isClinicStaff, staffLocation } from '../visibility.ts';
import { announceWaitlist } from './announce.ts';
import { describeWaiting } from './describe.ts';

/**
 * Joins the waiting list of a specialist, at its end. What the booking would need is asked now, so that an offer is
 * taken with one press.
 * @throws AppError LIMIT_REACHED, BAD_REQUEST, NOT_FOUND
 */
export async function joinWaitlist(
  services: Services,
  context: ActorContext,
  input: z.infer<typeof JoinWaitlistInput>,
): Promise<WaitlistEntry> {
  const actor = context.agent;
  const { config } = services;
  const once = { action: 'waitlist.join', request: input, response: WaitlistEntry };
  try {
    return await runVisibleOnce(services, context, once, async (unit) => {
      const { tx } = unit;
      await assertBookable(unit, actor, input.patientId);
      const today = localDate(unit.now);
      const { from = null, to = null } = input;
      if (to !== null && (to < today || (from !== null && to < from)))
        throw new AppError('BAD_REQUEST', { field: 'to' });
      const specialist = await tx
        .selectFrom('practitioner_role')
        .select('practitioner_id')
        .where('id', '=', input.practitionerRoleId)
        .where('role', '=', 'specialist')
        .where('active', '=', true)
        .executeTakeFirst();
      if (specialist === undefined) throw new AppError('NOT_FOUND');
      const clinic = await tx
        .selectFrom('location')
        .select('id')
        .where('id', '=', isClinicStaff(actor) ? staffLocation(actor) : input.locationId)
        .where('active', '=', true)
        .executeTakeFirst();
      if (clinic === undefined) throw new AppError('BAD_REQUEST', { field: 'locationId' });
      const { waiting } = await tx
        .selectFrom('appointment')
        .select((eb) => eb.fn.countAll<string>().as('waiting'))
        .where('patient_id', '=', input.patientId)
        .where('waitlisted_at', 'is not', null)
        .where('status', 'in', ['waitlist', 'pending'])
        .executeTakeFirstOrThrow();
      if (Number(waiting) >= config.MAX_WAITLIST_ENTRIES) {
        throw new AppError('LIMIT_REACHED', { limit: 'waitlist-entries', max: config.MAX_WAITLIST_ENTRIES });
      }
      const appointmentId = randomUUID();
      await tx
        .insertInto('appointment')
        .values({
          id: appointmentId,
          patient_id: input.patientId,
          practitioner_id: specialist.practitioner_id,
          practitioner_role_id: input.practitionerRoleId,
          location_id: clinic.id,
          status: 'waitlist',
          complaint: input.complaint,
          waitlisted_at: unit.now,
          waitlist_from: from,
          waitlist_to: to,
          booked_by_account: accountOf(actor),
          booked_by_role: actor.role,
        })
        .execute();
      if (to !== null) {
        unit.schedule({ kind: 'waitlist.end', subjectId: appointmentId, dueAt: dayBounds(to).end });
      }
      unit.audit({
        action: 'waitlist:join',
        entityKind: 'Appointment',
        entityId: appointmentId,
        patientId: input.patientId,
      });
      await announceWaitlist(unit, input.practitionerRoleId, input.patientId);
      return describeWaiting(unit, appointmentId);
    });
  } catch (error) {
    if (violatedConstraint(error) !== 'appointment_waitlist_once') throw error;
    throw new AppError('LIMIT_REACHED', { limit: 'waitlist-once', max: 1 }, { cause: error });
  }
}
