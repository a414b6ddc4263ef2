import { AppError } from '@cloud-hospital/protocol';
import { useErrorText } from '@cloud-hospital/ui';
import { CircleAlert, CloudUpload, WifiOff, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { UploadItem } from '../../exchange/Uploads.ts';
import type { PageUploads } from './useUploads.ts';

/** A file on its way from here: how far it is, and what to do when it can't be kept. */
export function UploadTile({ item, uploads }: { readonly item: UploadItem; readonly uploads: PageUploads }) {
  const { t } = useTranslation('exchange');
  const errorText = useErrorText();
  const { key, kind, state, bytes, sentBytes, error } = item;
  const title = kind === 'still' ? t('still.title') : item.title;
  const Icon = state === 'failed' ? CircleAlert : state === 'waiting' ? WifiOff : CloudUpload;
  const text = error === null ? null : errorText(new AppError(error));
  return (
    <div className="ch-tile" data-status={state} data-testid="upload">
      <Icon className="ch-tile-icon" aria-hidden />
      <span className="ch-tile-text">
        <strong>{title}</strong>
        {text === null ? (
          <>
            <progress max={bytes} value={sentBytes} aria-label={t('tile.sending', { title })} />
            <span role="status">
              {t(state === 'waiting' ? 'tile.waiting' : 'tile.sendingPercent', {
                percent: Math.floor((100 * sentBytes) / bytes),
              })}
            </span>
          </>
        ) : (
          <span role="alert">
            {text.what} {text.advice}
          </span>
        )}
      </span>
      {state === 'failed' ? (
        <span className="ch-tile-action">
          {error === 'FILE_TYPE_REFUSED' || error === 'PAYLOAD_TOO_LARGE' ? null : (
            <button type="button" onClick={() => uploads.retry(key)}>
              {t('tile.retry')}
            </button>
          )}
          <button type="button" aria-label={t('tile.forget', { title })} onClick={() => uploads.forget(key)}>
            <X aria-hidden size="1.2em" />
          </button>
        </span>
      ) : null}
    </div>
  );
}
