import { LocationId, OrganizationId } from '@cloud-hospital/protocol';
import type { ClinicEntry, OrganizationEntry } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { usePick } from '@cloud-hospital/ui/i18n';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Form, Input, Modal, Select, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NameFields, type NameValues } from './NameFields.tsx';

interface ClinicDialogProps {
  /** Null: a new one. */
  readonly known: ClinicEntry | null;
  readonly subDistricts: readonly OrganizationEntry[];
  readonly onClose: () => void;
}

interface Values extends NameValues {
  readonly organizationId: string;
  readonly address?: string;
  readonly active: boolean;
}

export function ClinicDialog({ known, subDistricts, onClose }: ClinicDialogProps) {
  const { t } = useTranslation(['console', 'common']);
  const pick = usePick();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<Values>();
  // One id for the dialog's life: pressing twice makes one clinic.
  const [locationId] = useState(() => known?.locationId ?? LocationId.parse(crypto.randomUUID()));
  const save = useMutation(
    query.administration.saveClinic.mutationOptions({
      onSuccess: onClose,
      // A new clinic brings a terminal with it.
      onSettled: () =>
        Promise.all([
          queryClient.invalidateQueries({ queryKey: query.administration.key() }),
          queryClient.invalidateQueries({ queryKey: query.terminals.key() }),
        ]),
    }),
  );
  return (
    <Modal
      open
      title={t(known === null ? 'directory.addClinic' : 'directory.edit')}
      okText={t('directory.save')}
      cancelText={t('common:action.cancel')}
      confirmLoading={save.isPending}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{
          nameZh: known?.name.zh,
          nameEn: known?.name.en,
          phone: known?.phone,
          organizationId: known?.organizationId,
          address: known?.address,
          active: known?.active ?? true,
        }}
        onFinish={({ nameZh, nameEn = '', phone = '', organizationId, address = '', active }) =>
          save.mutate({
            locationId,
            version: known?.version ?? null,
            organizationId: OrganizationId.parse(organizationId),
            name: { zh: nameZh, en: nameEn },
            address,
            phone,
            active,
          })
        }
      >
        <NameFields />
        <Form.Item
          name="organizationId"
          label={t('directory.subDistrict')}
          rules={[{ required: true, message: t('directory.subDistrictMissing') }]}
        >
          <Select
            placeholder={t('staff.choose')}
            options={subDistricts.map(({ organizationId, name }) => ({ value: organizationId, label: pick(name) }))}
          />
        </Form.Item>
        <Form.Item name="address" label={t('directory.address')}>
          <Input maxLength={120} />
        </Form.Item>
        <Form.Item name="active" label={t('directory.active')} valuePropName="checked">
          <Switch />
        </Form.Item>
        {known === null ? <p className="c-secondary">{t('directory.newClinicNote')}</p> : null}
        {save.error === null ? null : <ErrorNote error={save.error} />}
      </Form>
    </Modal>
  );
}
