import { LoaderCircle, WifiOff } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

export type ConnectionState = 'idle' | 'connecting' | 'connected' | 'lost' | 'closed' | 'refused';

const subscribe = (listener: () => void) => {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
};
export const useOnline = (): boolean => useSyncExternalStore(subscribe, () => navigator.onLine);

/**
 * Says that live updates are interrupted, and nothing while all is well. `state` is SignalClient's; without it only
 * the browser's own network state is watched.
 */
export function ConnectionNote({ state = 'connected' }: { readonly state?: ConnectionState }) {
  const { t } = useTranslation();
  const online = useOnline();
  const trouble = !online || state === 'lost' || state === 'refused';
  return (
    <div role="status" aria-live="polite" className="ch-connection" data-state={online ? state : 'offline'}>
      {!trouble ? null : (
        <p className="ch-connection__note">
          {online ? (
            <LoaderCircle className="ch-icon ch-spin" aria-hidden />
          ) : (
            <WifiOff className="ch-icon" aria-hidden />
          )}
          <span>
            {!online
              ? `${t('connection.offline')} ${t('connection.offlineAdvice')}`
              : t(state === 'refused' ? 'connection.refused' : 'connection.lost')}
          </span>
        </p>
      )}
    </div>
  );
}
