import { lazy } from 'react';
import { Navigate, Route, Routes } from 'react-router';
import { DeskOnlyPage } from '../family/NoShowNotes.tsx';
import { Loading } from '../layout/Loading.tsx';
import { NotFoundPage } from '../NotFoundPage.tsx';
import { STEPS, type Step, stepPath } from './answers.ts';
import './booking.css';
import { ClinicStep } from './ClinicStep.tsx';
import { ComplaintStep } from './ComplaintStep.tsx';
import { DepartmentStep } from './DepartmentStep.tsx';
import { SpecialistStep } from './SpecialistStep.tsx';
import { StepFrame } from './StepFrame.tsx';
import type { StepProps } from './StepProps.ts';
import { WhoStep } from './WhoStep.tsx';
import { firstOpenStep, useAnswers } from './useAnswers.ts';

// These two parse what the server adds to a refusal and bring the schemas along; the first questions don't wait for them.
const TimeStep = lazy(async () => ({ default: (await import('./TimeStep.tsx')).TimeStep }));
const ConfirmStep = lazy(async () => ({ default: (await import('./ConfirmStep.tsx')).ConfirmStep }));

const PAGES: { readonly [S in Step]: (props: StepProps) => React.ReactNode } = {
  who: WhoStep,
  department: DepartmentStep,
  specialist: SpecialistStep,
  time: (props) => <TimeStep {...props} />,
  clinic: ClinicStep,
  complaint: ComplaintStep,
  confirm: (props) => <ConfirmStep {...props} />,
};

/** A page whose earlier questions have no answer (an old link, a typed address) leads to the first open one. */
function StepPage({ step }: { readonly step: Step }) {
  const answers = useAnswers();
  if (!answers.complete) {
    return (
      <StepFrame step={step} answers={answers}>
        <Loading />
      </StepFrame>
    );
  }
  if (answers.booked !== undefined)
    return <Navigate to={`/appointments/${answers.booked.appointmentId}?booked`} replace />;
  // Said before the questions rather than after them; somebody else of the family may still be chosen.
  if (step !== 'who' && answers.person?.noShows.mayBookOnline === false) {
    return <DeskOnlyPage person={answers.person} />;
  }
  const open = firstOpenStep(answers);
  if (STEPS.indexOf(open) < STEPS.indexOf(step)) return <Navigate to={stepPath(open, answers.params)} replace />;
  const Content = PAGES[step];
  return <Content answers={answers} />;
}

export const BookingPages = () => (
  <Routes>
    <Route index element={<Navigate to={stepPath('department', {})} replace />} />
    {STEPS.map((step) => (
      <Route key={step} path={step} element={<StepPage key={step} step={step} />} />
    ))}
    <Route path="*" element={<NotFoundPage />} />
  </Routes>
);
