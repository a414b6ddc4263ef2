import { type SubmitEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useWords } from '../layout/words.ts';
import { stepPath } from './answers.ts';
import type { StepProps } from './StepProps.ts';
import { useComplaint } from './complaintDraft.ts';
import { StepFrame } from './StepFrame.tsx';

/** Limits of the protocol's `Complaint`. */
const SHORTEST = 2;
const LONGEST = 500;

/** In the person's own words; the department's symptom words are one touch for those who'd rather not type. */
export function ComplaintStep({ answers }: StepProps) {
  const { t } = useTranslation(['resident', 'common']);
  const words = useWords();
  const navigate = useNavigate();
  const [complaint, setComplaint] = useComplaint();
  const [asked, setAsked] = useState(false);
  const id = useId();
  const tooShort = complaint.trim().length < SHORTEST;
  const separator = words.locale === 'en' ? ', ' : '，';
  const add = (word: string) => {
    const text = complaint.trim();
    setComplaint((text === '' ? word : `${text}${separator}${word}`).slice(0, LONGEST));
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setAsked(true);
    if (!tooShort) void navigate(stepPath('confirm', answers.params));
  };
  const suggestions = [
    ...(answers.department?.symptoms.map(words.pick) ?? []),
    ...(['days', 'worse', 'medicine'] as const).map((key) => t(`booking.complaint.word-${key}`)),
  ].filter((word) => !complaint.includes(word));
  return (
    <StepFrame step="complaint" answers={answers} lead={t('booking.complaint.lead')}>
      <form className="r-section" onSubmit={submit} noValidate>
        <div className="r-field">
          <label className="ch-visually-hidden" htmlFor={id}>
            {t('booking.complaint.title')}
          </label>
          <textarea
            id={id}
            className="r-input"
            maxLength={LONGEST}
            placeholder={t('booking.complaint.placeholder')}
            value={complaint}
            onChange={(event) => setComplaint(event.target.value)}
            aria-invalid={asked && tooShort}
            aria-describedby={`${id}-hint`}
            data-testid="complaint"
          />
          <p id={`${id}-hint`} className={asked && tooShort ? 'r-hint r-hint--bad' : 'r-hint'}>
            {asked && tooShort
              ? t('booking.complaint.tooShort')
              : t('booking.complaint.hint', { count: LONGEST - complaint.length })}
          </p>
        </div>
        {suggestions.length === 0 ? null : (
          <ul className="r-chips" aria-label={t('booking.complaint.words')}>
            {suggestions.map((word) => (
              <li key={word}>
                <button type="button" className="r-chip" onClick={() => add(word)}>
                  {word}
                </button>
              </li>
            ))}
          </ul>
        )}
        <div className="r-bar">
          <button type="submit" className="r-primary" data-testid="complaint-next">
            {t('common:action.next')}
          </button>
        </div>
      </form>
    </StepFrame>
  );
}
