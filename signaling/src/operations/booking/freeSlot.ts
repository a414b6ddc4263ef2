import { sql } from 'kysely';
import type { Unit } from '../../store/command.ts';
import { waitsFor } from './waitlist/waiters.ts';

/**
 * How long a released slot is kept from everybody else, so that the waiting list can be asked. It is asked at once;
 * this only bounds how long nobody gets the slot when all machinery stands still. Seconds.
 */
const RESERVED_SECONDS = 60;

/**
 * Gives a locked slot back. One that was taken out of the schedule (`busy-unavailable`) stays out. Where somebody waits
 * for this specialist's times the list is asked first: until then the slot is free to nobody else.
 */
export async function freeSlot(unit: Unit, slotId: string): Promise<void> {
  const freed = await unit.tx
    .updateTable('slot')
    .set((eb) => ({ status: 'free', version: eb('version', '+', 1), freed_at: unit.now }))
    .where('id', '=', slotId)
    .where('status', 'in', ['busy', 'busy-tentative'])
    .executeTakeFirst();
  if (freed.numUpdatedRows !== 1n) return;
  const reserved = await unit.tx
    .updateTable('slot')
    .set({ waitlist_until: sql<Date>`${unit.now}::timestamptz + make_interval(secs => ${RESERVED_SECONDS})` })
    .where('id', '=', slotId)
    .where(waitsFor)
    .executeTakeFirst();
  if (reserved.numUpdatedRows === 1n) {
    unit.schedule({ kind: 'waitlist.offer', subjectId: slotId, dueAt: unit.now });
  }
}
