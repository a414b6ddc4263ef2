import { DepartmentCode, type EncounterId, OrganizationId, type PractitionerRoleId } from '@cloud-hospital/protocol';
import type { HandOverReason, Specialist } from '@cloud-hospital/protocol/rest';
import type { InvitationPurpose } from '@cloud-hospital/protocol/states';
import { AVAILABILITY_TONE, StatusWord } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { usePick } from '@cloud-hospital/ui/i18n';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShowError } from '../../layout/useShowError.ts';

interface ColleagueDialogProps {
  readonly encounterId: EncounterId;
  readonly purpose: InvitationPurpose;
  /** The resident is at their own phone: not every colleague takes such a call over. */
  readonly byPhone: boolean;
  readonly onClose: () => void;
}

const REASONS = ['clinical', 'workload', 'resident-request', 'other'] as const satisfies HandOverReason[];
type Reason = (typeof REASONS)[number];
/** More than this nobody reads; the search narrows it. */
const SHOWN = 30;
const ALL = '';

/** Whom, what for; whoever is there stands first. */
export function ColleagueDialog({ encounterId, purpose, byPhone, onClose }: ColleagueDialogProps) {
  const { t } = useTranslation(['callPeople', 'common']);
  const pick = usePick();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const showError = useShowError();
  const [name, setName] = useState('');
  const [department, setDepartment] = useState(ALL);
  const [hospital, setHospital] = useState(ALL);
  const [note, setNote] = useState('');
  const [reason, setReason] = useState<Reason>('clinical');
  const departments = useQuery(query.directory.departments.queryOptions({ staleTime: Infinity }));
  const hospitals = useQuery(query.directory.hospitals.queryOptions({ staleTime: Infinity }));
  const found = useQuery(
    query.callPeople.colleagues.queryOptions({
      input: {
        ...(name.trim() === '' ? {} : { name: name.trim() }),
        ...(department === ALL ? {} : { departmentCode: DepartmentCode.parse(department) }),
        ...(hospital === ALL ? {} : { organizationId: OrganizationId.parse(hospital) }),
      },
      placeholderData: keepPreviousData,
    }),
  );
  const invite = useMutation(
    query.callPeople.inviteColleague.mutationOptions({
      onError: showError,
      onSuccess: onClose,
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.callPeople.get.key() }),
    }),
  );
  const ask = (practitionerRoleId: PractitionerRoleId): void =>
    invite.mutate({
      encounterId,
      practitionerRoleId,
      purpose,
      note: note.trim(),
      ...(purpose === 'transfer' ? { reason } : {}),
    });
  const isFor = ({ phoneVisits }: Specialist): boolean => phoneVisits || !byPhone || purpose === 'consult';
  const colleagues = found.data?.colleagues.slice(0, SHOWN) ?? [];
  return (
    <Modal open title={t(`colleague.${purpose}Title`)} footer={null} onCancel={onClose} width={640}>
      <div className="c-people__form" data-testid="colleague-dialog">
        <p className="c-secondary">{t(`colleague.${purpose}Lead`)}</p>
        {purpose === 'transfer' ? (
          <Radio.Group
            aria-label={t('colleague.reason')}
            value={reason}
            onChange={({ target: { value } }) => setReason(REASONS.find((one) => one === value) ?? 'other')}
            options={REASONS.map((value) => ({ value, label: t(`colleague.reasons.${value}`) }))}
          />
        ) : null}
        <label className="c-people__field">
          <span>{t('colleague.note')}</span>
          <Input value={note} maxLength={200} onChange={({ target }) => setNote(target.value)} />
        </label>
        <div className="c-people__filter">
          <Input
            allowClear
            aria-label={t('colleague.search')}
            placeholder={t('colleague.search')}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
          <Select
            aria-label={t('colleague.department')}
            value={department}
            onChange={setDepartment}
            options={[
              { value: ALL, label: `${t('colleague.department')}：${t('colleague.all')}` },
              ...(departments.data?.departments ?? []).map((one) => ({ value: one.code, label: pick(one.name) })),
            ]}
          />
          <Select
            aria-label={t('colleague.hospital')}
            value={hospital}
            onChange={setHospital}
            options={[
              { value: ALL, label: `${t('colleague.hospital')}：${t('colleague.all')}` },
              ...(hospitals.data?.hospitals ?? []).map((one) => ({
                value: one.organizationId,
                label: pick(one.name),
              })),
            ]}
          />
        </div>
        {found.data !== undefined && colleagues.length === 0 ? <p role="status">{t('colleague.none')}</p> : null}
        <ul className="c-people__found">
          {colleagues.map((one) => (
            <li key={one.practitionerRoleId}>
              <div>
                <p>
                  <strong>{one.name}</strong> {pick(one.title)}
                </p>
                <p className="c-secondary">
                  {pick(one.departmentName)} · {pick(one.hospital.name)}
                  {isFor(one) ? null : ` · ${t('common:handOver.notByPhone')}`}
                </p>
              </div>
              <StatusWord tone={AVAILABILITY_TONE[one.availability]}>
                {t(`common:availability.${one.availability}`)}
              </StatusWord>
              <Button
                type="primary"
                loading={invite.isPending && invite.variables.practitionerRoleId === one.practitionerRoleId}
                disabled={invite.isPending || !isFor(one)}
                onClick={() => ask(one.practitionerRoleId)}
                aria-label={t('colleague.askName', { name: one.name })}
              >
                {t('colleague.ask')}
              </Button>
            </li>
          ))}
        </ul>
      </div>
    </Modal>
  );
}
