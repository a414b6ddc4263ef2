import { OrganizationId } from '@cloud-hospital/protocol';
import type { OrganizationEntry, OrganizationKind } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Form, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NameFields, type NameValues } from './NameFields.tsx';

interface OrganizationDialogProps {
  readonly kind: OrganizationKind;
  /** Null: a new one. */
  readonly known: OrganizationEntry | null;
  readonly onClose: () => void;
}

const TITLE = {
  district: 'directory.district',
  hospital: 'directory.addHospital',
  'sub-district': 'directory.addSubDistrict',
} as const;

export function OrganizationDialog({ kind, known, onClose }: OrganizationDialogProps) {
  const { t } = useTranslation(['console', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const [form] = Form.useForm<NameValues>();
  // One id for the dialog's life: pressing twice makes one organisation.
  const [organizationId] = useState(() => known?.organizationId ?? OrganizationId.parse(crypto.randomUUID()));
  const save = useMutation(
    query.administration.saveOrganization.mutationOptions({
      onSuccess: onClose,
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.administration.key() }),
    }),
  );
  return (
    <Modal
      open
      title={known === null ? t(TITLE[kind]) : t('directory.edit')}
      okText={t('directory.save')}
      cancelText={t('common:action.cancel')}
      confirmLoading={save.isPending}
      onOk={form.submit}
      onCancel={onClose}
    >
      <Form<NameValues>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ nameZh: known?.name.zh, nameEn: known?.name.en, phone: known?.phone }}
        onFinish={({ nameZh, nameEn = '', phone = '' }) =>
          save.mutate({
            organizationId,
            version: known?.version ?? null,
            kind,
            name: { zh: nameZh, en: nameEn },
            phone,
          })
        }
      >
        <NameFields />
        {save.error === null ? null : <ErrorNote error={save.error} />}
      </Form>
    </Modal>
  );
}
