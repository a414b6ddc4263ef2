import { sql } from 'kysely';
import { TIME_ZONE } from '../../../domain/localTime.ts';

/** A time that begins sooner than this is not offered: nobody would get there. Seconds. */
const OFFER_NOTICE_SECONDS = 600;

/** Whether the row `slot` begins late enough for somebody to be asked and come. */
export const isOfferable = sql<boolean>`(lower(slot.period) > now() + make_interval(secs => ${OFFER_NOTICE_SECONDS}))`;

/** Whether the row `waiter` (appointment, `waitlist`) waits for times like the row `slot` and was not asked about it yet. */
export const wantsSlot = sql<boolean>`(waiter.status = 'waitlist'
  AND waiter.practitioner_role_id = slot.practitioner_role_id
  AND waiter.waitlisted_at <= slot.freed_at
  AND (lower(slot.period) AT TIME ZONE ${TIME_ZONE})::date
    BETWEEN coalesce(waiter.waitlist_from, '-infinity') AND coalesce(waiter.waitlist_to, 'infinity')
  AND NOT EXISTS (SELECT FROM waitlist_offer AS asked WHERE asked.appointment_id = waiter.id AND asked.slot_id = slot.id))`;

/** Whether anybody waits for the row `slot`. */
export const waitsFor = sql<boolean>`(${isOfferable} AND EXISTS (SELECT FROM appointment AS waiter WHERE ${wantsSlot}))`;
