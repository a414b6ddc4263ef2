import { DemoBadge, LanguageSwitch } from '@cloud-hospital/ui';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Around everything that comes before the work: one card in the middle of the page. */
export function StartFrame({ demo, children }: { readonly demo: boolean; readonly children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className="c-sign-in">
      <header className="c-sign-in__top">
        <p className="c-top__product">{t('product')}</p>
        {demo ? <DemoBadge /> : null}
        <LanguageSwitch />
      </header>
      <main className="c-sign-in__card">{children}</main>
    </div>
  );
}
