import type { Specialist } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { skipToken, useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import { stepPath } from './answers.ts';
import type { StepProps } from './StepProps.ts';
import { StepFrame } from './StepFrame.tsx';

/** Soonest first: for most people that is the question. */
const bySoonest = (a: Specialist, b: Specialist) =>
  (a.nextFree === null ? Number.POSITIVE_INFINITY : Date.parse(a.nextFree)) -
  (b.nextFree === null ? Number.POSITIVE_INFINITY : Date.parse(b.nextFree));

export function SpecialistStep({ answers }: StepProps) {
  const { t } = useTranslation('resident');
  const { query } = useApi();
  const { department } = answers;
  const specialists = useQuery(
    query.directory.specialists.queryOptions({
      input: department === undefined ? skipToken : { departmentCode: department.code },
    }),
  );
  return (
    <StepFrame step="specialist" answers={answers} lead={t('booking.specialist.lead')}>
      <QueryState query={specialists}>
        {(data) =>
          data.specialists.length === 0 ? (
            <p className="r-empty">{t('booking.specialist.none')}</p>
          ) : (
            <ul className="r-rows">
              {data.specialists.toSorted(bySoonest).map((specialist) => (
                <li key={specialist.practitionerRoleId}>
                  <SpecialistRow specialist={specialist} answers={answers} />
                </li>
              ))}
            </ul>
          )
        }
      </QueryState>
    </StepFrame>
  );
}

function SpecialistRow({ specialist, answers }: { readonly specialist: Specialist } & StepProps) {
  const { t } = useTranslation('resident');
  const words = useWords();
  const navigate = useNavigate();
  const { nextFree } = specialist;
  const choose = () => {
    const next = new URLSearchParams(answers.params);
    next.set('specialist', specialist.practitionerRoleId);
    void navigate(stepPath('time', next));
  };
  return (
    <button
      type="button"
      className="r-row"
      disabled={nextFree === null}
      onClick={choose}
      data-testid="specialist"
      data-specialist={specialist.practitionerRoleId}
    >
      <span className="r-row__body b-specialist r-keep">
        <span className="b-specialist__name">
          <span className="r-row__title">{words.specialist(specialist)}</span>{' '}
          <span className="r-muted">{words.pick(specialist.title)}</span>
        </span>
        <span className="r-muted r-small">{words.pick(specialist.hospital.name)}</span>
        <span className="r-small b-clamp">{words.pick(specialist.expertise)}</span>
        {nextFree === null ? (
          <span className="r-muted b-specialist__free">{t('booking.specialist.full')}</span>
        ) : (
          <span className="b-specialist__free">
            {t('booking.specialist.nextFree', { time: words.dayTime(nextFree), count: specialist.freeSlots })}
          </span>
        )}
      </span>
      {nextFree === null ? null : <ChevronRight className="ch-icon" aria-hidden />}
    </button>
  );
}
