import { Navigate, Route, Routes } from 'react-router';
import { CalendarPage } from './calendar/CalendarPage.tsx';
import { DirectoryPage } from './directory/DirectoryPage.tsx';
import { DistrictPage } from './DistrictPage.tsx';
import { StaffPage } from './staff/StaffPage.tsx';

/** What the district's administrator works with. */
export function DistrictArea() {
  return (
    <Routes>
      <Route index element={<DistrictPage />} />
      <Route path="calendar" element={<CalendarPage />} />
      <Route path="directory" element={<DirectoryPage />} />
      <Route path="staff" element={<StaffPage />} />
      <Route path="*" element={<Navigate to="/district" replace />} />
    </Routes>
  );
}
