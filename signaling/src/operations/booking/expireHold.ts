import type { Unit } from '../../store/command.ts';
import { lockAppointment, lockSlots, moveAppointment } from './change.ts';
import { freeSlot } from './freeSlot.ts';
import { endOffer } from './waitlist/endOffer.ts';

/** Ends a hold that was not confirmed in time, by the database's clock. The slot must be locked. */
export async function expireLockedHold(unit: Unit, appointmentId: string): Promise<boolean> {
  const appointment = await lockAppointment(unit.tx, appointmentId);
  if (appointment?.status !== 'pending' || appointment.holdExpiresAt === null) return false;
  if (appointment.holdExpiresAt > unit.now) return false;
  if (appointment.waitlistedAt !== null) {
    await endOffer(unit, appointment, 'expired');
    return true;
  }
  await moveAppointment(unit, appointment, 'cancelled', {
    cancelled_by: 'system',
    cancellation_reason: 'hold-expired',
  });
  await freeSlot(unit, appointment.slotId);
  unit.audit({
    action: 'appointment:expire-hold',
    entityKind: 'Appointment',
    entityId: appointment.id,
    patientId: appointment.patientId,
    reason: 'hold-expired',
  });
  return true;
}

/**
 * Job `appointment.hold-expiry`: gives the slot back when nobody confirmed in time.
 * @returns false when there was nothing to expire (any more)
 */
export async function expireHold(unit: Unit, appointmentId: string): Promise<boolean> {
  const found = await unit.tx
    .selectFrom('appointment')
    .select('slot_id')
    .where('id', '=', appointmentId)
    .executeTakeFirst();
  if (found === undefined || found.slot_id === null) return false;
  await lockSlots(unit.tx, [found.slot_id]);
  return expireLockedHold(unit, appointmentId);
}
