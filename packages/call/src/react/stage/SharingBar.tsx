import { MonitorUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Call } from '../types.ts';

/** While the own screen is shared: that it is, how well it goes, and how to stop. @param children further buttons */
export function SharingBar({ call, children }: { readonly call: Call; readonly children?: ReactNode }) {
  const { t } = useTranslation('call');
  const { screen, mode } = call.state;
  if (screen.status !== 'live') return null;
  const how = mode === 'audio' || mode === 'phone' ? 'share.paused' : mode === 'stills' ? 'share.slow' : null;
  return (
    <div className="ch-call-sharing" role="status" data-testid="sharing">
      <MonitorUp aria-hidden size="1.35em" />
      <p>
        {t('share.sharing')}
        {how !== null && <small>{t(how)}</small>}
      </p>
      {children}
      <button type="button" className="ch-call-sharing-stop" onClick={() => call.actions.stopSharing()}>
        {t('share.stop')}
      </button>
    </div>
  );
}
