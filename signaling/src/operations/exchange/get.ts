import type { EncounterId } from '@cloud-hospital/protocol';
import type { Exchange } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { attachmentsOf, chatMessageView, latestStillRequest } from '../../store/exchange.view.ts';
import { runVisible } from '../denied.ts';
import { assertVisibleEncounter } from '../encounter/visibility.ts';

/** @throws AppError NOT_FOUND */
export const getExchange = (
  services: Services,
  context: ActorContext,
  { encounterId }: { readonly encounterId: EncounterId },
): Promise<Exchange> =>
  runVisible(services, context, async (unit) => {
    const { patientId } = await assertVisibleEncounter(unit, context.agent, 'exchange:read', encounterId);
    unit.audit({ action: 'exchange:read', entityKind: 'Encounter', entityId: encounterId, patientId });
    const [attachments, messages, receipts, stillRequest] = await Promise.all([
      attachmentsOf(unit.tx, encounterId),
      unit.tx
        .selectFrom('chat_message')
        .selectAll()
        .where('encounter_id', '=', encounterId)
        .orderBy('sent_at')
        .orderBy('id')
        .execute(),
      unit.tx.selectFrom('chat_receipt').selectAll().where('encounter_id', '=', encounterId).execute(),
      latestStillRequest(unit.tx, encounterId),
    ]);
    return {
      attachments,
      messages: messages.map(chatMessageView),
      receipts: receipts.map(({ side, read_until }) => ({ side, readUntil: read_until.toISOString() })),
      stillRequest,
      now: unit.now.toISOString(),
    };
  });
