import type { Specialist } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { useQuery } from '@tanstack/react-query';
import { Select, Spin } from 'antd';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { HospitalNav } from '../hospital/HospitalNav.tsx';
import { TopBar } from '../layout/TopBar.tsx';
import { useSignedIn } from '../layout/useSignedIn.ts';
import { ScheduleEditor } from './ScheduleEditor.tsx';

/** Every specialist of the hospital, one at a time; who is shown is in the address. */
export function HospitalSchedulesPage() {
  const { t } = useTranslation('console');
  const session = useSignedIn();
  const { query } = useApi();
  const specialists = useQuery(query.directory.specialists.queryOptions({ input: {} }));
  return (
    <div className="c-shell">
      <TopBar session={session} title={t('title.hospital')}>
        <HospitalNav />
      </TopBar>
      <main className="c-page">
        {specialists.data === undefined ? (
          specialists.error === null ? (
            <Spin />
          ) : (
            <ErrorNote error={specialists.error} onRetry={() => void specialists.refetch()} />
          )
        ) : (
          <Chosen specialists={specialists.data.specialists} />
        )}
      </main>
    </div>
  );
}

function Chosen({ specialists }: { readonly specialists: readonly Specialist[] }) {
  const { t } = useTranslation('console');
  const pick = usePick();
  const locale = useLocale();
  const [params, setParams] = useSearchParams();
  const wanted = params.get('specialist');
  const shown = specialists.find((one) => one.practitionerRoleId === wanted) ?? specialists[0];
  if (shown === undefined) return <p className="c-secondary">{t('schedule.noSpecialists')}</p>;
  return (
    <ScheduleEditor key={shown.practitionerRoleId} practitionerRoleId={shown.practitionerRoleId}>
      <Select
        className="s-head__choice"
        aria-label={t('schedule.chooseSpecialist')}
        size="large"
        showSearch={{ optionFilterProp: 'label' }}
        value={shown.practitionerRoleId}
        onChange={(practitionerRoleId) => setParams({ specialist: practitionerRoleId })}
        options={specialists
          .toSorted((a, b) => a.departmentCode.localeCompare(b.departmentCode))
          .map((one) => ({
            value: one.practitionerRoleId,
            label: `${pick(one.departmentName)} · ${locale === 'en' && one.nameEn !== '' ? one.nameEn : one.name} ${pick(one.title)}`,
          }))}
      />
    </ScheduleEditor>
  );
}
