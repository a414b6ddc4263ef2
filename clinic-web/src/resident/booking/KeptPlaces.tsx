import { useApi } from '@cloud-hospital/ui/api';
import { skipToken, useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { useWords } from '../layout/words.ts';
import { stepPath } from './answers.ts';
import type { Answers } from './useAnswers.ts';

/** A hospital or clinic that was found by its name and counts from here on; one touch drops it. */
export function KeptPlaces({ answers: { params, clinic } }: { readonly answers: Answers }) {
  const { t } = useTranslation('resident');
  const { query } = useApi();
  const words = useWords();
  const navigate = useNavigate();
  const hospitalId = params.get('hospital');
  const hospitals = useQuery(
    query.directory.hospitals.queryOptions({
      input: hospitalId === null ? skipToken : undefined,
      staleTime: 600_000,
    }),
  );
  const hospital = hospitals.data?.hospitals.find(({ organizationId }) => organizationId === hospitalId);
  const kept = [
    ...(hospital === undefined ? [] : [{ key: 'hospital', name: words.pick(hospital.name) }]),
    ...(clinic === undefined ? [] : [{ key: 'clinic', name: words.pick(clinic.name) }]),
  ];
  if (kept.length === 0) return null;
  const drop = (key: string) => {
    const next = new URLSearchParams(params);
    next.delete(key);
    void navigate(stepPath('department', next), { replace: true });
  };
  return (
    <ul className="b-answers" aria-label={t('search.keptTitle')}>
      {kept.map(({ key, name }) => (
        <li key={key}>
          <button
            type="button"
            className="b-answer"
            aria-label={t('search.drop', { name })}
            onClick={() => drop(key)}
            data-testid={`kept-${key}`}
          >
            {name}
            <X className="ch-icon" aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}
