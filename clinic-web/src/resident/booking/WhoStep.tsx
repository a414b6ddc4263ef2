import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useNavigate } from 'react-router';
import { stepPath } from './answers.ts';
import type { StepProps } from './StepProps.ts';
import { StepFrame } from './StepFrame.tsx';

/** Asked only where there is more than one answer. */
export function WhoStep({ answers }: StepProps) {
  const { t } = useTranslation('people');
  const navigate = useNavigate();
  const { people, params } = answers;
  if (people.length < 2) return <Navigate to={stepPath('department', params)} replace />;
  const choose = (patientId: string) => {
    const next = new URLSearchParams(params);
    // A time that was kept for somebody else is theirs.
    if (next.get('who') !== patientId) next.delete('hold');
    next.set('who', patientId);
    void navigate(stepPath('department', next));
  };
  return (
    <StepFrame step="who" answers={answers} lead={t('who.lead')}>
      <ul className="r-rows">
        {people.map(({ patientId, name, relationship, identityMasked, noShows }) => (
          <li key={patientId}>
            <button type="button" className="r-row" onClick={() => choose(patientId)} data-testid="person">
              <span className="r-row__body r-keep">
                <span>
                  <span className="r-row__title">{name}</span>{' '}
                  <span className="r-muted">{t(`short.${relationship ?? 'self'}`)}</span>
                </span>
                <span className="r-muted r-small">{identityMasked}</span>
                {noShows.mayBookOnline ? null : <span className="r-small">{t('who.deskOnly')}</span>}
              </span>
              <ChevronRight className="ch-icon" aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      <Link to="/family/add" className="r-plain r-plain--flush">
        {t('who.add')}
      </Link>
    </StepFrame>
  );
}
