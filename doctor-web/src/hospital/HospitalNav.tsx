import { useNotification } from '@cloud-hospital/call/react';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { AreaNav } from '../layout/AreaNav.tsx';
import { CoordinatorAlert } from './CoordinatorAlert.tsx';

const REFRESH_MS = 60_000;

/** The coordinator's pages; how many wait for an answer is seen from each. */
export function HospitalNav() {
  const { t } = useTranslation('console');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const unanswered = useQuery(query.scheduleChanges.unanswered.queryOptions({ refetchInterval: REFRESH_MS }));
  useNotification('schedule-change:changed', () => {
    void queryClient.invalidateQueries({ queryKey: query.scheduleChanges.key() });
  });
  const changes = unanswered.data?.changes ?? [];
  const count = changes.length;
  const overdue = changes.filter((change) => change.overdue).length;
  return (
    <AreaNav
      label={t('title.hospital')}
      links={[
        { to: '/hospital', label: t('hospital.page.queues') },
        { to: '/hospital/schedules', label: t('hospital.page.schedules') },
        {
          to: '/hospital/changes',
          label:
            overdue > 0
              ? t('hospital.page.changesOverdue', { count, overdue })
              : count === 0
                ? t('hospital.page.changes')
                : t('hospital.page.changesCount', { count }),
        },
      ]}
    >
      <CoordinatorAlert />
    </AreaNav>
  );
}
