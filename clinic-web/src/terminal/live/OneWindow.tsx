import { MonitorSmartphone } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { StartFrame } from '../layout/StartFrame.tsx';

type Hold = 'asking' | 'held' | 'elsewhere';

/** A terminal works in one window of its browser: two would ring twice and take the call from each other. */
export function OneWindow({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  const { t } = useTranslation('terminal');
  const [hold, setHold] = useState<Hold>('asking');
  const [steal, setSteal] = useState(0);
  useEffect(() => {
    const letGo = Promise.withResolvers<void>();
    let over = false;
    const held = (lock: Lock | null): Promise<void> | undefined => {
      if (over) return undefined;
      setHold(lock === null ? 'elsewhere' : 'held');
      return lock === null ? undefined : letGo.promise;
    };
    navigator.locks
      .request(`ch.terminal.${name}`, steal > 0 ? { steal: true } : { ifAvailable: true }, held)
      .catch(() => {
        // Another window took the lock over: that is the whole news.
        if (!over) setHold('elsewhere');
      });
    return () => {
      over = true;
      letGo.resolve();
    };
  }, [name, steal]);
  if (hold === 'held') return children;
  if (hold === 'asking') return null;
  return (
    <StartFrame>
      <main className="t-notice" data-testid="elsewhere">
        <MonitorSmartphone className="t-notice__icon" aria-hidden />
        <h1 className="t-title">{t('tab.title')}</h1>
        <p className="t-lead">{t('tab.body')}</p>
        <button
          type="button"
          className="t-primary"
          onClick={() => setSteal((before) => before + 1)}
          data-testid="use-here"
        >
          {t('tab.here')}
        </button>
      </main>
    </StartFrame>
  );
}
