import { ErrorNote } from '@cloud-hospital/ui';
import { SecondFactorSetUp } from '@cloud-hospital/ui/account';
import { useSession } from '@cloud-hospital/ui/api';
import type { Session } from '@cloud-hospital/protocol/rest';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, Route, Routes, useNavigate } from 'react-router';
import { TerminalCallProvider } from './call/TerminalCall.tsx';
import { CheckInPage } from './checkIn/CheckInPage.tsx';
import { ConsentPage } from './consent/ConsentPage.tsx';
import { Busy } from './controls/Busy.tsx';
import { DeskPage } from './desk/DeskPage.tsx';
import { EnrolPage } from './device/EnrolPage.tsx';
import { RevokedPage } from './device/RevokedPage.tsx';
import { TerminalIdentityProvider, useTerminalIdentity } from './device/TerminalIdentity.tsx';
import { StartFrame } from './layout/StartFrame.tsx';
import { LiveProvider } from './live/LiveProvider.tsx';
import { OneWindow } from './live/OneWindow.tsx';
import { ReportPage } from './report/ReportPage.tsx';
import { SelfTestPage } from './selfTest/SelfTestPage.tsx';
import { useTestDue } from './selfTest/useTestDue.ts';
import { SignInPage } from './signIn/SignInPage.tsx';
import { AppointmentPage } from './visit/AppointmentPage.tsx';
import { VisitPage } from './visit/VisitPage.tsx';
import { VitalsPage } from './vitals/VitalsPage.tsx';
import { WalkInPage } from './walkIn/WalkInPage.tsx';
import { DraftsProvider } from './work/Drafts.tsx';
import { HomePane } from './work/HomePane.tsx';
import { WorkPage } from './work/WorkPage.tsx';

/** The clinic terminal: `/terminal` (router basename), face `terminal`. Which browser, then who, then the work. */
export const TerminalApp = () => (
  <TerminalIdentityProvider>
    <DraftsProvider>
      <Identified />
    </DraftsProvider>
  </TerminalIdentityProvider>
);

function Notice({ children }: { readonly children: ReactNode }) {
  return (
    <StartFrame>
      <main className="t-notice">{children}</main>
    </StartFrame>
  );
}

/** First: which browser this is. */
function Identified() {
  const { t } = useTranslation('terminal');
  const { state, restart } = useTerminalIdentity();
  switch (state.status) {
    case 'starting':
      return (
        <Notice>
          <Busy>{t('starting')}</Busy>
        </Notice>
      );
    case 'unreachable':
      return (
        <Notice>
          <h1 className="t-title">{t('unreachable.title')}</h1>
          <p className="t-lead">{t('unreachable.body')}</p>
          <ErrorNote error={state.error} onRetry={restart} />
        </Notice>
      );
    case 'unenrolled':
      return <EnrolPage />;
    case 'revoked':
      return <RevokedPage />;
    case 'desk':
      return <SignedIn />;
    case 'enrolled':
      return (
        <OneWindow name={state.deviceId}>
          <SignedIn />
        </OneWindow>
      );
  }
}

/** Then: who works at it. */
function SignedIn() {
  const { t } = useTranslation('terminal');
  const session = useSession();
  const [wasSignedIn, setWasSignedIn] = useState(false);
  const isSignedIn = session.status === 'signed-in';
  if (isSignedIn && !wasSignedIn) setWasSignedIn(true);
  switch (session.status) {
    case 'loading':
      return (
        <Notice>
          <Busy>{t('starting')}</Busy>
        </Notice>
      );
    case 'error':
      return (
        <Notice>
          <ErrorNote error={session.error} onRetry={session.retry} />
        </Notice>
      );
    case 'signed-out':
      return <SignInPage device={session.device} ended={wasSignedIn} />;
    case 'signed-in':
      // Before the socket, which the server would refuse.
      if (session.session.secondFactor === 'not-enrolled') {
        return (
          <Notice>
            <SecondFactorSetUp />
          </Notice>
        );
      }
      return (
        <LiveProvider key={session.session.userId}>
          <Work session={session.session} />
        </LiveProvider>
      );
  }
}

/** A terminal holds calls; a desk does everything else. */
function Work({ session }: { readonly session: Session }) {
  const navigate = useNavigate();
  const isTerminal = session.device !== null;
  const [isTestDue, setTested] = useTestDue(isTerminal);
  if (isTestDue) return <SelfTestPage onDone={setTested} />;
  const pages = (
    <Routes>
      {isTerminal ? <Route path="self-test" element={<SelfTestPage onDone={() => void navigate('/')} />} /> : null}
      <Route element={<WorkPage />}>
        <Route index element={<HomePane />} />
        <Route path="check-in" element={<CheckInPage />} />
        <Route path="walk-in" element={<WalkInPage />} />
        <Route path="appointments/:appointmentId" element={<AppointmentPage />} />
        <Route path="visits/:encounterId" element={<VisitPage />} />
        <Route path="*" element={<Navigate to="/" replace />} />
      </Route>
      <Route path="desk" element={<WorkPage wide />}>
        <Route index element={<DeskPage />} />
      </Route>
      <Route path="visits/:encounterId" element={<WorkPage wide />}>
        <Route path="consent" element={<ConsentPage />} />
        <Route path="vitals" element={<VitalsPage />} />
        <Route path="report" element={<ReportPage />} />
      </Route>
    </Routes>
  );
  return isTerminal ? <TerminalCallProvider>{pages}</TerminalCallProvider> : pages;
}
