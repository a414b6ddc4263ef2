import type { ClinicRef, HospitalRef, SearchHits } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Building2, ChevronRight, MapPin } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import { stepPath } from './answers.ts';
import { readComplaint, writeComplaint } from './complaintDraft.ts';
import { SpecialistRow } from './SpecialistRow.tsx';

interface SearchResultsProps {
  readonly wanted: string;
  readonly params: URLSearchParams;
  /** A place was taken over from the results: what was typed has served. */
  readonly onKept: () => void;
}

/** Whatever was typed: departments that treat it, specialists by name, hospitals, clinics; each with its next free time. */
export function SearchResults({ wanted, params, onKept }: SearchResultsProps) {
  const { t } = useTranslation('resident');
  const { query } = useApi();
  const hits = useQuery(
    query.directory.search.queryOptions({
      input: { q: wanted.slice(0, 60) },
      staleTime: 15_000,
      placeholderData: keepPreviousData,
    }),
  );
  return (
    <div className="r-section" aria-live="polite" data-testid="search-results">
      <QueryState query={hits}>
        {(data) =>
          Object.values(data).every((list) => list.length === 0) ? (
            <p className="r-empty">{t('booking.department.notFound', { search: wanted })}</p>
          ) : (
            <Hits hits={data} wanted={wanted} params={params} onKept={onKept} />
          )
        }
      </QueryState>
      <p className="r-muted r-small">{t('booking.department.notDiagnosis')}</p>
    </div>
  );
}

function Hits({ hits, wanted, params, onKept }: SearchResultsProps & { readonly hits: SearchHits }) {
  const { t } = useTranslation('resident');
  const navigate = useNavigate();

  const toDepartment = ({ code, words: recognised }: SearchHits['departments'][number]) => {
    // What was typed is the beginning of what they will tell the specialist, unless it was the department's name.
    if (readComplaint() === '' && recognised.length > 0) writeComplaint(wanted);
    const next = new URLSearchParams(params);
    if (next.get('department') !== code) next.delete('specialist');
    next.set('department', code);
    void navigate(stepPath('specialist', next));
  };
  const keep = (key: 'hospital' | 'clinic', id: string) => {
    const next = new URLSearchParams(params);
    next.set(key, id);
    onKept();
    void navigate(stepPath('department', next), { replace: true });
  };
  return (
    <>
      {hits.departments.length === 0 ? null : (
        <Group title={t('search.departments')}>
          {hits.departments.map((hit) => (
            <li key={hit.code}>
              <DepartmentHit hit={hit} onChoose={() => toDepartment(hit)} />
            </li>
          ))}
        </Group>
      )}
      {hits.specialists.length === 0 ? null : (
        <Group title={t('search.specialists')}>
          {hits.specialists.map((specialist) => (
            <li key={specialist.practitionerRoleId}>
              <SpecialistRow specialist={specialist} params={params} withDepartment />
            </li>
          ))}
        </Group>
      )}
      {hits.hospitals.length === 0 ? null : (
        <Group title={t('search.hospitals')}>
          {hits.hospitals.map((hospital) => (
            <li key={hospital.organizationId}>
              <PlaceHit
                place={hospital}
                icon={<Building2 className="ch-icon r-row__lead-icon" aria-hidden />}
                onChoose={() => keep('hospital', hospital.organizationId)}
              />
            </li>
          ))}
        </Group>
      )}
      {hits.clinics.length === 0 ? null : (
        <Group title={t('search.clinics')}>
          {hits.clinics.map((clinic) => (
            <li key={clinic.locationId}>
              <PlaceHit
                place={clinic}
                icon={<MapPin className="ch-icon r-row__lead-icon" aria-hidden />}
                onChoose={() => keep('clinic', clinic.locationId)}
              />
            </li>
          ))}
        </Group>
      )}
    </>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="r-section">
      <h2 className="b-part">{title}</h2>
      <ul className="r-rows">{children}</ul>
    </section>
  );
}

interface DepartmentHitProps {
  readonly hit: SearchHits['departments'][number];
  readonly onChoose: () => void;
}

function DepartmentHit({ hit: { code, name, words: recognised, earliest }, onChoose }: DepartmentHitProps) {
  const { t } = useTranslation('resident');
  const words = useWords();
  return (
    <button type="button" className="r-row" onClick={onChoose} data-testid="hit-department" data-department={code}>
      <span className="r-row__body">
        <span className="r-row__title">{words.pick(name)}</span>
        <span className="r-muted r-small">
          {t('search.recognised', { words: recognised.slice(0, 3).join(words.locale === 'en' ? ', ' : '、') })}
        </span>
        {earliest === null || earliest.nextFree === null ? (
          <span className="r-muted b-specialist__free">{t('booking.specialist.full')}</span>
        ) : (
          <span className="b-specialist__free">
            {t('search.earliest', { time: words.dayTime(earliest.nextFree), specialist: words.specialist(earliest) })}
          </span>
        )}
      </span>
      <ChevronRight className="ch-icon" aria-hidden />
    </button>
  );
}

interface PlaceHitProps {
  readonly place: HospitalRef | ClinicRef;
  readonly icon: ReactNode;
  readonly onChoose: () => void;
}

function PlaceHit({ place, icon, onChoose }: PlaceHitProps) {
  const words = useWords();
  return (
    <button type="button" className="r-row" onClick={onChoose} data-testid="hit-place">
      {icon}
      <span className="r-row__body">
        <span className="r-row__title">{words.pick(place.name)}</span>
        {'address' in place ? <span className="r-muted r-small">{place.address}</span> : null}
      </span>
    </button>
  );
}
