import { DepartmentCode, LocationId, OrganizationId, PractitionerRoleId } from '@cloud-hospital/protocol';
import type { Gender } from '@cloud-hospital/protocol';
import type { ActivationCodeIssued, DirectoryView, StaffMember } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { usePick } from '@cloud-hospital/ui/i18n';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Form, Input, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { STAFF_ROLES } from './roles.ts';

interface Values {
  readonly name: string;
  readonly nameEn?: string;
  readonly username: string;
  readonly gender: Gender;
  readonly role: StaffMember['role'];
  readonly organizationId?: string;
  readonly locationId?: string;
  readonly departmentCode?: string;
  readonly titleZh?: string;
  readonly titleEn?: string;
}

const USERNAME = /^[a-z0-9][a-z0-9._-]{2,31}$/;
const AT_CLINIC: ReadonlySet<StaffMember['role']> = new Set(['clinic-doctor', 'nurse']);
const AT_HOSPITAL: ReadonlySet<StaffMember['role']> = new Set(['specialist', 'coordinator']);

interface AddStaffDialogProps {
  readonly onClose: () => void;
  readonly onAdded: (code: ActivationCodeIssued) => void;
}

/** Somebody new, with the account they get; the password is their own affair. */
export function AddStaffDialog({ onClose, onAdded }: AddStaffDialogProps) {
  const { t } = useTranslation(['console', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const directory = useQuery(query.administration.directory.queryOptions());
  const [form] = Form.useForm<Values>();
  const role = Form.useWatch('role', form);
  // One id for the dialog's life: pressing twice makes one person.
  const [practitionerRoleId] = useState(() => PractitionerRoleId.parse(crypto.randomUUID()));
  const add = useMutation(
    query.administration.addStaff.mutationOptions({
      onSuccess: onAdded,
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.administration.staff.key() }),
    }),
  );
  return (
    <Modal
      open
      width={680}
      title={t('staff.add')}
      okText={t('directory.save')}
      cancelText={t('common:action.cancel')}
      confirmLoading={add.isPending}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Form<Values>
        form={form}
        className="c-form-pairs"
        layout="vertical"
        requiredMark={false}
        initialValues={{ gender: 'unknown' }}
        onFinish={(values) =>
          add.mutate({
            practitionerRoleId,
            username: values.username,
            name: values.name,
            nameEn: values.nameEn ?? '',
            gender: values.gender,
            role: values.role,
            organizationId: values.organizationId === undefined ? null : OrganizationId.parse(values.organizationId),
            locationId: values.locationId === undefined ? null : LocationId.parse(values.locationId),
            departmentCode: values.departmentCode === undefined ? null : DepartmentCode.parse(values.departmentCode),
            title: { zh: values.titleZh ?? '', en: values.titleEn ?? '' },
          })
        }
      >
        <Form.Item
          name="name"
          label={t('staff.name')}
          rules={[{ required: true, whitespace: true, min: 2, message: t('staff.nameMissing') }]}
        >
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item
          name="username"
          label={t('staff.username')}
          extra={t('staff.usernameHint')}
          rules={[{ required: true, pattern: USERNAME, message: t('staff.usernameHint') }]}
        >
          <Input autoComplete="off" autoCapitalize="none" maxLength={32} />
        </Form.Item>
        <Form.Item name="gender" label={t('staff.gender')}>
          <Radio.Group
            options={(['female', 'male', 'unknown'] as const).map((value) => ({
              value,
              label: t(`common:gender.${value}`),
            }))}
          />
        </Form.Item>
        <Form.Item name="role" label={t('staff.role')} rules={[{ required: true, message: t('staff.choose') }]}>
          <Select
            placeholder={t('staff.choose')}
            options={STAFF_ROLES.map((value) => ({ value, label: t(`common:role.${value}`) }))}
          />
        </Form.Item>
        {directory.data === undefined ? null : <PlaceFields role={role} directory={directory.data} />}
        <Form.Item name="titleZh" label={t('staff.titleZh')}>
          <Input maxLength={40} />
        </Form.Item>
        <Form.Item name="nameEn" label={t('staff.nameEn')}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="titleEn" label={t('staff.titleEn')}>
          <Input maxLength={60} />
        </Form.Item>
        {add.error === null ? null : <ErrorNote error={add.error} />}
        {directory.error === null ? null : <ErrorNote error={directory.error} />}
      </Form>
    </Modal>
  );
}

/** Where one works follows from the role. */
function PlaceFields({ role, directory }: { role: StaffMember['role'] | undefined; directory: DirectoryView }) {
  const { t } = useTranslation('console');
  const pick = usePick();
  if (role === undefined) return null;
  const required = [{ required: true, message: t('staff.choose') }];
  if (AT_CLINIC.has(role)) {
    return (
      <Form.Item name="locationId" label={t('staff.clinic')} rules={required}>
        <Select
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t('staff.choose')}
          options={directory.clinics.map(({ locationId, name }) => ({ value: locationId, label: pick(name) }))}
        />
      </Form.Item>
    );
  }
  if (!AT_HOSPITAL.has(role)) return null;
  return (
    <>
      <Form.Item name="organizationId" label={t('staff.hospital')} rules={required}>
        <Select
          placeholder={t('staff.choose')}
          options={directory.organizations
            .filter(({ kind }) => kind === 'hospital')
            .map(({ organizationId, name }) => ({ value: organizationId, label: pick(name) }))}
        />
      </Form.Item>
      {role === 'specialist' ? (
        <Form.Item name="departmentCode" label={t('staff.department')} rules={required}>
          <Select
            placeholder={t('staff.choose')}
            options={directory.departments.map(({ code, name }) => ({ value: code, label: pick(name) }))}
          />
        </Form.Item>
      ) : null}
    </>
  );
}
