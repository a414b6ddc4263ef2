import { sql } from 'kysely';
import { SYSTEM } from '../../domain/Actor.ts';
import { isMessageKind } from '../../channels/templates.ts';
import { topic } from '../../domain/topics.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';

/**
 * Hands one message to its carrier and marks it sent. Carriers can't take part in our transaction: a process that dies
 * between the two sends the message once more, which is better than never. What would come too late to be of use is
 * not sent at all.
 * @param finish ends the job in the same transaction
 */
export async function deliver(
  { db, commands, channels }: Services,
  communicationId: string,
  requestId: string,
  finish: (unit: Unit) => Promise<void>,
): Promise<void> {
  const message = await db
    .selectFrom('communication')
    .select(['id', 'account_id', 'phone', 'kind', 'params', 'text', 'status'])
    .select(sql<boolean>`coalesce(not_after <= now(), false)`.as('is_pointless'))
    .where('id', '=', communicationId)
    .executeTakeFirst();
  if (message?.status === 'pending' && message.is_pointless) {
    await commands.run({ agent: SYSTEM, requestId }, async (unit) => {
      await finish(unit);
      await unit.tx
        .updateTable('communication')
        .set({ status: 'withdrawn' })
        .where('id', '=', communicationId)
        .where('status', '=', 'pending')
        .execute();
    });
    return;
  }
  const isDue = message?.status === 'pending';
  if (isDue && message.phone !== null && isMessageKind(message.kind)) {
    const { phone, kind, params, text } = message;
    await channels.deliver({ communicationId, phone, kind, params, text });
  }
  await commands.run({ agent: SYSTEM, requestId }, async (unit) => {
    await finish(unit);
    if (!isDue) return;
    await unit.tx
      .updateTable('communication')
      .set({ status: 'sent', sent_at: unit.now })
      .where('id', '=', communicationId)
      .where('status', '=', 'pending')
      .execute();
    if (message.account_id !== null) unit.emit([topic.account(message.account_id)], 'inbox:changed', {});
  });
}
