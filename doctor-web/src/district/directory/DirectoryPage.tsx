import type { ClinicEntry, OrganizationEntry, OrganizationKind } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { Button, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TopBar } from '../../layout/TopBar.tsx';
import { useSignedIn } from '../../layout/useSignedIn.ts';
import { DistrictNav } from '../DistrictNav.tsx';
import { ClinicDialog } from './ClinicDialog.tsx';
import { ClinicTable } from './ClinicTable.tsx';
import { OrganizationDialog } from './OrganizationDialog.tsx';
import { OrganizationList } from './OrganizationList.tsx';

/** What is being written: something known, or something new of a kind. */
type Editing =
  | { readonly what: 'organization'; readonly kind: OrganizationKind; readonly known: OrganizationEntry | null }
  | { readonly what: 'clinic'; readonly known: ClinicEntry | null };

/** Hospitals, sub-districts and clinics of the district: everything else stands on them. */
export function DirectoryPage() {
  const { t } = useTranslation('console');
  const session = useSignedIn();
  const { query } = useApi();
  const directory = useQuery(query.administration.directory.queryOptions());
  const [editing, setEditing] = useState<Editing | null>(null);
  const close = (): void => setEditing(null);
  const ofKind = (kind: OrganizationKind): OrganizationEntry[] =>
    (directory.data?.organizations ?? []).filter((organization) => organization.kind === kind);
  const list = (kind: OrganizationKind, title: string, add: string | null) => (
    <OrganizationList
      title={title}
      organizations={ofKind(kind)}
      onEdit={(known) => setEditing({ what: 'organization', kind, known })}
      action={
        add === null ? null : (
          <Button onClick={() => setEditing({ what: 'organization', kind, known: null })} data-testid={`add-${kind}`}>
            {add}
          </Button>
        )
      }
    />
  );
  const subDistricts = ofKind('sub-district');
  return (
    <div className="c-shell">
      <TopBar session={session} title={t('title.district')}>
        <DistrictNav />
      </TopBar>
      <main className="c-page">
        <h2 className="c-page__title">{t('directory.title')}</h2>
        {directory.error === null ? null : (
          <ErrorNote error={directory.error} onRetry={() => void directory.refetch()} />
        )}
        {directory.isPending ? <Spin /> : null}
        {directory.data === undefined ? null : (
          <>
            <div className="c-directory">
              {list('district', t('directory.district'), null)}
              {list('hospital', t('directory.hospitals'), t('directory.addHospital'))}
              {list('sub-district', t('directory.subDistricts'), t('directory.addSubDistrict'))}
            </div>
            <ClinicTable
              clinics={directory.data.clinics}
              subDistricts={subDistricts}
              onEdit={(known) => setEditing({ what: 'clinic', known })}
              onAdd={() => setEditing({ what: 'clinic', known: null })}
            />
          </>
        )}
      </main>
      {editing?.what === 'organization' ? (
        <OrganizationDialog kind={editing.kind} known={editing.known} onClose={close} />
      ) : null}
      {editing?.what === 'clinic' ? (
        <ClinicDialog known={editing.known} subDistricts={subDistricts} onClose={close} />
      ) : null}
    </div>
  );
}
