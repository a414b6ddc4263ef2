import type { AttachmentId, EncounterId } from '@cloud-hospital/protocol';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useExchange } from './useExchange.ts';
import { PictureViewer } from './viewer/lazy.ts';

interface OpenedPictureProps {
  readonly encounterId: EncounterId;
  readonly attachmentId: AttachmentId;
  readonly onClose: () => void;
}

/** One picture over everything, to be looked at. */
export function OpenedPicture({ encounterId, attachmentId, onClose }: OpenedPictureProps) {
  const { t } = useTranslation('exchange');
  const exchange = useExchange(encounterId);
  const attachment = exchange.data?.attachments.find((one) => one.attachmentId === attachmentId);
  return attachment === undefined ? null : (
    <div className="ch-opened" role="dialog" aria-modal="true" aria-label={t('viewer.label')}>
      <Suspense fallback={<p role="status">{t('viewer.loading')}</p>}>
        <PictureViewer attachment={attachment} canDraw={false} onClose={onClose} />
      </Suspense>
    </div>
  );
}
