import type { QueueEntryView } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { skipToken, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Dropdown, Modal, Radio, Space } from 'antd';
import { EllipsisVertical } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HandOverDialog } from '../../handOver/HandOverDialog.tsx';
import { useShowError } from '../../layout/useShowError.ts';

const REASONS = ['urgent', 'same-clinic', 'returning', 'other'] as const;

/** Out-of-order actions on one entry: each says why, and whoever is overtaken sees it. */
export function QueueCardMenu({ entry, canCall }: { entry: QueueEntryView; canCall: boolean }) {
  const { t } = useTranslation('console');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const showError = useShowError();
  const { modal } = App.useApp();
  const [asking, setAsking] = useState<'call' | 'hand-over' | null>(null);
  const [reason, setReason] = useState<(typeof REASONS)[number]>('urgent');
  const settled = {
    onError: showError,
    onSettled: () => queryClient.invalidateQueries({ queryKey: query.queue.mine.key() }),
  };
  const callEntry = useMutation(
    query.queue.callEntry.mutationOptions({ ...settled, onSuccess: () => setAsking(null) }),
  );
  const skip = useMutation(query.queue.skip.mutationOptions(settled));
  const noShow = useMutation(query.queue.noShow.mutationOptions(settled));
  const offered = useQuery(
    query.queue.substitutes.queryOptions({ input: asking === 'hand-over' ? {} : skipToken, staleTime: 0 }),
  );
  const { queueEntryId, version, readiness, callCount, ticketNumber } = entry;
  const called = callCount > 0;
  const actions: Record<string, () => void> = {
    recall: () => callEntry.mutate({ queueEntryId, reason: 'recall' }),
    call: () => setAsking('call'),
    skip: () => skip.mutate({ queueEntryId, version }),
    'hand-over': () => setAsking('hand-over'),
    'no-show': () =>
      void modal.confirm({
        title: t('queue.noShowAsk', { ticket: ticketNumber, count: callCount }),
        okText: t('queue.noShow'),
        onOk: () => noShow.mutate({ queueEntryId, version }),
      }),
  };
  return (
    <>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            ...(called ? [{ key: 'recall', label: t('queue.recall'), disabled: !canCall }] : []),
            { key: 'call', label: t('queue.callThis'), disabled: !canCall || !readiness.ready },
            { key: 'skip', label: t('queue.skip') },
            { key: 'hand-over', label: t('queue.handOver') },
            ...(called
              ? [{ type: 'divider' as const }, { key: 'no-show', label: t('queue.noShow'), danger: true }]
              : []),
          ],
          onClick: ({ key }) => actions[key]?.(),
        }}
      >
        <Button
          type="text"
          className="c-card__menu"
          aria-label={t('queue.more')}
          icon={<EllipsisVertical className="ch-icon" aria-hidden />}
          data-testid="card-menu"
        />
      </Dropdown>
      {asking === 'hand-over' && offered.data !== undefined ? (
        <HandOverDialog
          entry={{ ...entry, byPhone: readiness.byPhone }}
          substitutes={offered.data.substitutes}
          pool={offered.data.pool && !entry.pooled}
          onClose={() => setAsking(null)}
        />
      ) : null}
      <Modal
        open={asking === 'call'}
        title={t('queue.callReason')}
        okText={t('queue.callThis')}
        confirmLoading={callEntry.isPending}
        onCancel={() => setAsking(null)}
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
