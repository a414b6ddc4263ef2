import { ChatPanel, PictureViewer, unreadOf, useExchange } from '@cloud-hospital/call/exchange';
import type { EncounterId } from '@cloud-hospital/protocol';
import { isViewable } from '@cloud-hospital/protocol/rest';
import { Skeleton } from 'antd';
import { Maximize2, Minimize2, X } from 'lucide-react';
import { Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEncounter } from '../record/useEncounter.ts';
import { useBeside } from './Beside.tsx';

/** Below the call and beside the note: the messages, or a picture looked at closely. */
export function BesidePane() {
  const beside = useBeside();
  return beside.encounterId === null ? null : <Pane key={beside.encounterId} encounterId={beside.encounterId} />;
}

function Pane({ encounterId }: { readonly encounterId: EncounterId }) {
  const { t } = useTranslation('exchange');
  const { picture, readOnly, showPicture, showMessages, close } = useBeside();
  const exchange = useExchange(encounterId);
  const encounter = useEncounter(encounterId);
  const [large, setLarge] = useState(false);
  const attachments = exchange.data?.attachments ?? [];
  const pictures = attachments.filter(({ status, contentType }) => status === 'completed' && isViewable(contentType));
  const shown = pictures.find(({ attachmentId }) => attachmentId === picture);
  const unread = unreadOf(exchange.data, 'specialist').length;
  const phrases = (['closer', 'further', 'light', 'still', 'side', 'louder'] as const).map((phrase) =>
    t(`phrases.specialist.${phrase}`),
  );
  const Resize = large ? Minimize2 : Maximize2;
  return (
    <section className="c-beside" data-large={large} aria-label={t('pane.label')} data-testid="beside">
      <header className="c-beside__head">
        <div className="c-beside__tabs" role="group" aria-label={t('pane.label')}>
          <button type="button" aria-pressed={picture === null} onClick={() => showMessages(encounterId)}>
            {unread > 0 && picture !== null ? t('chat.openUnread', { count: unread }) : t('pane.messages')}
          </button>
          {pictures.map(({ attachmentId }, index) => (
            <button
              key={attachmentId}
              type="button"
              aria-pressed={attachmentId === picture}
              onClick={() => showPicture(encounterId, attachmentId)}
            >
              {t('record.image', { ordinal: index + 1 })}
            </button>
          ))}
        </div>
        <button
          type="button"
          aria-label={t(large ? 'pane.smaller' : 'pane.larger')}
          title={t(large ? 'pane.smaller' : 'pane.larger')}
          onClick={() => setLarge(!large)}
        >
          <Resize className="ch-icon" aria-hidden />
        </button>
        <button type="button" aria-label={t('pane.close')} title={t('pane.close')} onClick={close}>
          <X className="ch-icon" aria-hidden />
        </button>
      </header>
      {picture === null ? (
        <ChatPanel
          encounterId={encounterId}
          side="specialist"
          reader={encounter.data?.readiness.byPhone === true ? 'resident' : 'clinic'}
          size="compact"
          quickPhrases={phrases}
          closed={encounter.data?.status === 'finished' || encounter.data?.status === 'cancelled'}
          onOpen={(attachmentId) => showPicture(encounterId, attachmentId)}
        />
      ) : shown === undefined ? (
        <Skeleton.Image active className="c-beside__waiting" />
      ) : (
        <Suspense fallback={<Skeleton.Image active className="c-beside__waiting" />}>
          <PictureViewer
            key={shown.attachmentId}
            attachment={shown}
            canDraw={!readOnly}
            onClose={() => showMessages(encounterId)}
          />
        </Suspense>
      )}
    </section>
  );
}
