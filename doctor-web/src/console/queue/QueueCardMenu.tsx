import type { QueueEntryView } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Dropdown, Modal, Radio, Space } from 'antd';
import { EllipsisVertical } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShowError } from '../../layout/useShowError.ts';

const REASONS = ['urgent', 'same-clinic', 'returning', 'other'] as const;

/** Out-of-order actions on one entry: each says why, and whoever is overtaken sees it. */
export function QueueCardMenu({ entry, canCall }: { entry: QueueEntryView; canCall: boolean }) {
  const { t } = useTranslation('console');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const showError = useShowError();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState<(typeof REASONS)[number]>('urgent');
  const settled = {
    onError: showError,
    onSettled: () => queryClient.invalidateQueries({ queryKey: query.queue.mine.key() }),
  };
  const callEntry = useMutation(
    query.queue.callEntry.mutationOptions({ ...settled, onSuccess: () => setAsking(false) }),
  );
  const skip = useMutation(query.queue.skip.mutationOptions(settled));
  const { queueEntryId, version } = entry;
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'call', label: t('queue.callThis'), disabled: !canCall || !entry.readiness.ready },
            { key: 'skip', label: t('queue.skip') },
          ],
          onClick: ({ key }) => {
            if (key === 'call') setAsking(true);
            else skip.mutate({ queueEntryId, version });
          },
        }}
      >
        <Button
          type="text"
          className="c-card__menu"
          aria-label={t('queue.more')}
          icon={<EllipsisVertical className="ch-icon" aria-hidden />}
        />
      </Dropdown>
      <Modal
        open={asking}
        title={t('queue.callReason')}
        okText={t('queue.callThis')}
        confirmLoading={callEntry.isPending}
        onCancel={() => setAsking(false)}
        onOk={() => callEntry.mutate({ queueEntryId, reason })}
      >
        <p className="c-secondary">{t('queue.callReasonHint')}</p>
        <Radio.Group
          value={reason}
          onChange={({ target }) => setReason(REASONS.find((known) => known === target.value) ?? 'other')}
        >
          <Space orientation="vertical">
            {REASONS.map((known) => (
              <Radio key={known} value={known}>
                {t(`queue.reason.${known}`)}
              </Radio>
            ))}
          </Space>
        </Radio.Group>
      </Modal>
    </>
  );
}
