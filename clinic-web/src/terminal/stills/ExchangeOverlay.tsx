import { CallControlButton } from '@cloud-hospital/call/react';
import { PictureViewer, useExchange } from '@cloud-hospital/call/exchange';
import type { AttachmentId, EncounterId } from '@cloud-hospital/protocol';
import { Camera, MessageSquare, X } from 'lucide-react';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { MessageCaption } from './MessageCaption.tsx';
import { StillPreview } from './StillPreview.tsx';
import { TerminalChat } from './TerminalChat.tsx';
import type { TerminalExchange } from './useTerminalExchange.ts';

/** Take a picture, open the messages: two of the large controls. */
export function ExchangeButtons({ exchange }: { readonly exchange: TerminalExchange }) {
  const { t } = useTranslation('exchange');
  const { camera, isCameraThere, unread, isOpen, toggle } = exchange;
  const busy = camera.state.phase === 'taking' || camera.state.phase === 'preview';
  return (
    <>
      <CallControlButton
        size="large"
        icon={Camera}
        label={t('still.takeShort')}
        disabled={busy || !isCameraThere}
        onPress={camera.press}
      />
      <CallControlButton
        size="large"
        icon={MessageSquare}
        label={unread.length === 0 || isOpen ? t('chat.open') : t('chat.openUnread', { count: unread.length })}
        pressed={isOpen}
        tone={unread.length > 0 && !isOpen ? 'off' : 'neutral'}
        onPress={toggle}
      />
    </>
  );
}

/** Over the stage: the picture before it leaves, the messages, a picture looked at. */
export function ExchangeOverlay({ exchange }: { readonly exchange: TerminalExchange }) {
  const { t } = useTranslation('exchange');
  const { encounterId, camera, unread, isOpen, toggle, viewing, view } = exchange;
  const newest = unread.at(-1);
  return (
    <>
      <StillPreview camera={camera} />
      {newest === undefined || isOpen ? null : <MessageCaption message={newest} onOpen={toggle} />}
      {isOpen ? (
        <aside className="t-beside" aria-label={t('chat.label')}>
          <header className="t-beside__head">
            <h2>{t('chat.label')}</h2>
            <button type="button" className="ch-quiet-button" onClick={toggle} aria-label={t('pane.close')}>
              <X className="ch-icon" aria-hidden />
            </button>
          </header>
          <TerminalChat encounterId={encounterId} onOpen={view} />
        </aside>
      ) : null}
      {viewing === null ? null : (
        <Picture encounterId={encounterId} attachmentId={viewing} onClose={() => view(null)} />
      )}
    </>
  );
}

export function Picture(props: {
  readonly encounterId: EncounterId;
  readonly attachmentId: AttachmentId;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation('exchange');
  const exchange = useExchange(props.encounterId);
  const attachment = exchange.data?.attachments.find((one) => one.attachmentId === props.attachmentId);
  return attachment === undefined ? null : (
    <div className="t-picture" role="dialog" aria-modal="true" aria-label={t('viewer.label')}>
      <Suspense fallback={<p role="status">{t('viewer.loading')}</p>}>
        <PictureViewer attachment={attachment} canDraw={false} onClose={props.onClose} />
      </Suspense>
    </div>
  );
}
