import { ConnectionNote, type ConnectionState } from '@cloud-hospital/ui';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Header } from './Header.tsx';

export interface PageProps {
  readonly title: string;
  /** One sentence under the title. */
  readonly lead?: ReactNode;
  /** Where "back" leads; the home page has none. */
  readonly back?: string | (() => void);
  /** Above the title, e.g. the answers so far. */
  readonly before?: ReactNode;
  /** Of the live connection, on pages that change by themselves; the others only say when there is no network. */
  readonly connection?: ConnectionState;
  readonly children: ReactNode;
}

/** The frame of every resident page: header, one title, content. Opening a page starts at its title. */
export function Page({ title, lead, back, before, connection, children }: PageProps) {
  const { t } = useTranslation();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${t('product')}`;
  }, [title, t]);
  useEffect(() => {
    window.scrollTo(0, 0);
    heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div className="r-shell">
      <Header back={back} />
      <ConnectionNote {...(connection === undefined ? {} : { state: connection })} />
      <main className="r-main">
        {before}
        <div className="r-heading">
          <h1 className="r-title" ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead === undefined ? null : <p className="r-lead">{lead}</p>}
        </div>
        {children}
      </main>
    </div>
  );
}
