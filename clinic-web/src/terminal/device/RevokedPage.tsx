import { Ban, PhoneCall } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { StartFrame } from '../layout/StartFrame.tsx';
import { useTerminalIdentity } from './TerminalIdentity.tsx';

/** The administrator switched the terminal off: what that means, and the way back. */
export function RevokedPage() {
  const { t } = useTranslation('terminal');
  const identity = useTerminalIdentity();
  return (
    <StartFrame>
      <main className="t-notice" data-testid="revoked-page">
        <Ban className="t-notice__icon t-notice__icon--danger" aria-hidden />
        <h1 className="t-title">{t('revoked.title')}</h1>
        <p className="t-lead">{t('revoked.body')}</p>
        <section className="t-card t-notice__todo">
          <h2>{t('revoked.todo')}</h2>
          <ol className="t-steps-text">
            <li>{t('revoked.todo1')}</li>
            <li>{t('revoked.todo2')}</li>
            <li>{t('revoked.todo3')}</li>
          </ol>
        </section>
        <div className="t-actions">
          <button
            type="button"
            className="t-primary"
            onClick={() => void identity.startEnrolment()}
            data-testid="enrol-again"
          >
            {t('revoked.again')}
          </button>
          <p className="t-emergency">
            <PhoneCall className="ch-icon" aria-hidden />
            {t('help.emergency')} <strong>120</strong>
          </p>
        </div>
      </main>
    </StartFrame>
  );
}
