import { usePick } from '@cloud-hospital/ui/i18n';
import type { SessionState } from '@cloud-hospital/protocol/rest';
import { MonitorX, ShieldAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { useTerminalIdentity } from '../device/TerminalIdentity.tsx';
import { StartFrame } from '../layout/StartFrame.tsx';
import { SIGNED_OUT_HERE } from '../layout/StaffMenu.tsx';
import { SignInForm } from './SignInForm.tsx';
import { useStaffSignIn } from './useStaffSignIn.ts';

/** Staff sign in on the terminal of their clinic, or at a desk. */
export function SignInPage({ device, ended }: { readonly device: SessionState['device']; readonly ended: boolean }) {
  const { t } = useTranslation('terminal');
  const pick = usePick();
  const identity = useTerminalIdentity();
  const signIn = useStaffSignIn();
  const location = useLocation();
  const state: unknown = location.state;
  const wasThrownOut = ended && state !== SIGNED_OUT_HERE;
  return (
    <StartFrame>
      <main className="t-sign-in" data-testid="sign-in-page">
        <section className="t-sign-in__place">
          <h1 className="t-title t-title--large">{device === null ? t('signIn.desk') : pick(device.locationName)}</h1>
          {device === null ? (
            <>
              <p className="t-lead">{t('signIn.deskNote')}</p>
              <button
                type="button"
                className="t-plain t-plain--flush"
                onClick={() => void identity.startEnrolment()}
                disabled={!window.isSecureContext}
                data-testid="enrol-instead"
              >
                {t('signIn.enrolInstead')}
              </button>
            </>
          ) : (
            <>
              <p className="t-lead">{device.name}</p>
              <p className="t-lead">{t('signIn.lead')}</p>
            </>
          )}
          {window.isSecureContext ? null : (
            <div className="ch-note ch-note--attention" data-testid="insecure-context">
              <MonitorX className="ch-note__icon" aria-hidden />
              <div className="ch-note__body">
                <p className="ch-note__title">{t('insecure.title')}</p>
                <p>{t('insecure.advice')}</p>
              </div>
            </div>
          )}
        </section>
        <section className="t-card t-sign-in__form" aria-labelledby="sign-in-title">
          <h2 id="sign-in-title" className="t-heading-2">
            {t('signIn.title')}
          </h2>
          {wasThrownOut && !signIn.isError ? (
            <p className="ch-note ch-note--attention" role="status">
              <ShieldAlert className="ch-note__icon" aria-hidden />
              {t('signIn.ended')}
            </p>
          ) : null}
          <SignInForm signIn={signIn} submit={t('signIn.submit')} />
        </section>
      </main>
    </StartFrame>
  );
}
