import type { Answers } from './useAnswers.ts';

/** What every question's page is given. */
export interface StepProps {
  readonly answers: Answers;
}
