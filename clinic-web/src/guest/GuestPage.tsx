import { ElderSwitch, LanguageSwitch } from '@cloud-hospital/ui';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { DemoStrip } from '../resident/layout/DemoStrip.tsx';

interface GuestPageProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}

/** The frame before and after the call. No way leads from here to anywhere else. */
export function GuestPage({ title, lead, children }: GuestPageProps) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('product')}`;
  }, [title, t]);
  return (
    <div className="r-shell">
      <header>
        <DemoStrip />
        <div className="r-header">
          <div className="r-header__lead">
            <span className="r-brand">
              <img src="/icon.svg" alt="" />
              {t('product')}
            </span>
          </div>
          <ElderSwitch />
          <LanguageSwitch />
        </div>
      </header>
      <main className="r-main">
        <div className="r-heading">
          <h1 className="r-title">{title}</h1>
          {lead === undefined ? null : <p className="r-lead">{lead}</p>}
        </div>
        {children}
      </main>
    </div>
  );
}
