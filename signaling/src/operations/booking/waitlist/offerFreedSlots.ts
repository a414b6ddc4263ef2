import { sql } from 'kysely';
import { SYSTEM } from '../../../domain/Actor.ts';
import type { Services } from '../../../Services.ts';
import { waitsFor } from './waiters.ts';

const AT_ONCE = 100;

/**
 * Finds times that became free without passing through `freeSlot`: a new day of the schedule, an extra session. Their
 * lists are asked as if somebody had just given them back.
 */
export const offerFreedSlots = ({ commands, db }: Services): Promise<number> =>
  db
    .selectFrom('slot')
    .select('id')
    .where('status', '=', 'free')
    // The list has not been asked since it became free.
    .where(sql<boolean>`coalesce(waitlist_until, '-infinity') < freed_at`)
    .where(
      sql<boolean>`practitioner_role_id IN (SELECT practitioner_role_id FROM appointment WHERE status = 'waitlist')`,
    )
    .where(waitsFor)
    .orderBy(sql`lower(period)`)
    .limit(AT_ONCE)
    .execute()
    .then(async (slots) => {
      if (slots.length === 0) return 0;
      await commands.run({ agent: SYSTEM, requestId: 'waitlist:freed' }, (unit) => {
        for (const { id } of slots) unit.schedule({ kind: 'waitlist.offer', subjectId: id, dueAt: unit.now });
        return Promise.resolve();
      });
      return slots.length;
    });
