import { AnnotatedPicture, useContent, useExchange } from '@cloud-hospital/call/exchange';
import type { AttachmentId, EncounterId } from '@cloud-hospital/protocol';
import { type Attachment, isViewable } from '@cloud-hospital/protocol/rest';
import { Checkbox } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

interface NoteImagesProps {
  readonly encounterId: EncounterId;
  readonly images: readonly AttachmentId[];
  readonly onChange: (images: AttachmentId[]) => void;
}

/** Which pictures go into the opinion, and with it to the resident. */
export function NoteImages({ encounterId, images, onChange }: NoteImagesProps) {
  const { t } = useTranslation('exchange');
  const id = useId();
  const exchange = useExchange(encounterId);
  const pictures = (exchange.data?.attachments ?? []).filter(
    ({ status, contentType }) => status === 'completed' && isViewable(contentType),
  );
  if (pictures.length === 0) return null;
  return (
    <fieldset className="c-field c-note__images" aria-describedby={id} data-testid="note-images">
      <legend>{t('record.images')}</legend>
      <ul>
        {pictures.map((picture, index) => (
          <li key={picture.attachmentId}>
            <Checkbox
              checked={images.includes(picture.attachmentId)}
              onChange={({ target }) =>
                onChange(
                  target.checked
                    ? [...images, picture.attachmentId]
                    : images.filter((one) => one !== picture.attachmentId),
                )
              }
            >
              <SmallPicture picture={picture} label={t('record.image', { ordinal: index + 1 })} />
            </Checkbox>
          </li>
        ))}
      </ul>
      <p id={id} className="c-secondary">
        {t('record.attachedHint')}
      </p>
    </fieldset>
  );
}

function SmallPicture({ picture, label }: { readonly picture: Attachment; readonly label: string }) {
  const { url } = useContent(picture.attachmentId);
  return <AnnotatedPicture url={url} layer={picture.annotation} label={label} />;
}
