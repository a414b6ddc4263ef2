import type { ChatMessageId, EncounterId } from '@cloud-hospital/protocol';
import { AppError } from '@cloud-hospital/protocol';
import { type ChatReceipt, chatSideOf } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { runVisible } from '../denied.ts';
import { assertVisibleEncounter } from '../encounter/visibility.ts';
import { exchangeTopics } from './openVisit.ts';

/**
 * How far the actor's side has read; it only moves forward. What was shown is audited where it was fetched.
 * @throws AppError NOT_FOUND
 */
export const markRead = (
  services: Services,
  context: ActorContext,
  input: { readonly encounterId: EncounterId; readonly messageId: ChatMessageId },
): Promise<ChatReceipt> =>
  runVisible(services, context, async (unit) => {
    const { encounterId } = input;
    await assertVisibleEncounter(unit, context.agent, 'exchange:read', encounterId);
    const message = await unit.tx
      .selectFrom('chat_message')
      .select('sent_at')
      .where('id', '=', input.messageId)
      .where('encounter_id', '=', encounterId)
      .executeTakeFirst();
    if (message === undefined) throw new AppError('NOT_FOUND');
    const side = chatSideOf(context.agent.role);
    const { read_until } = await unit.tx
      .insertInto('chat_receipt')
      .values({ encounter_id: encounterId, side, read_until: message.sent_at })
      .onConflict((conflict) =>
        conflict
          .columns(['encounter_id', 'side'])
          .doUpdateSet({ read_until: sql<Date>`greatest(chat_receipt.read_until, excluded.read_until)` }),
      )
      .returning('read_until')
      .executeTakeFirstOrThrow();
    const receipt = { side, readUntil: read_until.toISOString() };
    unit.emit(await exchangeTopics(unit, encounterId), 'chat:read', { encounterId, receipt });
    return receipt;
  });
