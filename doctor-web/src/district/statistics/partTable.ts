import { usePick } from '@cloud-hospital/ui/i18n';
import { useTranslation } from 'react-i18next';
import type { Table } from '../../chart/csv.ts';
import type { Part } from './types.ts';

/** Share of the appointments to which nobody came, percent with one decimal; null without appointments. */
export const noShowPercent = ({ appointments, noShows }: Pick<Part, 'appointments' | 'noShows'>): number | null =>
  appointments === 0 ? null : Math.round((noShows / appointments) * 1_000) / 10;

/** Share of the measured calls that were good, percent; null when none was measured. */
export const goodCallPercent = ({
  callsMeasured,
  callsGood,
}: Pick<Part, 'callsMeasured' | 'callsGood'>): number | null =>
  callsMeasured === 0 ? null : Math.round((callsGood / callsMeasured) * 100);

/** Everything known of each part, one row a part. */
export function usePartTable(): (first: string, parts: readonly Part[]) => Table {
  const { t } = useTranslation('console');
  const pick = usePick();
  return (first, parts) => ({
    head: [
      first,
      t('statistics.consultations'),
      t('statistics.medianWaitMinutes'),
      t('statistics.p90WaitMinutes'),
      t('statistics.appointments'),
      t('statistics.noShows'),
      t('statistics.noShowPercent'),
      t('statistics.callsMeasured'),
      t('statistics.goodCallPercent'),
    ],
    rows: parts.map((part) => [
      pick(part.name),
      part.consultations,
      part.medianWaitMinutes,
      part.p90WaitMinutes,
      part.appointments,
      part.noShows,
      noShowPercent(part),
      part.callsMeasured,
      goodCallPercent(part),
    ]),
  });
}
