import type { DeviceId } from '@cloud-hospital/protocol';
import { useNotification } from '@cloud-hospital/call/react';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TopBar } from '../layout/TopBar.tsx';
import { useSignedIn } from '../layout/useSignedIn.ts';
import { HourlyChart } from './HourlyChart.tsx';
import { OverviewNumbers } from './OverviewNumbers.tsx';
import { TerminalBoard } from './TerminalBoard.tsx';
import { TerminalDrawer } from './TerminalDrawer.tsx';

const REFRESH_MS = 30_000;

/** The district at a glance: four numbers, the day, and every terminal. No clinical text comes here. */
export function DistrictPage() {
  const { t } = useTranslation('console');
  const session = useSignedIn();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const overview = useQuery(query.district.overview.queryOptions({ refetchInterval: REFRESH_MS }));
  const terminals = useQuery(query.terminals.list.queryOptions({ refetchInterval: REFRESH_MS }));
  const [opened, setOpened] = useState<DeviceId | null>(null);
  useNotification('device:changed', () => {
    void queryClient.invalidateQueries({ queryKey: query.terminals.list.key() });
  });
  const terminal = terminals.data?.terminals.find(({ deviceId }) => deviceId === opened) ?? null;
  return (
    <div className="c-shell">
      <TopBar session={session} title={t('title.district')} />
      <main className="c-district">
        {overview.data === undefined ? (
          overview.error === null ? (
            <Spin />
          ) : (
            <ErrorNote error={overview.error} onRetry={() => void overview.refetch()} />
          )
        ) : (
          <div className="c-district__summary">
            <OverviewNumbers overview={overview.data} />
            <HourlyChart hourly={overview.data.hourly} />
          </div>
        )}
        {terminals.data === undefined ? (
          terminals.error === null ? (
            <Spin />
          ) : (
            <ErrorNote error={terminals.error} onRetry={() => void terminals.refetch()} />
          )
        ) : (
          <TerminalBoard terminals={terminals.data.terminals} onOpen={setOpened} />
        )}
      </main>
      <TerminalDrawer terminal={terminal} onClose={() => setOpened(null)} />
    </div>
  );
}
