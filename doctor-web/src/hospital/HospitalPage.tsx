import { useNotification } from '@cloud-hospital/call/react';
import { ErrorNote } from '@cloud-hospital/ui';
import { refetchSoon, useApi } from '@cloud-hospital/ui/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Segmented, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { HandOverDialog } from '../handOver/HandOverDialog.tsx';
import { TopBar } from '../layout/TopBar.tsx';
import { useSignedIn } from '../layout/useSignedIn.ts';
import { departmentsOf, isOverPromise, type Moving } from './boardModel.ts';
import { DepartmentRow } from './DepartmentRow.tsx';
import { HospitalNav } from './HospitalNav.tsx';
import { LateStarts } from './LateStarts.tsx';
import './board.css';

const REFRESH_MS = 10_000;
const SHOWN = ['busy', 'all'] as const;

/** All queues of the hospital live: who is there, who waits, who waits too long, and a way to hand people over. */
export function HospitalPage() {
  const { t } = useTranslation(['console', 'common']);
  const session = useSignedIn();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const board = useQuery(query.queue.board.queryOptions({ refetchInterval: REFRESH_MS }));
  useNotification('queue:changed', () => refetchSoon(queryClient, query.queue.board.key()));
  const [shown, setShown] = useState<(typeof SHOWN)[number]>('busy');
  const [moving, setMoving] = useState<Moving | null>(null);
  const queues = board.data?.queues ?? [];
  const departments = departmentsOf(queues, shown === 'all');
  const entries = queues.flatMap((queue) => queue.entries);
  const waiting = entries.filter(({ state }) => state === 'waiting').length;
  const over = entries.filter(isOverPromise).length;
  const broken = queues.reduce((sum, queue) => sum + queue.brokenToday, 0);
  const late = queues.filter(({ lateSince }) => lateSince !== null);
  return (
    <div className="c-shell">
      <TopBar session={session} title={t('title.hospital')}>
        <HospitalNav />
      </TopBar>
      <main className="c-page b-page">
        {board.error === null ? null : <ErrorNote error={board.error} onRetry={() => void board.refetch()} />}
        {board.isPending ? <Spin /> : null}
        {board.data === undefined ? null : (
          <>
            <LateStarts late={late} now={board.data.now} />
            <div className="b-bar">
              <h2 className="b-bar__summary">{t('board.summary', { waiting, late: late.length })}</h2>
              <p className="b-bar__promises" data-tone={over > 0 ? 'attention' : 'good'} data-testid="board-promises">
                {t('board.promises', { over, broken })}
              </p>
              <p className="c-secondary">{t('board.dragHint')}</p>
              <Segmented
                value={shown}
                options={SHOWN.map((value) => ({ value, label: t(`board.${value}`) }))}
                onChange={setShown}
              />
            </div>
            {departments.length === 0 ? <p className="b-empty">{t('board.nobody')}</p> : null}
            {departments.map((department) => (
              <DepartmentRow key={department.code} department={department} now={board.data.now} onMove={setMoving} />
            ))}
          </>
        )}
        {moving === null ? null : <MoveDialog moving={moving} onClose={() => setMoving(null)} />}
      </main>
    </div>
  );
}

/** The department's specialists of every hospital can take over. */
function MoveDialog({ moving, onClose }: { moving: Moving; onClose: () => void }) {
  const { query } = useApi();
  const { entry, from, target } = moving;
  const offered = useQuery(
    query.queue.substitutes.queryOptions({ input: { departmentCode: from.departmentCode }, staleTime: 0 }),
  );
  if (offered.data === undefined) return null;
  return (
    <HandOverDialog
      entry={entry}
      substitutes={offered.data.substitutes.filter((one) => one.practitionerRoleId !== from.practitionerRoleId)}
      pool={offered.data.pool && from.practitionerRoleId !== null}
      target={target}
      onClose={onClose}
    />
  );
}
