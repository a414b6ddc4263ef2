import '../resident/styles/layout.css';
import '../resident/styles/controls.css';
import './guest.css';
import { AppError } from '@cloud-hospital/protocol';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { LinkIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'react-router';
import { browserKey, forgetBrowserKey, tokenOf } from '../linkKey.ts';
import { Loading } from '../resident/layout/Loading.tsx';
import { Entrance } from './Entrance.tsx';
import { GuestCall } from './GuestCall.tsx';
import { GuestCheck } from './GuestCheck.tsx';
import { GuestPage } from './GuestPage.tsx';

/** One call and nothing else of the system, for whoever was asked into it by a link. */
export function GuestApp() {
  const { hash } = useLocation();
  const token = tokenOf(hash);
  return token === null ? <Gone /> : <Opened key={token} token={token} />;
}

function Opened({ token }: { readonly token: string }) {
  const { t } = useTranslation('guest');
  const { query } = useApi();
  const [key] = useState(() => browserKey('guest', token));
  /** How often the room was entered; 0: still before the door. */
  const [entry, setEntry] = useState(0);
  const [checks, setChecks] = useState(false);
  const link = useQuery(query.callPeople.openGuestLink.queryOptions({ input: { token, key }, staleTime: Infinity }));
  const gone = link.error instanceof AppError && link.error.code === 'NOT_FOUND';
  useEffect(() => {
    if (gone) forgetBrowserKey('guest', token);
  }, [gone, token]);
  if (gone) return <Gone />;
  if (link.data === undefined) {
    return (
      <GuestPage title={t('title')}>
        {link.isError ? <ErrorNote error={link.error} onRetry={() => void link.refetch()} /> : <Loading />}
      </GuestPage>
    );
  }
  if (checks) {
    const join = (): void => {
      setChecks(false);
      setEntry(1);
    };
    return <GuestCheck onJoin={join} />;
  }
  return entry === 0 ? (
    <Entrance
      view={link.data}
      secret={{ token, key }}
      onEntered={(wantsCheck) => (wantsCheck ? setChecks(true) : setEntry(1))}
    />
  ) : (
    <GuestCall key={entry} view={link.data} onAgain={() => setEntry(entry + 1)} />
  );
}

/** Used up, taken back, too old, over: all the same from outside. */
function Gone() {
  const { t } = useTranslation('guest');
  return (
    <GuestPage title={t('gone')} lead={t('goneWhy')}>
      <p className="r-empty" data-testid="guest-gone">
        <LinkIcon className="ch-icon" aria-hidden />
        {t('goneHow')}
      </p>
    </GuestPage>
  );
}
