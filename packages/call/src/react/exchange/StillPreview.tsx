import { Camera, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { CallExchange } from './useCallExchange.ts';

/** The picture that is about to leave, and the one large way to keep it back. */
export function StillPreview({ exchange }: { readonly exchange: CallExchange }) {
  const { t } = useTranslation(['exchange', 'common']);
  const { camera, side } = exchange;
  const { state } = camera;
  switch (state.phase) {
    case 'idle':
      return null;
    case 'taking':
      return (
        <p className="ch-still ch-still--note" role="status" data-testid="still-taking">
          <Camera className="ch-icon" aria-hidden />
          {t(state.asked ? 'still.takingAsked' : 'still.taking')}
        </p>
      );
    case 'failed':
      return (
        <div className="ch-still ch-still--note" role="alert" data-testid="still-failed">
          <TriangleAlert className="ch-icon" aria-hidden />
          <span>
            <strong>{t('still.cameraFailed')}</strong> {t(`still.cameraFailedAdvice.${side}`)}
          </span>
          <button type="button" className="ch-still-dismiss" onClick={camera.dismiss}>
            {t('common:action.close')}
          </button>
        </div>
      );
    case 'preview': {
      const { url, width, height } = state.still;
      return (
        <section className="ch-still" role="alertdialog" aria-labelledby="still-preview" data-testid="still-preview">
          <img src={url} alt={t('still.title')} />
          <div className="ch-still-words">
            <h2 id="still-preview">{t('still.previewTitle')}</h2>
            <p>{t('still.previewBody', { width, height })}</p>
            <span className="ch-still-time" aria-hidden />
            <button type="button" className="ch-still-discard" onClick={camera.discard} data-testid="still-discard">
              {t('still.discard')}
            </button>
          </div>
        </section>
      );
    }
  }
}
