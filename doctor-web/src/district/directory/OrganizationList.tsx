import type { OrganizationEntry } from '@cloud-hospital/protocol/rest';
import { usePick } from '@cloud-hospital/ui/i18n';
import { Button } from 'antd';
import { Pencil } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';

interface OrganizationListProps {
  readonly title: string;
  readonly organizations: readonly OrganizationEntry[];
  readonly onEdit: (organization: OrganizationEntry) => void;
  readonly action: ReactNode;
}

/** One kind of organisation, by name. */
export function OrganizationList({ title, organizations, onEdit, action }: OrganizationListProps) {
  const { t } = useTranslation('console');
  const pick = usePick();
  const id = useId();
  return (
    <section className="c-sheet" aria-labelledby={id}>
      <header className="c-card__head">
        <h3 id={id}>{title}</h3>
        {action}
      </header>
      {organizations.length === 0 ? <p className="c-secondary">{t('directory.none')}</p> : null}
      <ul className="c-directory__list">
        {organizations.map((organization) => (
          <li key={organization.organizationId}>
            <span>
              {pick(organization.name)}
              {organization.phone === '' ? null : <span className="c-secondary"> {organization.phone}</span>}
            </span>
            <Button
              type="text"
              size="small"
              icon={<Pencil className="ch-icon" aria-hidden />}
              aria-label={`${t('directory.edit')} ${pick(organization.name)}`}
              onClick={() => onEdit(organization)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
