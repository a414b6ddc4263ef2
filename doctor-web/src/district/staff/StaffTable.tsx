import type { ActivationCodeIssued, StaffMember } from '@cloud-hospital/protocol/rest';
import { StatusWord } from '@cloud-hospital/ui';
import { usePick } from '@cloud-hospital/ui/i18n';
import { useTranslation } from 'react-i18next';
import { StaffMenu } from './StaffMenu.tsx';

interface StaffTableProps {
  readonly staff: readonly StaffMember[];
  readonly onIssued: (code: ActivationCodeIssued) => void;
}

type State = 'active' | 'invited' | 'withdrawn';
const stateOf = ({ active, activated }: StaffMember): State =>
  active ? (activated ? 'active' : 'invited') : 'withdrawn';
const TONE = { active: 'good', invited: 'attention', withdrawn: 'neutral' } as const;

export function StaffTable({ staff, onIssued }: StaffTableProps) {
  const { t } = useTranslation(['console', 'common']);
  const pick = usePick();
  return (
    <table className="c-table">
      <thead>
        <tr>
          <th>{t('staff.name')}</th>
          <th>{t('staff.username')}</th>
          <th>{t('staff.role')}</th>
          <th>{t('staff.place')}</th>
          <th>{t('staff.status')}</th>
          <th>{t('staff.twoFactor')}</th>
          <th>
            <span className="ch-visually-hidden">{t('staff.more')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {staff.map((member) => {
          const state = stateOf(member);
          return (
            <tr key={member.practitionerRoleId} data-testid="staff-row">
              <th scope="row">
                {member.name} <span className="c-secondary">{pick(member.title)}</span>
              </th>
              <td>{member.username}</td>
              <td>{t(`common:role.${member.role}`)}</td>
              <td>
                {pick(member.place)}
                {member.departmentName === null ? null : ` · ${pick(member.departmentName)}`}
              </td>
              <td>
                <StatusWord tone={TONE[state]}>{t(`staff.state.${state}`)}</StatusWord>
              </td>
              <td>{t(member.secondFactor ? 'staff.twoFactorOn' : 'staff.twoFactorOff')}</td>
              <td>
                {member.isSelf ? (
                  <span className="c-secondary">{t('staff.self')}</span>
                ) : (
                  <StaffMenu member={member} onIssued={onIssued} />
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
