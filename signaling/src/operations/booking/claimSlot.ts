import { AppError } from '@cloud-hospital/protocol';
import { sql } from 'kysely';
import type { Config } from '../../config.ts';
import type { Unit } from '../../store/command.ts';
import { bookingWindowEnd } from '../../store/freeSlots.ts';
import { type LockedSlot, lockSlots } from './change.ts';
import { expireLockedHold } from './expireHold.ts';

export interface SlotClaim {
  readonly slotId: string;
  readonly patientId: string;
  /** Another slot that the same transaction will change: all are locked in one order. */
  readonly alsoLock?: string | null;
}

/** Stale holds in the way: of this slot by anybody, of this patient on any slot. */
const staleHolds = (unit: Unit, slotId: string, patientId: string) =>
  unit.tx
    .selectFrom('appointment')
    .select(['id', 'slot_id'])
    // A literal: no plan that is made once for any parameter can use the indexes of active appointments.
    .where('status', '=', sql.lit('pending'))
    .where('hold_expires_at', '<=', unit.now)
    .where((eb) => eb.or([eb('slot_id', '=', slotId), eb('patient_id', '=', patientId)]));

const isText = (value: string | null | undefined): value is string => typeof value === 'string';

/**
 * Locks a slot for whoever wants to book it (whose row must be locked already), ends the holds that ran out, and sees
 * that it can be had. What forbids a second holder is the unique and exclusion constraints; this only makes the answer
 * kinder.
 * @returns the slot, and the appointment by which this patient holds it already
 * @throws AppError SLOT_TAKEN, LIMIT_REACHED beyond the booking window, NOT_FOUND
 */
export async function claimSlot(
  unit: Unit,
  config: Config,
  { slotId, patientId, alsoLock }: SlotClaim,
): Promise<{ slot: LockedSlot; ownHold: string | null }> {
  const stale = await staleHolds(unit, slotId, patientId).execute();
  const wanted = [slotId, alsoLock, ...stale.map((row) => row.slot_id)].filter(isText);
  const locked = await lockSlots(unit.tx, [...new Set(wanted)]);
  for (const row of stale) await expireLockedHold(unit, row.id);
  // Read again: a hold that ended just now may have left the slot to the waiting list.
  const slot = (stale.length === 0 ? locked : await lockSlots(unit.tx, [slotId])).get(slotId);
  if (slot === undefined) throw new AppError('NOT_FOUND');
  const taken = await unit.tx
    .selectFrom('appointment')
    .select(['id', 'status', 'patient_id'])
    .where('slot_id', '=', slot.id)
    .where(sql<boolean>`status IN ('pending', 'booked', 'checked-in', 'fulfilled')`)
    .executeTakeFirst();
  if (taken?.status === 'pending' && taken.patient_id === patientId) return { slot, ownHold: taken.id };
  const isReserved = slot.waitlistUntil !== null && slot.waitlistUntil > unit.now;
  if (taken !== undefined || isReserved || slot.status === 'busy-unavailable' || slot.start <= unit.now) {
    throw new AppError('SLOT_TAKEN');
  }
  if (slot.start >= bookingWindowEnd(unit.now, config.BOOKING_WINDOW_DAYS)) {
    throw new AppError('LIMIT_REACHED', { limit: 'booking-window', max: config.BOOKING_WINDOW_DAYS });
  }
  return { slot, ownHold: null };
}
