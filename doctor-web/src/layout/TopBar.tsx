import { useSignalState } from '@cloud-hospital/call/react';
import type { Session } from '@cloud-hospital/protocol/rest';
import { ConnectionNote, DemoBadge, formatTime, LanguageSwitch, useServerNow } from '@cloud-hospital/ui';
import { useSignOut } from '@cloud-hospital/ui/api';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { LogOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

const CLOCK_INTERVAL_MS = 1_000;

/** Who works here, the time, and whether news still arrive. `children`: what the page itself wants up there. */
export function TopBar({ session, title, children }: { session: Session; title: string; children?: ReactNode }) {
  const { t } = useTranslation(['console', 'common']);
  const pick = usePick();
  const locale = useLocale();
  const now = useServerNow(CLOCK_INTERVAL_MS);
  const signal = useSignalState();
  const signOut = useSignOut();
  const place = [session.organization, session.location].flatMap((found) => (found === null ? [] : [pick(found.name)]));
  return (
    <header className="c-top">
      <div className="c-top__line">
        <p className="c-top__product">{t('common:product')}</p>
        <h1 className="c-top__title">{title}</h1>
        {session.demo ? <DemoBadge /> : null}
        <div className="c-top__own">{children}</div>
        <p className="c-top__person" title={[session.displayName, ...place].join(' · ')}>
          <strong>{session.displayName}</strong>
          {session.title === null ? null : <span> {pick(session.title)}</span>}
          <span className="c-top__place">{place.join(' · ')}</span>
        </p>
        <time className="c-top__clock">{formatTime(now, locale)}</time>
        <LanguageSwitch />
        <button type="button" className="ch-quiet-button" onClick={() => signOut.mutate({})}>
          <LogOut className="ch-icon" aria-hidden />
          {t('common:action.signOut')}
        </button>
      </div>
      <ConnectionNote state={signal.name} />
    </header>
  );
}
