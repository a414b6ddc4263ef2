import type { EncounterId } from '@cloud-hospital/protocol';
import { ChatMessage } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { chatMessageView } from '../../store/exchange.view.ts';
import { accountOf } from '../booking/visibility.ts';
import { runVisibleOnce } from '../denied.ts';
import { exchangeTopics, openVisit } from './openVisit.ts';

/** Text between the two ends of a consultation, kept with it. @throws AppError as `openVisit` */
export const sendMessage = (
  services: Services,
  context: ActorContext,
  input: { readonly encounterId: EncounterId; readonly text: string },
): Promise<ChatMessage> =>
  runVisibleOnce(
    services,
    context,
    { action: 'exchange.sendMessage', request: input, response: ChatMessage },
    async (unit) => {
      const actor = context.agent;
      const visit = await openVisit(unit, actor, 'chat:write', input.encounterId);
      const row = await unit.tx
        .insertInto('chat_message')
        .values({
          encounter_id: visit.encounterId,
          text: input.text,
          author_account: accountOf(actor),
          author_role: actor.role,
          author_name: actor.name,
          device_id: actor.deviceId,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      const message = chatMessageView(row);
      unit.audit({
        action: 'chat:write',
        entityKind: 'ChatMessage',
        entityId: row.id,
        patientId: visit.patientId,
        details: { encounterId: visit.encounterId },
      });
      unit.emit(await exchangeTopics(unit, visit.encounterId), 'chat:message', {
        encounterId: visit.encounterId,
        message,
      });
      return message;
    },
  );
