import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';

const REFRESH_MS = 30_000;

/** This moment, whatever day is looked at: who waits, and how many terminals could take a call. */
export function LiveLine() {
  const { t } = useTranslation('console');
  const { query } = useApi();
  const { data } = useQuery(query.district.overview.queryOptions({ refetchInterval: REFRESH_MS }));
  if (data === undefined) return null;
  const states = data.terminalsByStatus;
  const total = Object.values(states).reduce((sum, count) => sum + count, 0);
  const working = (states['ready'] ?? 0) + (states['in-call'] ?? 0);
  return (
    <p className="c-day__live" data-testid="district-live">
      {t('district.live', { waiting: data.waitingNow, working, total, failing: states['failing'] ?? 0 })}
    </p>
  );
}
