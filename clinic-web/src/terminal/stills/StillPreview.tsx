import type { UsedStillCamera } from '@cloud-hospital/call/exchange';
import { Camera, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** The picture that is about to leave, and the one large way to keep it back. */
export function StillPreview({ camera }: { readonly camera: UsedStillCamera }) {
  const { t } = useTranslation(['exchange', 'common']);
  const { state } = camera;
  switch (state.phase) {
    case 'idle':
      return null;
    case 'taking':
      return (
        <p className="t-still t-still--note" role="status" data-testid="still-taking">
          <Camera className="ch-icon" aria-hidden />
          {t(state.asked ? 'still.takingAsked' : 'still.taking')}
        </p>
      );
    case 'failed':
      return (
        <div className="t-still t-still--note" role="alert" data-testid="still-failed">
          <TriangleAlert className="ch-icon" aria-hidden />
          <span>
            <strong>{t('still.cameraFailed')}</strong> {t('still.cameraFailedAdvice')}
          </span>
          <button type="button" className="t-secondary" onClick={camera.dismiss}>
            {t('common:action.close')}
          </button>
        </div>
      );
    case 'preview': {
      const { url, width, height } = state.still;
      return (
        <section className="t-still" role="alertdialog" aria-labelledby="still-preview" data-testid="still-preview">
          <img src={url} alt={t('still.title')} />
          <div className="t-still__words">
            <h2 id="still-preview">{t('still.previewTitle')}</h2>
            <p>{t('still.previewBody', { width, height })}</p>
            <span className="t-still__time" aria-hidden />
            <button
              type="button"
              className="t-primary t-primary--danger"
              onClick={camera.discard}
              data-testid="still-discard"
            >
              {t('still.discard')}
            </button>
          </div>
        </section>
      );
    }
  }
}
