import { sql } from 'kysely';
import { SYSTEM } from '../../domain/Actor.ts';
import { topic } from '../../domain/topics.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { runVisible } from '../denied.ts';
import { assertVisibleEncounter } from '../encounter/visibility.ts';
import { bumpQueue, lockQueueOfEncounter } from '../queue/lockQueue.ts';

/** A phone nobody heard of for this long is away. Seconds; as for terminals. */
const SILENT_SECONDS = 15;
const CONTEXT = { agent: SYSTEM, requestId: 'phone-presence' } as const;

/** A page that waits for its call, as the replica that holds its socket knows it. */
export interface HeldPhone {
  readonly accountId: string | null;
  readonly encounterId: string;
}

async function setPresent(unit: Unit, encounterId: string, present: boolean): Promise<void> {
  const queue = await lockQueueOfEncounter(unit, encounterId);
  if (queue === undefined) return;
  const silent = sql<boolean>`phone_seen_at < now() - make_interval(secs => ${SILENT_SECONDS})`;
  const changed = await unit.tx
    .updateTable('encounter')
    .set({ phone_present: present, ...(present ? { phone_seen_at: unit.now } : {}) })
    .where('id', '=', encounterId)
    .where('by_phone', '=', true)
    .where('phone_present', '=', !present)
    .$if(!present, (query) => query.where(silent))
    .returning('location_id')
    .executeTakeFirst();
  if (changed === undefined) return;
  await bumpQueue(unit, queue);
  unit.emit([topic.location(changed.location_id)], 'worklist:changed', {});
}

/** The page of a visit by phone waits for its call from now on. @throws AppError NOT_FOUND */
export const phoneIsHere = (services: Services, context: ActorContext, encounterId: string): Promise<void> =>
  runVisible(services, context, async (unit) => {
    await assertVisibleEncounter(unit, context.agent, 'phone-visit:take-part', encounterId);
    await setPresent(unit, encounterId, true);
  });

/**
 * These pages hold a socket right now; every replica says so every few seconds for its own. One that was thought away is
 * there again.
 * @returns those that may no longer take part: the relation ended, or the resident sits at a terminal now
 */
export async function notePhones({ commands }: Services, held: readonly HeldPhone[]): Promise<HeldPhone[]> {
  if (held.length === 0) return [];
  return commands.run(CONTEXT, async (unit) => {
    const { rows } = await sql<{ index: number; takes_part: boolean; present: boolean }>`
      SELECT (index - 1)::int AS index, takes_part_by_phone(account_id, encounter.id) AS takes_part,
        encounter.phone_present AS present
      FROM unnest(${held.map((one) => one.accountId)}::uuid[], ${held.map((one) => one.encounterId)}::uuid[])
        WITH ORDINALITY AS one (account_id, encounter_id, index)
      JOIN encounter ON encounter.id = encounter_id`.execute(unit.tx);
    const ids = (present: boolean) =>
      rows.flatMap((row) => (row.takes_part && row.present === present ? (held[row.index]?.encounterId ?? []) : []));
    for (const encounterId of new Set(ids(false))) await setPresent(unit, encounterId, true);
    if (ids(true).length > 0) {
      await unit.tx.updateTable('encounter').set({ phone_seen_at: unit.now }).where('id', 'in', ids(true)).execute();
    }
    return rows.flatMap((row) => (row.takes_part ? [] : (held[row.index] ?? [])));
  });
}

/** Phones that no replica holds any more are away: whoever calls next passes them, and their place stays. */
export async function noteSilentPhones({ commands, db }: Services): Promise<void> {
  const silent = await db
    .selectFrom('encounter')
    .select('id')
    .where('phone_present', '=', true)
    .where(sql<boolean>`phone_seen_at < now() - make_interval(secs => ${SILENT_SECONDS})`)
    .execute();
  for (const { id } of silent) await commands.run(CONTEXT, (unit) => setPresent(unit, id, false));
}
