import { useNotification } from '@cloud-hospital/call/react';
import { AVAILABILITY_TONE, ErrorNote, StatusWord } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { usePick } from '@cloud-hospital/ui/i18n';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Table } from 'antd';
import { useTranslation } from 'react-i18next';
import { TopBar } from '../layout/TopBar.tsx';
import { useSignedIn } from '../layout/useSignedIn.ts';

const REFRESH_MS = 10_000;

/** All queues of the hospital: who is there, who waits, who waits too long. */
export function HospitalPage() {
  const { t } = useTranslation(['console', 'common']);
  const pick = usePick();
  const session = useSignedIn();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const board = useQuery(query.queue.board.queryOptions({ refetchInterval: REFRESH_MS }));
  useNotification('queue:changed', () => {
    void queryClient.invalidateQueries({ queryKey: query.queue.board.key() });
  });
  return (
    <div className="c-shell">
      <TopBar session={session} title={t('title.hospital')} />
      <main className="c-page">
        {board.error === null ? null : <ErrorNote error={board.error} onRetry={() => void board.refetch()} />}
        <Table
          rowKey="queueId"
          loading={board.isPending}
          pagination={false}
          dataSource={board.data?.queues ?? []}
          columns={[
            { title: t('hospital.specialist'), render: (_, queue) => <strong>{pick(queue.name)}</strong> },
            { title: t('hospital.department'), render: (_, queue) => pick(queue.departmentName) },
            {
              title: t('availability.label'),
              render: (_, queue) => (
                <StatusWord tone={AVAILABILITY_TONE[queue.availability]}>
                  {t(`common:availability.${queue.availability}`)}
                </StatusWord>
              ),
            },
            { title: t('hospital.waiting'), dataIndex: 'waiting', align: 'right' },
            {
              title: t('hospital.longest'),
              align: 'right',
              render: (_, queue) =>
                queue.waiting === 0 ? '–' : t('hospital.minutes', { count: queue.longestWaitMinutes }),
            },
            { title: t('hospital.done'), dataIndex: 'doneToday', align: 'right' },
          ]}
        />
      </main>
    </div>
  );
}
