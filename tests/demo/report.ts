import { loadavg } from 'node:os';
import type { Consultation } from '../support/journeys/playConsultation.ts';
import type { Step } from '../support/journeys/Journal.ts';
import type { CallMoments } from '../support/mediaReport.ts';

/** Time between two moments, which may have happened in different browsers; null when one of them is missing. */
function between(from: number | undefined, to: number | undefined): number | null {
  return from === undefined || to === undefined ? null : Math.round(to - from);
}

/** Goals of the project on one 2-core machine that does nothing else. Milliseconds. */
const GOALS = { pressToRinging: 100, answerToFirstFrame: 500 } as const;

/** The figures of one call. */
export function callFigures({ terminal, specialist }: { terminal: CallMoments; specialist: CallMoments }) {
  const { answered } = terminal;
  return {
    pressToRingingMs: between(specialist.pressed, terminal['ringing-shown']),
    answerToFirstFrameAtTerminalMs: between(answered, terminal['first-frame']),
    answerToFirstFrameAtSpecialistMs: between(answered, specialist['first-frame']),
    goals: GOALS,
  };
}

interface ReportParts {
  readonly url: string;
  readonly startedAt: Date;
  readonly steps: readonly Step[];
  readonly complaints: readonly string[];
  /** Missing when the demonstration failed before its end. */
  readonly consultation?: Consultation | undefined;
  readonly failure?: string | undefined;
  readonly [more: string]: unknown;
}

/** What `.demo/report.json` holds. */
export function demoReport({ startedAt, consultation, failure, ...parts }: ReportParts) {
  return {
    outcome: failure === undefined ? 'passed' : 'failed',
    failure: failure ?? null,
    startedAt: startedAt.toISOString(),
    seconds: Math.round((Date.now() - startedAt.getTime()) / 100) / 10,
    load: loadavg(),
    call: consultation === undefined ? null : callFigures(consultation.moments),
    media:
      consultation === undefined ? null : { terminal: consultation.atTerminal, specialist: consultation.atSpecialist },
    ...parts,
  };
}
