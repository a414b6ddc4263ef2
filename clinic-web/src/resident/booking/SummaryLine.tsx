import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type Step, stepPath } from './answers.ts';

interface SummaryLineProps {
  readonly step: Exclude<Step, 'who'>;
  readonly params: URLSearchParams;
  readonly strong?: boolean;
  readonly children: ReactNode;
}

/** One answer on the last page, with the way back to its question. */
export function SummaryLine({ step, params, strong = false, children }: SummaryLineProps) {
  const { t } = useTranslation(['resident', 'common']);
  const question = t(`booking.${step}.short`);
  return (
    <div className="b-summary__line">
      <dt>{question}</dt>
      <dd className={strong ? 'b-summary__strong' : undefined} data-testid={`confirm-${step}`}>
        {children}
      </dd>
      <dd className="b-summary__change">
        <Link to={stepPath(step, params)} className="r-plain" aria-label={t('booking.change', { question })}>
          {t('common:action.change')}
        </Link>
      </dd>
    </div>
  );
}
