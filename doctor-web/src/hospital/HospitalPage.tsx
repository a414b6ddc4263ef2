import { useNotification } from '@cloud-hospital/call/react';
import { AVAILABILITY_TONE, ErrorNote, StatusWord } from '@cloud-hospital/ui';
import { refetchSoon, useApi } from '@cloud-hospital/ui/api';
import { usePick } from '@cloud-hospital/ui/i18n';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Spin } from 'antd';
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
    refetchSoon(queryClient, query.queue.board.key());
  });
  return (
    <div className="c-shell">
      <TopBar session={session} title={t('title.hospital')} />
      <main className="c-page">
        {board.error === null ? null : <ErrorNote error={board.error} onRetry={() => void board.refetch()} />}
        {board.isPending ? <Spin /> : null}
        {board.data === undefined ? null : (
          <table className="c-table">
            <thead>
              <tr>
                <th>{t('hospital.specialist')}</th>
                <th>{t('hospital.department')}</th>
                <th>{t('availability.label')}</th>
                <th className="c-table__number">{t('hospital.waiting')}</th>
                <th className="c-table__number">{t('hospital.longest')}</th>
                <th className="c-table__number">{t('hospital.done')}</th>
              </tr>
            </thead>
            <tbody>
              {board.data.queues.map((queue) => (
                <tr key={queue.queueId}>
                  <th scope="row">{pick(queue.name)}</th>
                  <td>{pick(queue.departmentName)}</td>
                  <td>
                    <StatusWord tone={AVAILABILITY_TONE[queue.availability]}>
                      {t(`common:availability.${queue.availability}`)}
                    </StatusWord>
                  </td>
                  <td className="c-table__number">{queue.waiting}</td>
                  <td className="c-table__number">
                    {queue.waiting === 0 ? '–' : t('hospital.minutes', { count: queue.longestWaitMinutes })}
                  </td>
                  <td className="c-table__number">{queue.doneToday}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </main>
    </div>
  );
}
