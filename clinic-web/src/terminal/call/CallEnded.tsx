import type { CallEndReason } from '@cloud-hospital/protocol/states';
import { CircleCheck, MonitorSmartphone, PhoneOff } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { StillSending } from '@cloud-hospital/call/exchange';
import type { TerminalCall } from './useTerminalCall.ts';

const ADVICE: { readonly [Reason in CallEndReason]?: 'finished' | 'no-answer' | 'failed' } = {
  finished: 'finished',
  'no-answer': 'no-answer',
  declined: 'no-answer',
  failed: 'failed',
};

/** How the call ended, what became of the person's place, and what to do now. */
export function CallEnded({
  terminalCall,
  reason,
}: {
  readonly terminalCall: TerminalCall;
  readonly reason: CallEndReason;
}) {
  const { t } = useTranslation(['terminal', 'call']);
  const navigate = useNavigate();
  const { encounterId, dismiss, restart } = terminalCall;
  if (reason === 'attached-elsewhere') {
    return (
      <section className="t-call t-call--over" role="alertdialog" aria-labelledby="call-over" data-testid="elsewhere">
        <MonitorSmartphone className="t-notice__icon" aria-hidden />
        <h1 id="call-over" className="t-title t-title--large">
          {t('tab.title')}
        </h1>
        <p className="t-lead">{t('tab.call')}</p>
        <button type="button" className="t-primary" onClick={restart} data-testid="use-here">
          {t('tab.here')}
        </button>
      </section>
    );
  }
  const Icon = reason === 'finished' ? CircleCheck : PhoneOff;
  const advice = ADVICE[reason] ?? 'other';
  return (
    <section
      className="t-call t-call--over"
      role="alertdialog"
      aria-labelledby="call-over"
      data-testid="call-ended"
      data-reason={reason}
    >
      <Icon className="t-notice__icon" aria-hidden />
      <h1 id="call-over" className="t-title t-title--large">
        {t(`call:ended.${reason}`)}
      </h1>
      <p className="t-lead">{t(`call.ended.${advice}`)}</p>
      <StillSending encounterId={encounterId} />
      <div className="t-actions">
        {reason === 'failed' ? (
          <button type="button" className="t-secondary" onClick={restart} data-testid="call-restart">
            {t('call.restarting')}
          </button>
        ) : null}
        <button
          type="button"
          className="t-primary"
          onClick={() => {
            dismiss();
            void navigate(`/visits/${encounterId}`);
          }}
          data-testid="call-dismiss"
        >
          {t('call.toPerson')}
        </button>
      </div>
    </section>
  );
}
