import { localDate } from '../../../domain/localTime.ts';
import type { Unit } from '../../../store/command.ts';
import { withdrawNotices } from '../../inbox/notify.ts';
import { type LockedAppointment, moveAppointment } from '../change.ts';
import { freeSlot } from '../freeSlot.ts';
import { announceWaitlist } from './announce.ts';
import { closeOffer } from './closeOffer.ts';
import { tellWaitingEnded } from './endWaiting.ts';

/** So many offers in a row without an answer, and the place on the list is given up. */
const UNANSWERED_OFFERS = 2;

/**
 * Ends an offer that was not taken: whoever it was made to keeps the place on the list for other times, the slot goes on
 * to the next in order. The slot must be locked.
 */
export async function endOffer(
  unit: Unit,
  appointment: LockedAppointment,
  outcome: 'declined' | 'expired',
): Promise<void> {
  const { tx } = unit;
  await closeOffer(unit, appointment.id, outcome);
  const latest = await tx
    .selectFrom('waitlist_offer')
    .select('outcome')
    .where('appointment_id', '=', appointment.id)
    .where('outcome', 'in', ['declined', 'expired'])
    .orderBy('offered_at', 'desc')
    .limit(UNANSWERED_OFFERS)
    .execute();
  const unanswered = latest.filter((offer) => offer.outcome === 'expired').length === UNANSWERED_OFFERS;
  const { waitlist_to: lastDay } = await tx
    .selectFrom('appointment')
    .select('waitlist_to')
    .where('id', '=', appointment.id)
    .executeTakeFirstOrThrow();
  const isOver = lastDay !== null && lastDay < localDate(unit.now);
  if (unanswered || isOver) {
    await moveAppointment(unit, appointment, 'cancelled', {
      cancelled_by: 'system',
      cancellation_reason: unanswered ? 'waitlist-unanswered' : 'waitlist-over',
    });
    unit.cancelJobs('waitlist.end', appointment.id);
  } else {
    await moveAppointment(unit, appointment, 'waitlist');
  }
  await withdrawNotices(unit, appointment.id);
  if (unanswered || isOver) await tellWaitingEnded(unit, appointment.id);
  await freeSlot(unit, appointment.slotId);
  unit.audit({
    action: 'waitlist:end-offer',
    entityKind: 'Appointment',
    entityId: appointment.id,
    patientId: appointment.patientId,
    reason: outcome,
  });
  await announceWaitlist(unit, appointment.practitionerRoleId, appointment.patientId);
}
