import { type AttachmentId, FACE_HEADER } from '@cloud-hospital/protocol';
import { type Attachment, attachmentContentPath, isViewable } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { useQueryClient } from '@tanstack/react-query';
import { Download, FileText, ImageIcon, Loader } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AnnotatedPicture } from './AnnotatedPicture.tsx';
import { formatBytes } from './formatBytes.ts';
import { contentKey, useContent } from './useContent.ts';

interface AttachmentTileProps {
  readonly attachment: Attachment;
  readonly onOpen: (attachmentId: AttachmentId) => void;
  /** Fetches pictures to show them small; else only those that are here already. */
  readonly withPicture: boolean;
}

/** A still or a file in a list: arriving, or there to be opened. */
export function AttachmentTile({ attachment, onOpen, withPicture }: AttachmentTileProps) {
  const { t } = useTranslation('exchange');
  const { attachmentId, kind, bytes, receivedBytes, status, contentType, author, width, height } = attachment;
  // A still is named in the reader's own language; a file as its sender named it.
  const title = kind === 'still' ? t('still.title') : attachment.title;
  const facts = [width === null ? null : `${width}×${height ?? 0}`, formatBytes(bytes), author.name].flatMap(
    (fact) => fact ?? [],
  );
  if (status !== 'completed') {
    return (
      <div className="ch-tile" data-status={status} data-testid="attachment-arriving">
        <Loader className="ch-tile-icon" aria-hidden />
        <span className="ch-tile-text">
          <strong>{title}</strong>
          <progress max={bytes} value={receivedBytes} aria-label={t('tile.arriving', { title })} />
          <span>{t('tile.progress', { percent: Math.floor((100 * receivedBytes) / bytes) })}</span>
        </span>
      </div>
    );
  }
  const text = (
    <span className="ch-tile-text">
      <strong>{title}</strong>
      <span>{facts.join(' · ')}</span>
    </span>
  );
  if (!isViewable(contentType)) return <FileTile attachment={attachment}>{text}</FileTile>;
  return (
    <button type="button" className="ch-tile" data-testid="attachment" onClick={() => onOpen(attachmentId)}>
      <Thumbnail attachment={attachment} fetches={withPicture} />
      {text}
    </button>
  );
}

function Thumbnail({ attachment, fetches }: { readonly attachment: Attachment; readonly fetches: boolean }) {
  const queryClient = useQueryClient();
  const isHere = queryClient.getQueryData(contentKey(attachment.attachmentId)) !== undefined;
  const { url } = useContent(fetches || isHere ? attachment.attachmentId : null);
  return url === null ? (
    <ImageIcon className="ch-tile-icon" aria-hidden />
  ) : (
    <span className="ch-tile-picture" aria-hidden>
      <AnnotatedPicture url={url} layer={attachment.annotation} label="" />
    </span>
  );
}

/** Documents are saved, never opened within our pages. */
function FileTile({ attachment, children }: { readonly attachment: Attachment; readonly children: ReactNode }) {
  const { t } = useTranslation('exchange');
  const { face } = useApi();
  const [state, setState] = useState<'idle' | 'loading' | 'failed'>('idle');
  const save = async (): Promise<void> => {
    setState('loading');
    try {
      const response = await fetch(attachmentContentPath(attachment.attachmentId), {
        headers: { [FACE_HEADER]: face },
      });
      if (!response.ok) throw new TypeError(`status ${response.status}`);
      const url = URL.createObjectURL(await response.blob());
      const link = document.createElement('a');
      link.href = url;
      link.download = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? '';
      link.click();
      // The download has begun by then; the address itself holds the whole content in memory.
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
      setState('idle');
    } catch {
      // The button says so, and can be pressed again.
      setState('failed');
    }
  };
  return (
    <button
      type="button"
      className="ch-tile"
      data-testid="attachment-file"
      disabled={state === 'loading'}
      onClick={() => void save()}
    >
      <FileText className="ch-tile-icon" aria-hidden />
      {children}
      <span className="ch-tile-action" role="status">
        <Download aria-hidden size="1.2em" />
        {t(state === 'failed' ? 'tile.saveFailed' : state === 'loading' ? 'tile.saving' : 'tile.save')}
      </span>
    </button>
  );
}
