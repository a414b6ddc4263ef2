import type { ClinicEntry, OrganizationEntry } from '@cloud-hospital/protocol/rest';
import { StatusWord } from '@cloud-hospital/ui';
import { usePick } from '@cloud-hospital/ui/i18n';
import { Button, Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';

interface ClinicTableProps {
  readonly clinics: readonly ClinicEntry[];
  readonly subDistricts: readonly OrganizationEntry[];
  readonly onEdit: (clinic: ClinicEntry) => void;
  readonly onAdd: () => void;
}

/** All clinics, closed ones included. */
export function ClinicTable({ clinics, subDistricts, onEdit, onAdd }: ClinicTableProps) {
  const { t } = useTranslation('console');
  const pick = usePick();
  const id = useId();
  const [search, setSearch] = useState('');
  const subDistrict = new Map(subDistricts.map(({ organizationId, name }) => [organizationId, pick(name)]));
  const shown = clinics.filter(({ name, organizationId }) =>
    [name.zh, name.en, subDistrict.get(organizationId) ?? ''].some((text) =>
      text.toLowerCase().includes(search.trim().toLowerCase()),
    ),
  );
  return (
    <section className="c-sheet" aria-labelledby={id}>
      <header className="c-card__head">
        <h3 id={id}>{t('directory.clinics')}</h3>
        <Input
          className="c-card__search"
          allowClear
          value={search}
          placeholder={t('directory.search')}
          aria-label={t('directory.search')}
          onChange={(event) => setSearch(event.target.value)}
        />
        <Button type="primary" disabled={subDistricts.length === 0} onClick={onAdd} data-testid="add-clinic">
          {t('directory.addClinic')}
        </Button>
      </header>
      {subDistricts.length === 0 ? <p className="c-secondary">{t('directory.noSubDistricts')}</p> : null}
      {clinics.length === 0 ? null : (
        <table className="c-table c-table--plain">
          <thead>
            <tr>
              <th>{t('directory.clinic')}</th>
              <th>{t('directory.subDistrict')}</th>
              <th>{t('directory.address')}</th>
              <th>{t('directory.phone')}</th>
              <th className="c-table__number">{t('directory.terminals')}</th>
              <th>{t('directory.status')}</th>
              <th>
                <span className="ch-visually-hidden">{t('directory.edit')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {shown.map((clinic) => (
              <tr key={clinic.locationId} data-testid="clinic-row">
                <th scope="row">{pick(clinic.name)}</th>
                <td>{subDistrict.get(clinic.organizationId) ?? ''}</td>
                <td>{clinic.address}</td>
                <td>{clinic.phone}</td>
                <td className="c-table__number">{clinic.terminals}</td>
                <td>
                  <StatusWord tone={clinic.active ? 'good' : 'neutral'}>
                    {t(clinic.active ? 'directory.open' : 'directory.closed')}
                  </StatusWord>
                </td>
                <td>
                  <Button type="link" size="small" onClick={() => onEdit(clinic)}>
                    {t('directory.edit')}
                  </Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
