import type { ActivationCodeIssued, StaffMember } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown } from 'antd';
import { EllipsisVertical } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useShowError } from '../../layout/useShowError.ts';

interface StaffMenuProps {
  readonly member: StaffMember;
  readonly onIssued: (code: ActivationCodeIssued) => void;
}

/** What can be done with somebody's account; what cuts them off asks first. */
export function StaffMenu({ member, onIssued }: StaffMenuProps) {
  const { t } = useTranslation('console');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const { modal } = App.useApp();
  const showError = useShowError();
  const settled = {
    onError: showError,
    onSettled: () => queryClient.invalidateQueries({ queryKey: query.administration.staff.key() }),
  };
  const issue = useMutation(
    query.administration.issueActivationCode.mutationOptions({ ...settled, onSuccess: onIssued }),
  );
  const reset = useMutation(query.administration.resetSecondFactor.mutationOptions(settled));
  const setActive = useMutation(query.administration.setStaffActive.mutationOptions(settled));
  const { practitionerRoleId, version, name, active } = member;
  const actions = {
    code: () => issue.mutate({ practitionerRoleId }),
    reset: () => {
      modal.confirm({
        title: t('staff.resetConfirm', { name }),
        content: t('staff.resetLead'),
        okText: t('staff.resetSecondFactor'),
        onOk: () => reset.mutate({ practitionerRoleId }),
      });
    },
    withdraw: () => {
      modal.confirm({
        title: t('staff.withdrawConfirm', { name }),
        content: t('staff.withdrawLead'),
        okText: t('staff.withdraw'),
        okButtonProps: { danger: true },
        onOk: () => setActive.mutate({ practitionerRoleId, version, active: false }),
      });
    },
    restore: () => setActive.mutate({ practitionerRoleId, version, active: true }),
  };
  const items = [
    { key: 'code', label: t('staff.newCode'), onClick: actions.code },
    ...(member.secondFactor ? [{ key: 'reset', label: t('staff.resetSecondFactor'), onClick: actions.reset }] : []),
    active
      ? { key: 'withdraw', label: t('staff.withdraw'), danger: true, onClick: actions.withdraw }
      : { key: 'restore', label: t('staff.restore'), onClick: actions.restore },
  ];
  return (
    <Dropdown trigger={['click']} menu={{ items }}>
      <Button
        type="text"
        size="small"
        loading={issue.isPending || reset.isPending || setActive.isPending}
        icon={<EllipsisVertical className="ch-icon" aria-hidden />}
        aria-label={`${t('staff.more')} ${name}`}
      />
    </Dropdown>
  );
}
