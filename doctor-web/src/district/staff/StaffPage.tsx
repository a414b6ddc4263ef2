import type { ActivationCodeIssued, StaffMember } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { usePick } from '@cloud-hospital/ui/i18n';
import { useQuery } from '@tanstack/react-query';
import { Button, Input, Select, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TopBar } from '../../layout/TopBar.tsx';
import { useSignedIn } from '../../layout/useSignedIn.ts';
import { DistrictNav } from '../DistrictNav.tsx';
import { AddStaffDialog } from './AddStaffDialog.tsx';
import { CodeDialog } from './CodeDialog.tsx';
import { STAFF_ROLES } from './roles.ts';
import { StaffTable } from './StaffTable.tsx';

type RoleFilter = StaffMember['role'] | 'all';

/** Who works in the district, and with which account. */
export function StaffPage() {
  const { t } = useTranslation(['console', 'common']);
  const pick = usePick();
  const session = useSignedIn();
  const { query } = useApi();
  const staff = useQuery(query.administration.staff.queryOptions());
  const [search, setSearch] = useState('');
  const [role, setRole] = useState<RoleFilter>('all');
  const [isAdding, setAdding] = useState(false);
  const [issued, setIssued] = useState<ActivationCodeIssued | null>(null);
  const wanted = search.trim().toLowerCase();
  const shown = (staff.data?.staff ?? []).filter(
    (member) =>
      (role === 'all' || member.role === role) &&
      [member.name, member.username, pick(member.place)].some((text) => text.toLowerCase().includes(wanted)),
  );
  return (
    <div className="c-shell">
      <TopBar session={session} title={t('title.district')}>
        <DistrictNav />
      </TopBar>
      <main className="c-page">
        <header className="c-card__head">
          <h2 className="c-page__title">{t('staff.title')}</h2>
          <span className="c-secondary">{t('staff.count', { count: shown.length })}</span>
          <Input
            className="c-card__search"
            allowClear
            value={search}
            placeholder={t('staff.search')}
            aria-label={t('staff.search')}
            onChange={(event) => setSearch(event.target.value)}
          />
          <Select<RoleFilter>
            className="c-staff__role"
            aria-label={t('staff.role')}
            value={role}
            onChange={setRole}
            options={[
              { value: 'all', label: t('staff.all') },
              ...STAFF_ROLES.map((one) => ({ value: one, label: t(`common:role.${one}`) })),
            ]}
          />
          <Button type="primary" onClick={() => setAdding(true)} data-testid="add-staff">
            {t('staff.add')}
          </Button>
        </header>
        {staff.error === null ? null : <ErrorNote error={staff.error} onRetry={() => void staff.refetch()} />}
        {staff.isPending ? <Spin /> : null}
        {staff.data === undefined ? null : <StaffTable staff={shown} onIssued={setIssued} />}
      </main>
      {isAdding ? (
        <AddStaffDialog
          onClose={() => setAdding(false)}
          onAdded={(code) => {
            setAdding(false);
            setIssued(code);
          }}
        />
      ) : null}
      {issued === null ? null : <CodeDialog issued={issued} onClose={() => setIssued(null)} />}
    </div>
  );
}
