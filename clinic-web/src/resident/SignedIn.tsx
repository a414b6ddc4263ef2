import { ErrorNote } from '@cloud-hospital/ui';
import { useSession } from '@cloud-hospital/ui/api';
import { lazy } from 'react';
import { useTranslation } from 'react-i18next';
import { Outlet } from 'react-router';
import { Header } from './layout/Header.tsx';
import { Loading } from './layout/Loading.tsx';
import { Page } from './layout/Page.tsx';
import { LiveProvider } from './live/LiveProvider.tsx';
import { SignInPage } from './signIn/SignInPage.tsx';

const ProfilePage = lazy(async () => ({ default: (await import('./signIn/ProfilePage.tsx')).ProfilePage }));

/**
 * Everything a resident owns. Signing in happens in place, under the address that was asked for, so that a link in a
 * message leads where it says. A new phone names its person before anything else.
 */
export function SignedIn() {
  const { t } = useTranslation();
  const session = useSession();
  switch (session.status) {
    case 'loading':
      return (
        <div className="r-shell">
          <Header back={undefined} />
          <main className="r-main">
            <Loading />
          </main>
        </div>
      );
    case 'error':
      return (
        <Page title={t('product')}>
          <ErrorNote error={session.error} onRetry={session.retry} />
        </Page>
      );
    case 'signed-out':
      return <SignInPage demo={session.demo} />;
    case 'signed-in':
      return session.session.patientId === null ? (
        <ProfilePage />
      ) : (
        <LiveProvider>
          <Outlet />
        </LiveProvider>
      );
  }
}
