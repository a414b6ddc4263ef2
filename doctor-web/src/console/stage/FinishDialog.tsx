import type { EncounterId } from '@cloud-hospital/protocol';
import { EncounterOutcome } from '@cloud-hospital/protocol/states';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Modal, Radio, Space } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShowError } from '../../layout/useShowError.ts';
import { useEncounter } from '../record/useEncounter.ts';

export interface FinishDialogProps {
  readonly encounterId: EncounterId;
  readonly open: boolean;
  readonly onClose: () => void;
}

/** Hanging up is a decision with an outcome, never an accident of sockets. */
export function FinishDialog({ encounterId, open, onClose }: FinishDialogProps) {
  const { t } = useTranslation('console');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const showError = useShowError();
  const encounter = useEncounter(encounterId);
  const [outcome, setOutcome] = useState<EncounterOutcome>('completed');
  const finish = useMutation(
    query.encounters.finish.mutationOptions({
      onSuccess: (fresh) => {
        queryClient.setQueryData(query.encounters.get.queryKey({ input: { encounterId } }), fresh);
        onClose();
      },
      onError: (error) => {
        showError(error);
        void encounter.refetch();
      },
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.queue.mine.key() }),
    }),
  );
  const version = encounter.data?.version;
  return (
    <Modal
      open={open}
      title={t('finish.title')}
      okText={t('finish.confirm')}
      okButtonProps={{ danger: true, disabled: version === undefined }}
      confirmLoading={finish.isPending}
      onCancel={onClose}
      onOk={() => {
        if (version !== undefined) finish.mutate({ encounterId, version, outcome });
      }}
    >
      <p className="c-secondary">{t('finish.lead')}</p>
      <Radio.Group value={outcome} onChange={({ target }) => setOutcome(EncounterOutcome.parse(target.value))}>
        <Space orientation="vertical">
          {EncounterOutcome.options.map((option) => (
            <Radio key={option} value={option}>
              {t(`finish.outcome.${option}`)}
            </Radio>
          ))}
        </Space>
      </Radio.Group>
    </Modal>
  );
}
