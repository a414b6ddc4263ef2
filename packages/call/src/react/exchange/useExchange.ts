import type { EncounterId } from '@cloud-hospital/protocol';
import { type ChatMessage, type ChatSide, chatSideOf, type Exchange } from '@cloud-hospital/protocol/rest';
import { refetchSoon, useApi } from '@cloud-hospital/ui/api';
import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNotification } from '../SignalProvider.tsx';

/** Everything exchanged beside the video of a visit. */
export function useExchange(encounterId: EncounterId | null) {
  const { query } = useApi();
  return useQuery(
    query.exchange.get.queryOptions({ input: encounterId === null ? skipToken : { encounterId }, staleTime: 60_000 }),
  );
}

/** A message can come by its notification and by the answer to its sending, in any order. */
export const withMessage = (exchange: Exchange, message: ChatMessage): Exchange =>
  exchange.messages.some(({ messageId }) => messageId === message.messageId)
    ? exchange
    : { ...exchange, messages: [...exchange.messages, message] };

/** Keeps what is shown of every visit true. Used once a page. */
export function useExchangeNews(): void {
  const { query } = useApi();
  const queryClient = useQueryClient();
  const patch = (encounterId: EncounterId, change: (known: Exchange) => Exchange): void => {
    queryClient.setQueryData(query.exchange.get.queryKey({ input: { encounterId } }), (known) =>
      known === undefined ? known : change(known),
    );
  };
  useNotification('exchange:changed', ({ encounterId }) =>
    refetchSoon(queryClient, query.exchange.get.key({ input: { encounterId } })),
  );
  useNotification('chat:message', ({ encounterId, message }) =>
    patch(encounterId, (known) => withMessage(known, message)),
  );
  useNotification('chat:read', ({ encounterId, receipt }) =>
    patch(encounterId, (known) => ({
      ...known,
      receipts: [...known.receipts.filter(({ side }) => side !== receipt.side), receipt],
    })),
  );
  useNotification('attachment:progress', ({ encounterId, attachmentId, receivedBytes }) =>
    patch(encounterId, (known) => ({
      ...known,
      attachments: known.attachments.map((attachment) =>
        attachment.attachmentId === attachmentId && attachment.receivedBytes < receivedBytes
          ? { ...attachment, receivedBytes }
          : attachment,
      ),
    })),
  );
}

const readUntil = (exchange: Exchange, side: ChatSide): number => {
  const receipt = exchange.receipts.find((one) => one.side === side);
  return receipt === undefined ? 0 : Date.parse(receipt.readUntil);
};

/** What others wrote and nobody of this side has seen. */
export function unreadOf(exchange: Exchange | undefined, side: ChatSide): readonly ChatMessage[] {
  if (exchange === undefined) return [];
  const until = readUntil(exchange, side);
  return exchange.messages.filter(
    ({ author, sentAt }) => chatSideOf(author.role) !== side && Date.parse(sentAt) > until,
  );
}

/** Whether that side has seen this message. */
export const isRead = (exchange: Exchange, message: ChatMessage, by: ChatSide): boolean =>
  readUntil(exchange, by) >= Date.parse(message.sentAt);
