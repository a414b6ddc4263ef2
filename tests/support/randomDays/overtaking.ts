import type { World } from './world.ts';
import { callingOrders } from './world.ts';

/**
 * To be asked before a call, and what it answers after it: who stood before the called one and was not recorded as
 * overtaken with a reason. Nobody else may do anything meanwhile.
 */
export async function watchOvertaking(world: World): Promise<(answer: unknown) => Promise<string[]>> {
  const before = await callingOrders(world);
  return async (answer) => {
    if (typeof answer !== 'object' || answer === null || !('queueEntryId' in answer)) return [];
    const calledId = String(answer.queueEntryId);
    const { db } = world.district.services;
    const { called_by: caller } = await db
      .selectFrom('queue_entry')
      .select('called_by')
      .where('id', '=', calledId)
      .executeTakeFirstOrThrow();
    const order = before.get(caller ?? '') ?? [];
    if (!order.includes(calledId)) return [calledId];
    const rows = await db
      .selectFrom('queue_overtaking')
      .select(['queue_entry_id', 'reason'])
      .where('overtaken_by', '=', calledId)
      .execute();
    const recorded = new Set(rows.filter((row) => row.reason !== 'unknown').map((row) => row.queue_entry_id));
    return order.slice(0, order.indexOf(calledId)).filter((id) => !recorded.has(id));
  };
}
