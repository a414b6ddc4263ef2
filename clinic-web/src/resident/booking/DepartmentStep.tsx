import type { Department } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import { stepPath } from './answers.ts';
import type { StepProps } from './StepProps.ts';
import { readComplaint, writeComplaint } from './complaintDraft.ts';
import { StepFrame } from './StepFrame.tsx';
import { KeptPlaces } from './KeptPlaces.tsx';
import { SearchField } from './SearchField.tsx';
import { SearchResults } from './SearchResults.tsx';
import { commonSymptoms, symptomsOf, type Symptom } from './symptoms.ts';

/** What is wrong, in the person's words, or the department for those who know it. One tap answers either way. */
export function DepartmentStep({ answers }: StepProps) {
  const { t } = useTranslation('resident');
  const { query } = useApi();
  const [by, setBy] = useState<'symptom' | 'department'>('symptom');
  const [search, setSearch] = useState('');
  const wanted = useDeferredValue(search).trim();
  const departments = useQuery(query.directory.departments.queryOptions({ staleTime: 600_000 }));
  return (
    <StepFrame step="department" answers={answers} lead={t('booking.department.lead')}>
      <SearchField label={t('booking.department.search')} value={search} onChange={setSearch} testId="booking-search" />
      <KeptPlaces answers={answers} />
      {wanted === '' ? (
        <>
          <div className="r-segments" role="group" aria-label={t('booking.department.by')}>
            {(['symptom', 'department'] as const).map((way) => (
              <button
                key={way}
                type="button"
                aria-pressed={by === way}
                onClick={() => setBy(way)}
                data-testid={`by-${way}`}
              >
                {t(`booking.department.by-${way}`)}
              </button>
            ))}
          </div>
          <QueryState query={departments}>
            {(data) =>
              by === 'symptom' ? (
                <SymptomChoice departments={data.departments} params={answers.params} />
              ) : (
                <DepartmentChoice departments={data.departments} params={answers.params} />
              )
            }
          </QueryState>
        </>
      ) : (
        <SearchResults wanted={wanted} params={answers.params} onKept={() => setSearch('')} />
      )}
    </StepFrame>
  );
}

interface ChoiceProps {
  readonly departments: readonly Department[];
  readonly params: URLSearchParams;
}

function useChoose(params: URLSearchParams) {
  const navigate = useNavigate();
  return ({ code }: Department) => {
    const next = new URLSearchParams(params);
    if (next.get('department') !== code) next.delete('specialist');
    next.set('department', code);
    void navigate(stepPath('specialist', next));
  };
}

function DepartmentChoice({ departments, params }: ChoiceProps) {
  const words = useWords();
  const choose = useChoose(params);
  return (
    <ul className="r-rows">
      {departments.map((department) => (
        <li key={department.code}>
          <button
            type="button"
            className="r-row"
            onClick={() => choose(department)}
            data-testid={`department-${department.code}`}
          >
            <span className="r-row__body">
              <span className="r-row__title">{words.pick(department.name)}</span>
              <span className="r-muted r-small b-clamp">
                {department.symptoms.map(words.pick).join(words.locale === 'en' ? ', ' : '、')}
              </span>
            </span>
            <ChevronRight className="ch-icon" aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}

function SymptomChoice({ departments, params }: ChoiceProps) {
  const { t } = useTranslation('resident');
  const words = useWords();
  const choose = useChoose(params);
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState<Symptom | null>(null);
  const symptoms = symptomsOf(departments);
  const shown = all ? symptoms : commonSymptoms(symptoms, departments);

  const pickSymptom = (symptom: Symptom) => {
    // The word is the beginning of what they will tell the specialist.
    if (readComplaint() === '') writeComplaint(words.pick(symptom.name));
    const [only, ...others] = symptom.departments;
    if (only !== undefined && others.length === 0) choose(only);
    else setOpen(symptom);
  };
  return (
    <div className="r-section">
      <ul className="b-symptoms">
        {shown.map((symptom) => (
          <li key={symptom.name.zh}>
            <button
              type="button"
              className="r-chip r-wide"
              aria-pressed={open?.name.zh === symptom.name.zh}
              onClick={() => pickSymptom(symptom)}
              data-testid="symptom"
            >
              {words.pick(symptom.name)}
            </button>
          </li>
        ))}
      </ul>
      {all ? null : (
        <button type="button" className="r-plain" onClick={() => setAll(true)} data-testid="all-symptoms">
          {t('booking.department.all', { count: symptoms.length })}
        </button>
      )}
      {open === null ? null : (
        <section className="r-section" aria-live="polite">
          <h2 className="r-section__title">{t('booking.department.several', { symptom: words.pick(open.name) })}</h2>
          <DepartmentChoice departments={open.departments} params={params} />
        </section>
      )}
      <p className="r-muted r-small">{t('booking.department.notDiagnosis')}</p>
    </div>
  );
}
