import { Navigate, Route, Routes } from 'react-router';
import { HospitalSchedulesPage } from '../schedule/HospitalSchedulesPage.tsx';
import { UnansweredPage } from '../schedule/UnansweredPage.tsx';
import { HospitalPage } from './HospitalPage.tsx';

/** What a hospital's coordinator works with. */
export const HospitalArea = () => (
  <Routes>
    <Route index element={<HospitalPage />} />
    <Route path="schedules" element={<HospitalSchedulesPage />} />
    <Route path="changes" element={<UnansweredPage />} />
    <Route path="*" element={<Navigate to="/hospital" replace />} />
  </Routes>
);
