import type { Unit } from '../../../store/command.ts';

/** Notes what came of the offer in hand, if there is one. */
export async function closeOffer(
  unit: Unit,
  appointmentId: string,
  outcome: 'accepted' | 'declined' | 'expired',
): Promise<void> {
  await unit.tx
    .updateTable('waitlist_offer')
    .set({ outcome, ended_at: unit.now })
    .where('appointment_id', '=', appointmentId)
    .where('outcome', '=', 'open')
    .execute();
}
