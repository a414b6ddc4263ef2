import { SlotId } from '@cloud-hospital/protocol';
import type { ClinicLoad, ClinicRef } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { skipToken, useQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import { Tick } from '../layout/Tick.tsx';
import { stepPath } from './answers.ts';
import type { StepProps } from './StepProps.ts';
import { bySubDistrict, matchesClinic } from './clinics.ts';
import { readComplaint } from './complaintDraft.ts';
import { SearchField } from './SearchField.tsx';
import { StepFrame } from './StepFrame.tsx';

/** Where to sit before the terminal: last time's clinic first, then by sub-district, or typed. */
export function ClinicStep({ answers }: StepProps) {
  const { t } = useTranslation(['resident', 'phoneVisit']);
  const { query } = useApi();
  const navigate = useNavigate();
  const [search, setSearch] = useState('');
  const clinics = useQuery(query.directory.clinics.queryOptions({ staleTime: 600_000 }));
  const appointments = useQuery(query.appointments.list.queryOptions());
  const slotId = SlotId.safeParse(answers.params.get('slot'));
  const loads = useQuery(
    query.directory.clinicLoads.queryOptions({
      input: slotId.success && answers.hold !== undefined ? { slotId: slotId.data } : skipToken,
    }),
  );
  const phoneAllowed = answers.hold?.phone.allowed === true;
  const [byPhone, setByPhone] = useState(answers.byPhone);
  const loadOf = (clinic: ClinicRef) =>
    byPhone ? undefined : loads.data?.loads.find(({ locationId }) => locationId === clinic.locationId);
  const lastId = appointments.data?.appointments
    .filter(({ clinic }) => clinic !== null)
    .toSorted((a, b) => Date.parse(b.start) - Date.parse(a.start))[0]?.clinic?.locationId;

  const choose = ({ locationId }: ClinicRef) => {
    const next = new URLSearchParams(answers.params);
    next.set('clinic', locationId);
    if (byPhone) next.set('phone', '1');
    else next.delete('phone');
    void navigate(stepPath(readComplaint().length < 2 || answers.clinic === undefined ? 'complaint' : 'confirm', next));
  };
  return (
    <StepFrame
      step="clinic"
      answers={answers}
      lead={byPhone ? t('phoneVisit:booking.clinic') : t('booking.clinic.lead')}
    >
      {phoneAllowed ? (
        <Tick
          label={t('phoneVisit:booking.title')}
          hint={t('phoneVisit:booking.hint')}
          checked={byPhone}
          onChange={setByPhone}
          testId="by-phone"
        />
      ) : null}
      <SearchField label={t('booking.clinic.search')} value={search} onChange={setSearch} testId="clinic-search" />
      <QueryState query={clinics}>
        {(data) => {
          const found = data.clinics.filter((clinic) => matchesClinic(clinic, search));
          const last = search === '' ? data.clinics.find(({ locationId }) => locationId === lastId) : undefined;
          if (search !== '') {
            return found.length === 0 ? (
              <p className="r-empty">{t('booking.clinic.notFound', { search })}</p>
            ) : (
              <ClinicRows clinics={found} onChoose={choose} loadOf={loadOf} />
            );
          }
          return (
            <>
              {last === undefined ? null : (
                <section className="r-section">
                  <h2 className="b-part">{t('booking.clinic.last')}</h2>
                  <ClinicRows clinics={[last]} onChoose={choose} loadOf={loadOf} />
                </section>
              )}
              <section className="r-section">
                <h2 className="b-part">{t('booking.clinic.bySubDistrict')}</h2>
                <SubDistricts clinics={data.clinics} onChoose={choose} loadOf={loadOf} />
              </section>
            </>
          );
        }}
      </QueryState>
    </StepFrame>
  );
}

interface ClinicRowsProps {
  readonly clinics: readonly ClinicRef[];
  readonly onChoose: (clinic: ClinicRef) => void;
  /** How many are planned there at the chosen time; undefined: nobody, or not known. */
  readonly loadOf: (clinic: ClinicRef) => ClinicLoad | undefined;
}

function ClinicRows({ clinics, onChoose, loadOf }: ClinicRowsProps) {
  const words = useWords();
  return (
    <ul className="r-rows">
      {clinics.map((clinic) => (
        <li key={clinic.locationId}>
          <button type="button" className="r-row" onClick={() => onChoose(clinic)} data-testid="clinic">
            <span className="r-row__body r-keep">
              <span className="r-row__title">{words.pick(clinic.name)}</span>
              <span className="r-muted r-small">{clinic.address}</span>
              <LoadLine load={loadOf(clinic)} />
            </span>
            <ChevronRight className="ch-icon" aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Said in words: a full hour can be chosen, but one may have to wait for the terminal. */
function LoadLine({ load }: { readonly load: ClinicLoad | undefined }) {
  const { t } = useTranslation('resident');
  if (load === undefined) return null;
  if (load.full) {
    return (
      <span className="b-load b-load--full" data-testid="clinic-full">
        {t('load.full', { count: load.inHour })}
      </span>
    );
  }
  return (
    <span className="b-load" data-testid="clinic-load">
      {load.atTime > 0 ? t('load.atTime', { count: load.atTime }) : t('load.inHour', { count: load.inHour })}
    </span>
  );
}

function SubDistricts({ clinics, onChoose, loadOf }: ClinicRowsProps) {
  const { t } = useTranslation('resident');
  const words = useWords();
  return (
    <div className="b-groups">
      {bySubDistrict(clinics).map(({ name, clinics: inside }) => (
        <details key={name.zh} name="sub-district" className="b-group">
          <summary className="r-row" data-testid="sub-district">
            <span className="r-row__body">
              <span className="r-row__title">{words.pick(name)}</span>
            </span>
            <span className="r-muted r-small">{t('booking.clinic.count', { count: inside.length })}</span>
            <ChevronDown className="ch-icon b-group__mark" aria-hidden />
          </summary>
          <ClinicRows clinics={inside} onChoose={onChoose} loadOf={loadOf} />
        </details>
      ))}
    </div>
  );
}
