import { AppError } from '@cloud-hospital/protocol';
import { Left, type WaitlistAnswerInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import type { Services } from '../../../Services.ts';
import type { ActorContext, Unit } from '../../../store/command.ts';
import { runVisibleOnce } from '../../denied.ts';
import { type LockedAppointment, lockAppointment, lockSlots, moveAppointment } from '../change.ts';
import { freeSlot } from '../freeSlot.ts';
import { isClinicStaff } from '../visibility.ts';
import { announceWaitlist } from './announce.ts';
import { closeOffer } from './closeOffer.ts';
import { assertVisibleWaiting } from './describe.ts';
import { endOffer } from './endOffer.ts';
import { endWaiting, lockWaiter } from './endWaiting.ts';

type Answer = z.infer<typeof WaitlistAnswerInput>;

/** The offer in hand with its slot locked; undefined when there is none (any more). */
async function lockOffer(unit: Unit, appointmentId: string): Promise<LockedAppointment | undefined> {
  const found = await unit.tx
    .selectFrom('appointment')
    .select('slot_id')
    .where('id', '=', appointmentId)
    .executeTakeFirst();
  if (found === undefined || found.slot_id === null) return undefined;
  await lockSlots(unit.tx, [found.slot_id]);
  const appointment = await lockAppointment(unit.tx, appointmentId);
  return appointment?.status === 'pending' && appointment.waitlistedAt !== null ? appointment : undefined;
}

/** Leaves the list, with an offer in hand or without. @throws AppError INVALID_TRANSITION, NOT_FOUND */
export const leaveWaitlist = (services: Services, context: ActorContext, input: Answer): Promise<Left> =>
  runVisibleOnce(services, context, { action: 'waitlist.leave', request: input, response: Left }, async (unit) => {
    await assertVisibleWaiting(unit, context.agent, 'waitlist:leave', input.appointmentId);
    const by = isClinicStaff(context.agent) ? 'clinic' : 'patient';
    const offer = await lockOffer(unit, input.appointmentId);
    if (offer === undefined) {
      const waiter = await lockWaiter(unit, input.appointmentId);
      // It became something else between our look and the lock.
      if (waiter === undefined) throw new AppError('VERSION_CONFLICT');
      await endWaiting(unit, waiter, by, 'patient-request');
      return {};
    }
    await closeOffer(unit, offer.id, 'declined');
    await moveAppointment(unit, offer, 'cancelled', { cancelled_by: by, cancellation_reason: 'patient-request' });
    unit.cancelJobs('appointment.hold-expiry', offer.id);
    unit.cancelJobs('waitlist.end', offer.id);
    await freeSlot(unit, offer.slotId);
    unit.audit({
      action: 'waitlist:leave',
      entityKind: 'Appointment',
      entityId: offer.id,
      patientId: offer.patientId,
      reason: 'patient-request',
    });
    await announceWaitlist(unit, offer.practitionerRoleId, offer.patientId);
    return {};
  });

/**
 * This time doesn't suit: the slot goes on to the next in order, the place on the list stays.
 * @throws AppError HOLD_EXPIRED when the offer ended already, NOT_FOUND
 */
export const declineOffer = (services: Services, context: ActorContext, input: Answer): Promise<Left> =>
  runVisibleOnce(services, context, { action: 'waitlist.decline', request: input, response: Left }, async (unit) => {
    await assertVisibleWaiting(unit, context.agent, 'waitlist:decline', input.appointmentId);
    const offer = await lockOffer(unit, input.appointmentId);
    if (offer === undefined) throw new AppError('HOLD_EXPIRED');
    unit.cancelJobs('appointment.hold-expiry', offer.id);
    await endOffer(unit, offer, 'declined');
    return {};
  });
