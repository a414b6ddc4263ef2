import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { type NextStep, STEPS, stepsDone } from './nextStep.ts';

/** Where the person is on the way from the door to the printed report. */
export function Steps({ next }: { readonly next: NextStep }) {
  const { t } = useTranslation('terminal');
  const done = stepsDone(next);
  return (
    <ol className="t-steps" aria-label={t('step.label')}>
      {STEPS.map((step, index) => {
        const state = index < done ? 'done' : index === done && next !== 'closed' ? 'current' : 'todo';
        return (
          <li
            key={step}
            className="t-steps__step"
            data-state={state}
            aria-current={state === 'current' ? 'step' : undefined}
          >
            <span className="t-steps__mark" aria-hidden>
              {state === 'done' ? <Check className="ch-icon" /> : index + 1}
            </span>
            {t(`step.${step}`)}
            <span className="ch-visually-hidden">{t(`step.${state}`)}</span>
          </li>
        );
      })}
    </ol>
  );
}
