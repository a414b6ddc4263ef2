import { type RawBuilder, sql } from 'kysely';
import { startOfDay, localDate } from '../domain/localTime.ts';

const DAY_MS = 24 * 3_600_000;

/**
 * Whether the row `slot` can be booked now: free and not kept for the waiting list, or held by a hold that ran out by
 * the database's clock.
 */
export const slotIsFree: RawBuilder<boolean> = sql<boolean>`(slot.status = 'free' AND coalesce(slot.waitlist_until, '-infinity') <= now()
  OR slot.status = 'busy-tentative' AND NOT EXISTS (
  SELECT FROM appointment AS hold
  WHERE hold.slot_id = slot.id AND hold.status = 'pending' AND hold.hold_expires_at > now()))`;

/** The end of the last day that can be booked. @param days how many days, today included */
export const bookingWindowEnd = (now: Date, days: number): Date =>
  new Date(startOfDay(localDate(now)).getTime() + days * DAY_MS);
