import type { EncounterId } from '@cloud-hospital/protocol';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { Button, Skeleton } from 'antd';
import { Activity } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';

const CallQualityChart = lazy(async () => ({ default: (await import('./CallQualityChart.tsx')).CallQualityChart }));

/** How the call of a visit went. Asked for only when somebody wants to see it: looking is audited. */
export function CallRecordSection({ encounterId }: { readonly encounterId: EncounterId }) {
  const { t } = useTranslation('console');
  const { query } = useApi();
  const [open, setOpen] = useState(false);
  const record = useQuery(
    query.encounters.call.queryOptions({ input: { encounterId }, enabled: open, staleTime: Number.POSITIVE_INFINITY }),
  );
  if (!open) {
    return (
      <Button
        type="text"
        className="c-call-record__open"
        icon={<Activity className="ch-icon" aria-hidden />}
        onClick={() => setOpen(true)}
        data-testid="open-call-record"
      >
        {t('callRecord.open')}
      </Button>
    );
  }
  if (record.error !== null) return <ErrorNote error={record.error} onRetry={() => void record.refetch()} />;
  const waiting = <Skeleton active paragraph={{ rows: 6 }} />;
  if (record.data === undefined) return waiting;
  return (
    <Suspense fallback={waiting}>
      <CallQualityChart record={record.data} />
    </Suspense>
  );
}
