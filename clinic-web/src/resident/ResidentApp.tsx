import './styles/layout.css';
import './styles/controls.css';
import { lazy, Suspense } from 'react';
import { Outlet, Route, Routes } from 'react-router';
import { Header } from './layout/Header.tsx';
import { Loading } from './layout/Loading.tsx';
import { NotFoundPage } from './NotFoundPage.tsx';
import { SignedIn } from './SignedIn.tsx';

const HomePage = lazy(async () => ({ default: (await import('./home/HomePage.tsx')).HomePage }));
const BookingPages = lazy(async () => ({ default: (await import('./booking/BookingPages.tsx')).BookingPages }));
const AppointmentsPage = lazy(async () => ({
  default: (await import('./appointments/AppointmentsPage.tsx')).AppointmentsPage,
}));
const AppointmentPage = lazy(async () => ({
  default: (await import('./appointments/AppointmentPage.tsx')).AppointmentPage,
}));
const ReschedulePage = lazy(async () => ({
  default: (await import('./appointments/ReschedulePage.tsx')).ReschedulePage,
}));
const DeviceCheckPage = lazy(async () => ({
  default: (await import('./deviceCheck/DeviceCheckPage.tsx')).DeviceCheckPage,
}));
const PhoneCheckInPage = lazy(async () => ({
  default: (await import('./phoneVisit/PhoneCheckInPage.tsx')).PhoneCheckInPage,
}));
const WaitingPage = lazy(async () => ({ default: (await import('./waiting/WaitingPage.tsx')).WaitingPage }));
const ReportsPage = lazy(async () => ({ default: (await import('./reports/ReportsPage.tsx')).ReportsPage }));
const ReportPage = lazy(async () => ({ default: (await import('./reports/ReportPage.tsx')).ReportPage }));
const VerifyPage = lazy(async () => ({ default: (await import('./reports/VerifyPage.tsx')).VerifyPage }));
const FamilyPage = lazy(async () => ({ default: (await import('./family/FamilyPage.tsx')).FamilyPage }));
const AddMemberPage = lazy(async () => ({ default: (await import('./family/AddMemberPage.tsx')).AddMemberPage }));
const MemberCodePage = lazy(async () => ({ default: (await import('./family/MemberCodePage.tsx')).MemberCodePage }));
const HelperPage = lazy(async () => ({ default: (await import('./helper/HelperPage.tsx')).HelperPage }));
const DemoInboxPage = lazy(async () => ({ default: (await import('./demo/DemoInboxPage.tsx')).DemoInboxPage }));

/** While the next page's code is on its way: the frame stays, so that nothing jumps. */
const Frame = () => (
  <div className="r-shell">
    <Header back={undefined} />
    <main className="r-main">
      <Loading />
    </main>
  </div>
);

const Lazily = () => (
  <Suspense fallback={<Frame />}>
    <Outlet />
  </Suspense>
);

export const ResidentApp = () => (
  <Routes>
    <Route element={<Lazily />}>
      <Route path="verify/:token" element={<VerifyPage />} />
      <Route path="h" element={<HelperPage />} />
      <Route path="demo/inbox" element={<DemoInboxPage />} />
      <Route element={<SignedIn />}>
        <Route index element={<HomePage />} />
        <Route path="book/*" element={<BookingPages />} />
        <Route path="appointments" element={<AppointmentsPage />} />
        <Route path="appointments/:appointmentId" element={<AppointmentPage />} />
        <Route path="appointments/:appointmentId/change" element={<ReschedulePage />} />
        <Route path="appointments/:appointmentId/check" element={<DeviceCheckPage />} />
        <Route path="appointments/:appointmentId/phone" element={<PhoneCheckInPage />} />
        <Route path="waiting/:queueEntryId" element={<WaitingPage />} />
        <Route path="family" element={<FamilyPage />} />
        <Route path="family/add" element={<AddMemberPage />} />
        <Route path="family/:relatedPersonId/code" element={<MemberCodePage />} />
        <Route path="reports" element={<ReportsPage />} />
        <Route path="reports/:reportId" element={<ReportPage />} />
      </Route>
      <Route path="*" element={<NotFoundPage />} />
    </Route>
  </Routes>
);
