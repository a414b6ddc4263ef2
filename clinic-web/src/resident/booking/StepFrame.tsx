import { formatCountdown, useServerNow } from '@cloud-hospital/ui';
import type { Appointment } from '@cloud-hospital/protocol/rest';
import { Clock, Pencil } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { NoShowHint } from '../family/NoShowNotes.tsx';
import { Page } from '../layout/Page.tsx';
import { useWords } from '../layout/words.ts';
import { STEPS, type Step, stepPath } from './answers.ts';
import type { Answers } from './useAnswers.ts';

interface StepFrameProps {
  readonly step: Step;
  readonly answers: Answers;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}

/** One question: how far along, what was answered so far (each a way back to it), the time that is being kept. */
export function StepFrame({ step, answers, lead, children }: StepFrameProps) {
  const { t } = useTranslation(['resident', 'people']);
  const steps = STEPS.filter((one) => one !== 'who' || answers.people.length > 1);
  const index = steps.indexOf(step);
  const previous = steps[index - 1];
  return (
    <Page
      title={step === 'who' ? t('people:who.title') : t(`booking.${step}.title`)}
      lead={lead}
      back={previous === undefined ? '/' : stepPath(previous, answers.params)}
      before={
        <div className="b-progress">
          <progress className="b-progress__bar" value={index + 1} max={steps.length} aria-hidden />
          <p className="r-muted r-small">{t('booking.step', { step: index + 1, of: steps.length })}</p>
          {step === 'confirm' ? null : <AnswersSoFar step={step} answers={answers} />}
          {step !== 'department' || answers.person === undefined ? null : <NoShowHint person={answers.person} />}
          {answers.hold === undefined ? null : <HoldNote step={step} hold={answers.hold} params={answers.params} />}
        </div>
      }
    >
      {children}
    </Page>
  );
}

function AnswersSoFar({ step, answers }: { readonly step: Step; readonly answers: Answers }) {
  const { t } = useTranslation(['resident', 'people']);
  const words = useWords();
  const { people, person, department, specialist, clinic, params } = answers;
  const given: readonly (readonly [Step, string | undefined])[] = [
    ['who', people.length > 1 ? person?.name : undefined],
    ['department', department && words.pick(department.name)],
    ['specialist', specialist && words.specialist(specialist)],
    ['clinic', clinic && words.pick(clinic.name)],
  ];
  const shown = given.flatMap(([of, text]) =>
    text === undefined || STEPS.indexOf(of) >= STEPS.indexOf(step) ? [] : [{ of, text }],
  );
  if (shown.length === 0) return null;
  return (
    <ul className="b-answers" aria-label={t('booking.answers')}>
      {shown.map(({ of, text }) => (
        <li key={of}>
          <Link
            to={stepPath(of, params)}
            className="b-answer"
            aria-label={t('booking.changeAnswer', {
              question: of === 'who' ? t('people:who.short') : t(`booking.${of}.short`),
              answer: text,
            })}
            data-testid={`answer-${of}`}
          >
            {text}
            <Pencil className="ch-icon" aria-hidden />
          </Link>
        </li>
      ))}
    </ul>
  );
}

interface HoldNoteProps {
  readonly step: Step;
  readonly hold: Appointment;
  readonly params: URLSearchParams;
}

/** Counts down quietly: the digits change, nothing moves, and screen readers aren't told every second. */
function HoldNote({ step, hold, params }: HoldNoteProps) {
  const { t } = useTranslation('resident');
  const words = useWords();
  const now = useServerNow();
  if (hold.holdExpiresAt === null) return null;
  const left = Date.parse(hold.holdExpiresAt) - now;
  return (
    <p className="b-hold" data-testid="hold-countdown">
      {step === 'confirm' ? null : step === 'time' ? (
        <strong>{words.dayTime(hold.start)}</strong>
      ) : (
        <Link
          to={stepPath('time', params)}
          className="b-answer"
          aria-label={t('booking.changeAnswer', {
            question: t('booking.time.short'),
            answer: words.dayTime(hold.start),
          })}
          data-testid="answer-time"
        >
          {words.dayTime(hold.start)}
          <Pencil className="ch-icon" aria-hidden />
        </Link>
      )}
      <span className="b-hold__left">
        <Clock className="ch-icon" aria-hidden />
        {t('booking.kept')} <strong aria-hidden>{formatCountdown(left)}</strong>
      </span>
    </p>
  );
}
