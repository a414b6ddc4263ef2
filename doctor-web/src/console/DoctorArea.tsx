import { Navigate, Route, Routes } from 'react-router';
import { OwnSchedulePage } from '../schedule/OwnSchedulePage.tsx';
import { ConsolePage } from './ConsolePage.tsx';

/** What a specialist works with. */
export const DoctorArea = () => (
  <Routes>
    <Route index element={<ConsolePage />} />
    <Route path="schedule" element={<OwnSchedulePage />} />
    <Route path="*" element={<Navigate to="/doctor" replace />} />
  </Routes>
);
