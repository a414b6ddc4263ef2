import { AnnotatedPicture, useContent } from '@cloud-hospital/call/exchange';
import type { ReportImage } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useTranslation } from 'react-i18next';

/** The pictures that the specialist signed with the opinion, drawn on as they were then. */
export const ReportImages = ({ images }: { readonly images: readonly ReportImage[] }) => (
  <ul className="p-images">
    {images.map((image, index) => (
      <li key={image.attachmentId}>
        <Picture image={image} ordinal={index + 1} />
      </li>
    ))}
  </ul>
);

function Picture({ image, ordinal }: { readonly image: ReportImage; readonly ordinal: number }) {
  const { t } = useTranslation('resident');
  const { url, error, retry } = useContent(image.attachmentId);
  return error === null ? (
    <AnnotatedPicture url={url} layer={image.annotation} label={t('report.image', { ordinal })} />
  ) : (
    <ErrorNote error={error} onRetry={retry} />
  );
}
