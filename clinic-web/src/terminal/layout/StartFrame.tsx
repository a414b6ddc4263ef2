import { DemoBadge, LanguageSwitch } from '@cloud-hospital/ui';
import { useSession } from '@cloud-hospital/ui/api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Clock } from './Clock.tsx';

/** The frame before anybody is signed in: name, clock, language. */
export function StartFrame({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation(['terminal', 'common']);
  const session = useSession();
  const demo = (session.status === 'signed-in' || session.status === 'signed-out') && session.demo;
  return (
    <div className="t-start">
      <header className="t-bar">
        <p className="t-bar__brand">
          <img src="/icon.svg" alt="" />
          {t('common:product')} · {t('title')}
        </p>
        {demo ? <DemoBadge /> : null}
        <span className="t-bar__gap" />
        <Clock />
        <LanguageSwitch />
      </header>
      {children}
    </div>
  );
}
