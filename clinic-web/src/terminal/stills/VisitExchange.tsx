import {
  AttachmentTile,
  OpenedPicture,
  StillSending,
  unreadOf,
  useExchange,
  useExchangeNews,
} from '@cloud-hospital/call/exchange';
import type { AttachmentId, EncounterId } from '@cloud-hospital/protocol';
import { MessageSquare } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../controls/Dialog.tsx';
import { TerminalChat } from './TerminalChat.tsx';
import type { WorklistItem } from '@cloud-hospital/protocol/rest';

const OVER: ReadonlySet<WorklistItem['status']> = new Set([
  'report-pending',
  'to-print',
  'done',
  'cancelled',
  'noshow',
]);

/** Outside the call: what was taken and sent during this visit, and the messages. */
export function VisitExchange({
  encounterId,
  status,
}: {
  readonly encounterId: EncounterId;
  readonly status: WorklistItem['status'];
}) {
  const { t } = useTranslation('exchange');
  useExchangeNews();
  const exchange = useExchange(encounterId);
  const [talking, setTalking] = useState(false);
  const [viewing, setViewing] = useState<AttachmentId | null>(null);
  const attachments = exchange.data?.attachments ?? [];
  const unread = unreadOf(exchange.data, 'clinic').length;
  return (
    <section className="t-exchange" aria-label={t('record.title')} data-testid="visit-exchange">
      <header>
        <h2>{t('record.title')}</h2>
        <button type="button" className="t-secondary" onClick={() => setTalking(true)}>
          <MessageSquare className="ch-icon" aria-hidden />
          {unread === 0 ? t('chat.open') : t('chat.openUnread', { count: unread })}
        </button>
      </header>
      {attachments.length === 0 ? null : (
        <ul className="t-exchange__list">
          {attachments.map((attachment) => (
            <li key={attachment.attachmentId}>
              <AttachmentTile attachment={attachment} onOpen={setViewing} withPicture={false} />
            </li>
          ))}
        </ul>
      )}
      <StillSending encounterId={encounterId} />
      {talking ? (
        <Dialog title={t('chat.label')} onClose={() => setTalking(false)} testId="visit-chat">
          <TerminalChat
            encounterId={encounterId}
            closed={OVER.has(status)}
            onOpen={(attachmentId) => {
              setTalking(false);
              setViewing(attachmentId);
            }}
          />
        </Dialog>
      ) : null}
      {viewing === null ? null : (
        <OpenedPicture encounterId={encounterId} attachmentId={viewing} onClose={() => setViewing(null)} />
      )}
    </section>
  );
}
