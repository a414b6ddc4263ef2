import { LocalDate, OrganizationId } from '@cloud-hospital/protocol';
import type { Specialist } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import { stepPath } from './answers.ts';
import type { StepProps } from './StepProps.ts';
import { DayStrip } from './DayStrip.tsx';
import { EarliestCard } from './EarliestCard.tsx';
import { SpecialistRow } from './SpecialistRow.tsx';
import { StepFrame } from './StepFrame.tsx';

/** Soonest first: for most people that is the question. */
const bySoonest = (a: Specialist, b: Specialist) =>
  (a.nextFree === null ? Number.POSITIVE_INFINITY : Date.parse(a.nextFree)) -
  (b.nextFree === null ? Number.POSITIVE_INFINITY : Date.parse(b.nextFree));

/** The soonest time at any hospital on top, then everybody, narrowed by a hospital or a day where somebody wants to. */
export function SpecialistStep({ answers }: StepProps) {
  const { t } = useTranslation('resident');
  const { query } = useApi();
  const navigate = useNavigate();
  const { department, params } = answers;
  const hospital = OrganizationId.safeParse(params.get('hospital')).data;
  const date = LocalDate.safeParse(params.get('date')).data;
  const at = hospital === undefined ? {} : { organizationId: hospital };
  const specialists = useQuery(
    query.directory.specialists.queryOptions({
      input:
        department === undefined
          ? skipToken
          : { departmentCode: department.code, ...at, ...(date === undefined ? {} : { date }) },
      placeholderData: keepPreviousData,
    }),
  );
  const calendar = useQuery(
    query.directory.calendar.queryOptions({
      input: department === undefined ? skipToken : { departmentCode: department.code, ...at },
      placeholderData: keepPreviousData,
    }),
  );
  const narrow = (key: 'hospital' | 'date', value: string | null) => {
    const next = new URLSearchParams(params);
    if (value === null) next.delete(key);
    else next.set(key, value);
    void navigate(stepPath('specialist', next), { replace: true });
  };
  return (
    <StepFrame step="specialist" answers={answers} lead={t('booking.specialist.lead')}>
      <QueryState query={specialists}>
        {(data) => {
          const sorted = data.specialists.toSorted(bySoonest);
          const [soonest] = sorted;
          return (
            <>
              {soonest === undefined ? null : <EarliestCard specialist={soonest} answers={answers} />}
              <section className="r-section" aria-labelledby="narrow-title">
                <h2 id="narrow-title" className="r-section__title">
                  {t('booking.specialist.choose')}
                </h2>
                <HospitalSelect value={hospital} onChange={(value) => narrow('hospital', value)} />
                {calendar.data === undefined ? null : (
                  <DayStrip
                    days={calendar.data.days}
                    selected={date ?? null}
                    onSelect={(day) => narrow('date', day === date ? null : day)}
                  />
                )}
                {date === undefined ? null : (
                  <button type="button" className="r-plain" onClick={() => narrow('date', null)} data-testid="any-day">
                    {t('booking.specialist.anyDay')}
                  </button>
                )}
                {sorted.length === 0 ? (
                  <p className="r-empty">{t('booking.specialist.none')}</p>
                ) : (
                  <ul className="r-rows">
                    {sorted.map((specialist) => (
                      <li key={specialist.practitionerRoleId}>
                        <SpecialistRow specialist={specialist} params={params} />
                      </li>
                    ))}
                  </ul>
                )}
              </section>
            </>
          );
        }}
      </QueryState>
    </StepFrame>
  );
}

interface HospitalSelectProps {
  readonly value: OrganizationId | undefined;
  readonly onChange: (value: string | null) => void;
}

function HospitalSelect({ value, onChange }: HospitalSelectProps) {
  const { t } = useTranslation('resident');
  const { query } = useApi();
  const words = useWords();
  const id = useId();
  const hospitals = useQuery(query.directory.hospitals.queryOptions({ staleTime: 600_000 }));
  return (
    <div>
      <label className="ch-visually-hidden" htmlFor={id}>
        {t('booking.specialist.hospital')}
      </label>
      <select
        id={id}
        className="r-input b-select"
        value={value ?? ''}
        onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
        data-testid="hospital-filter"
      >
        <option value="">{t('booking.specialist.anyHospital')}</option>
        {(hospitals.data?.hospitals ?? []).map((hospital) => (
          <option key={hospital.organizationId} value={hospital.organizationId}>
            {words.pick(hospital.name)}
          </option>
        ))}
      </select>
    </div>
  );
}
