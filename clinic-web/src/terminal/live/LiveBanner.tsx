import { useSignalState } from '@cloud-hospital/call/react';
import { useOnline } from '@cloud-hospital/ui';
import { LoaderCircle, WifiOff } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** A socket that is back this soon was never worth a word. Milliseconds. */
const PATIENCE_MS = 1500;

/** Says that the list may be out of date, what is being done about it, and what is not in danger. */
export function LiveBanner() {
  const { t } = useTranslation('terminal');
  const online = useOnline();
  const { name } = useSignalState();
  return (
    <div role="status" data-testid="live-banner" data-state={online ? name : 'offline'}>
      {!online ? (
        <p className="t-banner">
          <WifiOff className="ch-icon" aria-hidden />
          {t('live.offline')}
        </p>
      ) : name === 'lost' || name === 'refused' ? (
        <Later>
          <p className="t-banner">
            <LoaderCircle className="ch-icon ch-spin" aria-hidden />
            {t(`live.${name}`)}
          </p>
        </Later>
      ) : null}
    </div>
  );
}

/** Shows its content only if it is still wanted after a moment. */
function Later({ children }: { readonly children: ReactNode }) {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setIsLate(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, []);
  return isLate ? children : null;
}
