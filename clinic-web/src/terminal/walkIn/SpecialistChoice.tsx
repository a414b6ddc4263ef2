import type { Department, Specialist } from '@cloud-hospital/protocol/rest';
import type { Availability } from '@cloud-hospital/protocol/states';
import { AVAILABILITY_TONE, ErrorNote, formatTime, localDateOf, serverClock, StatusWord } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { skipToken, useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Busy } from '../controls/Busy.tsx';
import { Choice } from '../controls/Choice.tsx';
import type { WalkInDraft } from '../work/Drafts.tsx';

interface SpecialistChoiceProps {
  readonly draft: WalkInDraft;
  readonly onChange: (patch: Partial<WalkInDraft>) => void;
}

/** Who is there comes first: somebody without an appointment wants to be seen, not to book. */
const NEAREST: { readonly [State in Availability]: number } = { available: 0, 'in-call': 1, break: 2, off: 3 };

export const bySoonestSeen = (left: Specialist, right: Specialist): number =>
  NEAREST[left.availability] - NEAREST[right.availability] ||
  left.waiting - right.waiting ||
  Date.parse(left.nextFree ?? '9999-12-31') - Date.parse(right.nextFree ?? '9999-12-31');

/** The department first, folded away once chosen; then who of it can see the person soonest. */
export function SpecialistChoice({ draft, onChange }: SpecialistChoiceProps) {
  const { t } = useTranslation(['terminal', 'common']);
  const { query } = useApi();
  const pick = usePick();
  const departments = useQuery(query.directory.departments.queryOptions({ staleTime: Number.POSITIVE_INFINITY }));
  if (departments.isLoadingError)
    return <ErrorNote error={departments.error} onRetry={() => void departments.refetch()} />;
  if (departments.data === undefined) return <Busy>{t('common:state.loading')}</Busy>;
  const chosen = departments.data.departments.find(({ code }) => code === draft.departmentCode);
  if (chosen === undefined) {
    return (
      <Choice
        name="department"
        legend={t('walkIn.department')}
        columns={4}
        options={departments.data.departments.map(({ code, name }) => ({ value: code, label: pick(name) }))}
        value={draft.departmentCode}
        onChange={(code) => onChange({ departmentCode: code, practitionerRoleId: null })}
      />
    );
  }
  return (
    <>
      <p className="t-walk-in__answer">
        <span className="t-hint">{t('walkIn.department')}</span>
        <strong>{pick(chosen.name)}</strong>
        <button
          type="button"
          className="t-plain"
          onClick={() => onChange({ departmentCode: null, practitionerRoleId: null })}
          data-testid="walk-in-department-change"
        >
          {t('common:action.change')}
        </button>
      </p>
      <Specialists department={chosen} draft={draft} onChange={onChange} />
    </>
  );
}

function Specialists({ department, draft, onChange }: SpecialistChoiceProps & { readonly department: Department }) {
  const { t } = useTranslation(['terminal', 'common']);
  const { query } = useApi();
  const pick = usePick();
  const locale = useLocale();
  const specialists = useQuery(
    query.directory.specialists.queryOptions({
      input: draft.departmentCode === null ? skipToken : { departmentCode: department.code },
      refetchInterval: 15_000,
    }),
  );
  if (specialists.isLoadingError)
    return <ErrorNote error={specialists.error} onRetry={() => void specialists.refetch()} />;
  if (specialists.data === undefined) return <Busy>{t('common:state.loading')}</Busy>;
  const list = specialists.data.specialists.toSorted(bySoonestSeen);
  if (list.length === 0) return <p className="t-hint">{t('walkIn.nobody')}</p>;
  const today = localDateOf(serverClock.now());
  const whenOff = ({ nextFree }: Specialist) =>
    nextFree !== null && localDateOf(nextFree) === today
      ? t('walkIn.nextFree', { time: formatTime(nextFree, locale) })
      : t('walkIn.noFree');
  const pool = list.some(({ takesPool }) => takesPool)
    ? [{ value: 'pool' as const, label: t('walkIn.pool'), hint: t('walkIn.poolHint') }]
    : [];
  return (
    <Choice
      name="specialist"
      legend={t('walkIn.specialist')}
      columns={2}
      value={draft.practitionerRoleId}
      onChange={(value) => onChange({ practitionerRoleId: value })}
      options={[
        ...pool,
        ...list.map((specialist) => ({
          value: specialist.practitionerRoleId,
          label: `${locale === 'en' && specialist.nameEn !== '' ? specialist.nameEn : specialist.name} ${pick(specialist.title)}`,
          hint: (
            <>
              <StatusWord tone={AVAILABILITY_TONE[specialist.availability]}>
                {t(`common:availability.${specialist.availability}`)}
              </StatusWord>{' '}
              ·{' '}
              {specialist.availability === 'off'
                ? whenOff(specialist)
                : t('walkIn.waiting', { count: specialist.waiting })}
              <span className="t-walk-in__hospital">{pick(specialist.hospital.name)}</span>
            </>
          ),
        })),
      ]}
    />
  );
}
