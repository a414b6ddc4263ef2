import { AttachmentTile, useExchange } from '@cloud-hospital/call/exchange';
import type { EncounterId } from '@cloud-hospital/protocol';
import { Button } from 'antd';
import { MessageSquare } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useBeside } from './Beside.tsx';

/** In the record: every still and file of the visit, and its messages. */
export function RecordPictures({ encounterId }: { readonly encounterId: EncounterId }) {
  const { t } = useTranslation('exchange');
  const exchange = useExchange(encounterId);
  const { showPicture, showMessages } = useBeside();
  if (exchange.data === undefined) return null;
  const { attachments, messages } = exchange.data;
  return (
    <section className="c-pictures" aria-label={t('record.title')} data-testid="record-pictures">
      <header>
        <h3>{t('record.title')}</h3>
        {messages.length === 0 ? null : (
          <Button
            size="small"
            type="text"
            icon={<MessageSquare className="ch-icon" aria-hidden />}
            onClick={() => showMessages(encounterId)}
          >
            {t('chat.open')}
          </Button>
        )}
      </header>
      {attachments.length === 0 ? (
        <p className="c-secondary">{t('record.none')}</p>
      ) : (
        <ul className="c-pictures__list">
          {attachments.map((attachment) => (
            <li key={attachment.attachmentId}>
              <AttachmentTile
                attachment={attachment}
                onOpen={(attachmentId) => showPicture(encounterId, attachmentId)}
                withPicture
              />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
