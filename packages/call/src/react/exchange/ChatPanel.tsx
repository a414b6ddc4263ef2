import type { AttachmentId, EncounterId } from '@cloud-hospital/protocol';
import { type ChatMessage, type ChatSide, chatSideOf, type Exchange } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatTime } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CheckCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { AttachmentTile } from './AttachmentTile.tsx';
import { Composer } from './Composer.tsx';
import { UploadTile } from './UploadTile.tsx';
import { isRead, unreadOf, useExchange, withMessage } from './useExchange.ts';
import { useUploads } from './useUploads.ts';

interface ChatPanelProps {
  readonly encounterId: EncounterId;
  readonly side: ChatSide;
  /** Whose reading is told; of the three only two talk to each other as a rule. */
  readonly reader: ChatSide;
  /** `large`: read at arm's length. */
  readonly size: 'large' | 'compact';
  /** What is often said, one press each. */
  readonly quickPhrases: readonly string[];
  /** The visit has ended: to be read only. */
  readonly closed?: boolean;
  readonly onOpen: (attachmentId: AttachmentId) => void;
}

/** What is offered to choose from; what it really is, the server finds out. */
const OFFERED = 'image/jpeg,image/png,image/heic,.heic,application/pdf,.dcm,application/dicom';
/** Where HEIC isn't named, iPhones make a JPEG of what is chosen, which can be shown everywhere. */
const PHONE_OFFERED = 'image/jpeg,image/png,application/pdf';

type Entry =
  | { readonly at: number; readonly message: ChatMessage }
  | { readonly at: number; readonly attachment: Exchange['attachments'][number] };

const entriesOf = ({ messages, attachments }: Exchange): Entry[] =>
  [
    ...messages.map((message) => ({ at: Date.parse(message.sentAt), message })),
    ...attachments.map((attachment) => ({ at: Date.parse(attachment.createdAt), attachment })),
  ].toSorted((one, other) => one.at - other.at);

/** Text and files between the two ends of a consultation, in the order of time. */
export function ChatPanel(props: ChatPanelProps) {
  const { encounterId, side, reader, size, quickPhrases, closed = false, onOpen } = props;
  const { t } = useTranslation('exchange');
  const locale = useLocale();
  const exchange = useExchange(encounterId);
  const uploads = useUploads(encounterId);
  const sending = useSending(encounterId);
  const list = useRef<HTMLUListElement>(null);
  const entries = exchange.data === undefined ? [] : entriesOf(exchange.data);
  useReading(encounterId, side, exchange.data);

  const pending = uploads.items.filter(
    ({ state, attachmentId }) =>
      state !== 'done' ||
      !entries.some((entry) => 'attachment' in entry && entry.attachment.attachmentId === attachmentId),
  );
  const shown = entries.filter((entry) => !('attachment' in entry) || !isOwnArriving(entry.attachment, pending));
  const count = shown.length + pending.length + (sending.text === null ? 0 : 1);
  useEffect(() => {
    // In the next frame: a dialog around it is shown by then.
    const frame = requestAnimationFrame(() => list.current?.lastElementChild?.scrollIntoView({ block: 'nearest' }));
    return () => cancelAnimationFrame(frame);
  }, [count]);

  return (
    <section className="ch-chat" data-size={size} aria-label={t('chat.label')} data-testid="chat">
      {exchange.error !== null && exchange.data === undefined ? (
        <ErrorNote error={exchange.error} onRetry={() => void exchange.refetch()} />
      ) : null}
      {/* Long conversations must scroll by keyboard, too. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="ch-chat-log" role="log" aria-label={t('chat.log')} tabIndex={0}>
        <ul ref={list} className="ch-chat-list">
          {count === 0 && exchange.data !== undefined ? <li className="ch-chat-none">{t('chat.none')}</li> : null}
          {shown.map((entry) =>
            'message' in entry ? (
              <li
                key={entry.message.messageId}
                className="ch-chat-entry"
                data-own={chatSideOf(entry.message.author.role) === side}
              >
                <p className="ch-chat-meta">
                  {entry.message.author.name} <time>{formatTime(entry.message.sentAt, locale)}</time>
                  {exchange.data !== undefined &&
                  chatSideOf(entry.message.author.role) === side &&
                  isRead(exchange.data, entry.message, reader) ? (
                    <span>
                      <CheckCheck aria-hidden size="1.1em" /> {t('chat.read')}
                    </span>
                  ) : null}
                </p>
                <p className="ch-chat-text">{entry.message.text}</p>
              </li>
            ) : (
              <li
                key={entry.attachment.attachmentId}
                className="ch-chat-entry"
                data-own={chatSideOf(entry.attachment.author.role) === side}
              >
                <AttachmentTile attachment={entry.attachment} onOpen={onOpen} withPicture={size === 'compact'} />
              </li>
            ),
          )}
          {pending.map((item) => (
            <li key={item.key} className="ch-chat-entry" data-own>
              <UploadTile item={item} uploads={uploads} />
            </li>
          ))}
          {sending.text === null ? null : (
            <li className="ch-chat-entry" data-own data-pending={sending.error === null}>
              <p className="ch-chat-meta">{sending.error === null ? t('chat.sending') : null}</p>
              <p className="ch-chat-text">{sending.text}</p>
              {sending.error === null ? null : <ErrorNote error={sending.error} onRetry={sending.retry} />}
            </li>
          )}
        </ul>
      </div>
      {closed ? (
        <p className="ch-chat-closed">{t('chat.closed')}</p>
      ) : (
        <Composer
          quickPhrases={quickPhrases}
          offered={side === 'resident' ? PHONE_OFFERED : OFFERED}
          busy={sending.text !== null && sending.error === null}
          onSend={sending.send}
          onFile={(file) =>
            uploads.start({
              encounterId,
              kind: 'file',
              title: file.name.slice(0, 120) || t('chat.file'),
              content: file,
            })
          }
        />
      )}
    </section>
  );
}

/** While it is on its way from this page, the page's own tile says more than the server's. */
const isOwnArriving = (
  { status, title, bytes }: Exchange['attachments'][number],
  pending: readonly { title: string; bytes: number }[],
): boolean => status === 'in-progress' && pending.some((item) => item.title === title && item.bytes === bytes);

/** Sends one message after the other; what couldn't be sent stays to be sent again. */
function useSending(encounterId: EncounterId) {
  const { query } = useApi();
  const queryClient = useQueryClient();
  const mutation = useMutation(
    query.exchange.sendMessage.mutationOptions({
      onSuccess: (message) => {
        queryClient.setQueryData(query.exchange.get.queryKey({ input: { encounterId } }), (known) =>
          known === undefined ? known : withMessage(known, message),
        );
      },
    }),
  );
  const send = (text: string): void => mutation.mutate({ encounterId, text });
  const text = mutation.isPending || mutation.isError ? (mutation.variables?.text ?? null) : null;
  return { send, text, error: mutation.error, retry: () => text !== null && send(text) };
}

/** What stands here is seen, as long as somebody looks at the page. */
function useReading(encounterId: EncounterId, side: ChatSide, exchange: Exchange | undefined): void {
  const { client } = useApi();
  const newest = unreadOf(exchange, side).at(-1)?.messageId ?? null;
  useEffect(() => {
    if (newest === null) return undefined;
    const tell = (): void => {
      if (document.visibilityState !== 'visible') return;
      // Told again with the next message; a receipt that is late harms nobody.
      client.exchange.markRead({ encounterId, messageId: newest }).catch(() => undefined);
    };
    tell();
    document.addEventListener('visibilitychange', tell);
    return () => document.removeEventListener('visibilitychange', tell);
  }, [client, encounterId, newest]);
}
