import { ErrorNote } from '@cloud-hospital/ui';
import { useSession } from '@cloud-hospital/ui/api';
import { Spin } from 'antd';
import { type ComponentType, lazy, Suspense } from 'react';
import type { Role } from '@cloud-hospital/protocol';
import { Navigate, Route, Routes } from 'react-router';
import { LiveProvider } from './layout/LiveProvider.tsx';
import { WrongRolePage } from './layout/WrongRolePage.tsx';
import { ActivatePage } from './signIn/ActivatePage.tsx';
import { SecondFactorPage } from './signIn/SecondFactorPage.tsx';
import { SignInPage } from './signIn/SignInPage.tsx';

const DoctorArea = lazy(async () => ({ default: (await import('./console/DoctorArea.tsx')).DoctorArea }));
const HospitalArea = lazy(async () => ({ default: (await import('./hospital/HospitalArea.tsx')).HospitalArea }));
const DistrictArea = lazy(async () => ({ default: (await import('./district/DistrictArea.tsx')).DistrictArea }));
const AuditPage = lazy(async () => ({ default: (await import('./audit/AuditPage.tsx')).AuditPage }));

interface Area {
  readonly path: string;
  readonly role: Role;
  readonly page: ComponentType;
}

const AREAS: readonly Area[] = [
  { path: '/doctor', role: 'specialist', page: DoctorArea },
  { path: '/hospital', role: 'coordinator', page: HospitalArea },
  { path: '/district', role: 'district-administrator', page: DistrictArea },
  { path: '/audit', role: 'auditor', page: AuditPage },
];

/** Where a role works; roles without an area here (clinic staff, residents) are told where to go. */
const homeOf = (role: Role): string | undefined => AREAS.find((area) => area.role === role)?.path;

export const App = () => (
  <Routes>
    <Route path="/activate" element={<ActivatePage />} />
    <Route path="*" element={<SignedIn />} />
  </Routes>
);

function SignedIn() {
  const session = useSession();
  switch (session.status) {
    case 'loading':
      return <Spin fullscreen />;
    case 'error':
      return (
        <main className="c-centre">
          <ErrorNote error={session.error} onRetry={session.retry} />
        </main>
      );
    case 'signed-out':
      return <SignInPage demo={session.demo} />;
    case 'signed-in': {
      // Before anything else, the socket included: the server would refuse it.
      if (session.session.secondFactor === 'not-enrolled') return <SecondFactorPage />;
      const home = homeOf(session.session.role);
      if (home === undefined) return <WrongRolePage />;
      return (
        <LiveProvider>
          <Suspense fallback={<Spin fullscreen />}>
            <Routes>
              {AREAS.filter((area) => area.role === session.session.role).map(({ path, page: Page }) => (
                <Route key={path} path={`${path}/*`} element={<Page />} />
              ))}
              <Route path="*" element={<Navigate to={home} replace />} />
            </Routes>
          </Suspense>
        </LiveProvider>
      );
    }
  }
}
