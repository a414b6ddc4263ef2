import { CallControls, CallStage, OwnSignal, useCall } from '@cloud-hospital/call/react';
import type { GuestView } from '@cloud-hospital/protocol/rest';
import type { CallEndReason } from '@cloud-hospital/protocol/states';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { GuestPage } from './GuestPage.tsx';

interface GuestCallProps {
  readonly view: GuestView;
  readonly onAgain: () => void;
}

/** The call on a phone: the others, one's own picture small, three controls. */
export function GuestCall(props: GuestCallProps) {
  return (
    <OwnSignal face="guest">
      <Room {...props} />
    </OwnSignal>
  );
}

type Over = 'finished' | 'removed' | 'left' | 'elsewhere' | 'failed';
const OVER: { readonly [Reason in CallEndReason]?: Over } = {
  finished: 'finished',
  removed: 'removed',
  revoked: 'removed',
  'hung-up': 'left',
  parked: 'left',
  cancelled: 'left',
  'attached-elsewhere': 'elsewhere',
};

function Room({ view, onAgain }: GuestCallProps) {
  const { t } = useTranslation(['guest', 'call']);
  const call = useCall({ encounterId: view.encounterId, role: 'guest', autoStart: true });
  const [leaving, setLeaving] = useState(false);
  const { phase, endReason } = call.state;
  if (phase === 'ended') {
    const over = OVER[endReason ?? 'failed'] ?? 'failed';
    return (
      <GuestPage title={t(`over.${over}.title`)} lead={t(`over.${over}.body`, { phone: view.clinicPhone })}>
        <div data-testid="guest-over" data-reason={over}>
          {over === 'removed' || over === 'failed' ? (
            <a className="r-secondary r-wide" href={`tel:${view.clinicPhone}`}>
              {t('phone')}
            </a>
          ) : null}
          {over === 'finished' || over === 'removed' ? null : (
            <button type="button" className="r-primary" onClick={onAgain} data-testid="guest-again">
              {t('rejoin')}
            </button>
          )}
        </div>
      </GuestPage>
    );
  }
  return (
    <main className="g-call" data-testid="guest-call" data-phase={phase}>
      <h1 className="ch-visually-hidden">{t('title')}</h1>
      <CallStage call={call} size="console" />
      <CallControls call={call} size="large" hangUpLabel={t('leave')} onHangUp={() => setLeaving(true)} />
      {leaving ? (
        <LeaveDialog onStay={() => setLeaving(false)} onLeave={() => void call.actions.hangUp().catch(reportError)} />
      ) : null}
    </main>
  );
}

function LeaveDialog({ onStay, onLeave }: { readonly onStay: () => void; readonly onLeave: () => void }) {
  const { t } = useTranslation('guest');
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (dialog.current?.open === false) dialog.current.showModal();
  }, []);
  return (
    <dialog ref={dialog} className="g-dialog" aria-labelledby="g-leave" onCancel={onStay}>
      <h2 id="g-leave">{t('leaveTitle')}</h2>
      <p>{t('leaveBody')}</p>
      <div className="g-dialog__actions">
        <button type="button" className="r-secondary" onClick={onStay}>
          {t('leaveStay')}
        </button>
        <button type="button" className="r-primary" onClick={onLeave} data-testid="guest-leave-sure">
          {t('leaveSure')}
        </button>
      </div>
    </dialog>
  );
}
