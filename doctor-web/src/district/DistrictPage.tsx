import type { DeviceId, LocalDate } from '@cloud-hospital/protocol';
import { useNotification } from '@cloud-hospital/call/react';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { Segmented, Spin } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TopBar } from '../layout/TopBar.tsx';
import { useSignedIn } from '../layout/useSignedIn.ts';
import { DistrictNav } from './DistrictNav.tsx';
import { LiveLine } from './LiveLine.tsx';
import { DayNumbers } from './statistics/DayNumbers.tsx';
import { DayPicker } from './statistics/DayPicker.tsx';
import { TerminalBoard } from './TerminalBoard.tsx';
import { TerminalDrawer } from './TerminalDrawer.tsx';

const StatisticsCharts = lazy(async () => ({
  default: (await import('./statistics/StatisticsCharts.tsx')).StatisticsCharts,
}));

const REFRESH_MS = 30_000;
const VIEWS = ['terminals', 'charts'] as const;

/** The district at a glance: four numbers, and below them every terminal or the day's curves. No clinical text comes here. */
export function DistrictPage() {
  const { t } = useTranslation('console');
  const session = useSignedIn();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const [view, setView] = useState<(typeof VIEWS)[number]>('terminals');
  /** Null: today, whenever that is. */
  const [date, setDate] = useState<LocalDate | null>(null);
  const [opened, setOpened] = useState<DeviceId | null>(null);
  const statistics = useQuery(
    query.district.statistics.queryOptions({
      input: date === null ? {} : { date },
      refetchInterval: REFRESH_MS,
      placeholderData: keepPreviousData,
    }),
  );
  const terminals = useQuery(query.terminals.list.queryOptions({ refetchInterval: REFRESH_MS }));
  useNotification('device:changed', () => {
    void queryClient.invalidateQueries({ queryKey: query.terminals.list.key() });
  });
  const terminal = terminals.data?.terminals.find(({ deviceId }) => deviceId === opened) ?? null;
  return (
    <div className="c-shell">
      <TopBar session={session} title={t('title.district')}>
        <DistrictNav />
      </TopBar>
      <main className="c-district">
        {statistics.data === undefined ? (
          statistics.error === null ? (
            <Spin />
          ) : (
            <ErrorNote error={statistics.error} onRetry={() => void statistics.refetch()} />
          )
        ) : (
          <>
            <div className="c-day">
              <DayPicker date={statistics.data.date} now={statistics.data.now} onPick={setDate} />
              <LiveLine />
            </div>
            <DayNumbers {...statistics.data} />
          </>
        )}
        <Segmented
          className="c-district__view"
          aria-label={t('district.view')}
          value={view}
          options={VIEWS.map((value) => ({ value, label: t(`district.views.${value}`) }))}
          onChange={setView}
        />
        {view === 'terminals' ? (
          terminals.data === undefined ? (
            terminals.error === null ? (
              <Spin />
            ) : (
              <ErrorNote error={terminals.error} onRetry={() => void terminals.refetch()} />
            )
          ) : (
            <TerminalBoard terminals={terminals.data.terminals} onOpen={setOpened} />
          )
        ) : statistics.data === undefined ? null : (
          <Suspense fallback={<Spin />}>
            <StatisticsCharts statistics={statistics.data} />
          </Suspense>
        )}
      </main>
      <TerminalDrawer terminal={terminal} onClose={() => setOpened(null)} />
    </div>
  );
}
