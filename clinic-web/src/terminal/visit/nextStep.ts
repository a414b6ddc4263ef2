import type { Readiness, WorklistStatus } from '@cloud-hospital/protocol/rest';

/** The path of one person through the clinic, as staff see it. */
export const STEPS = ['check-in', 'consent', 'vitals', 'ready', 'answer', 'print'] as const;
export type Step = (typeof STEPS)[number];

/** What staff do next for a person: one of the steps, or only wait. */
export type NextStep = Step | 'wait' | 'in-call' | 'await-report' | 'done' | 'closed';

interface Facts {
  readonly status: WorklistStatus;
  readonly readiness: Readiness;
  /** Staff decided to call without measuring. */
  readonly vitalsSkipped: boolean;
}

/** Follows from what the server says, so that every screen of the clinic shows the same next action. */
export function nextStep({ status, readiness, vitalsSkipped }: Facts): NextStep {
  switch (status) {
    case 'booked':
    case 'late':
      return 'check-in';
    case 'checked-in':
    case 'waiting':
      if (!readiness.consent) return 'consent';
      if (!readiness.vitals && !vitalsSkipped && !readiness.ready) return 'vitals';
      return readiness.ready ? 'wait' : 'ready';
    case 'called':
      return readiness.byPhone ? 'in-call' : 'answer';
    case 'in-progress':
      return 'in-call';
    // Interrupted: the person is first in the queue again, and is called again once seated.
    case 'onleave':
      return readiness.ready ? 'wait' : 'ready';
    case 'report-pending':
      return 'await-report';
    case 'to-print':
      return 'print';
    case 'done':
      return 'done';
    case 'cancelled':
    case 'noshow':
      return 'closed';
  }
}

/** How many of the steps lie behind. */
export function stepsDone(next: NextStep): number {
  if (next === 'wait') return STEPS.indexOf('answer');
  if (next === 'in-call') return STEPS.indexOf('answer');
  if (next === 'await-report') return STEPS.indexOf('print');
  if (next === 'done') return STEPS.length;
  return next === 'closed' ? 0 : STEPS.indexOf(next);
}
