import { usePick } from '@cloud-hospital/ui/i18n';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart } from '../../chart/Chart.tsx';
import { ChartPanel } from '../../chart/ChartPanel.tsx';
import { categories, COLOUR, COMMON, values } from '../../chart/chartStyle.ts';
import { usePartTable } from './partTable.ts';
import type { Statistics } from './types.ts';

/** Waits of clinics should lie within this share of the district's. */
const BAND = 0.2;

/** Median waits of all clinics side by side, the longest first, and the band in which they should lie. */
export function ClinicWaits({ date, day, clinics }: Pick<Statistics, 'date' | 'day' | 'clinics'>) {
  const { t } = useTranslation('console');
  const pick = usePick();
  const table = usePartTable();
  const title = t('statistics.clinics');
  const minutes = t('statistics.minutes');
  const middle = day.medianWaitMinutes;
  const sorted = useMemo(
    () => clinics.toSorted((a, b) => (b.medianWaitMinutes ?? -1) - (a.medianWaitMinutes ?? -1)),
    [clinics],
  );
  const seen = sorted.filter(({ medianWaitMinutes }) => medianWaitMinutes !== null).length;
  const low = middle === null ? null : middle * (1 - BAND);
  const high = middle === null ? null : middle * (1 + BAND);
  const inside = sorted.filter(
    ({ medianWaitMinutes: wait }) => wait !== null && low !== null && high !== null && wait >= low && wait <= high,
  ).length;
  const lead =
    middle === null
      ? t('statistics.clinicsEmpty')
      : t('statistics.clinicsLead', { median: middle, inside, seen, all: clinics.length });
  const option = useMemo(
    () => ({
      ...COMMON,
      legend: { show: false },
      xAxis: { ...categories(sorted.map(({ name }) => pick(name))), axisLabel: { show: false } },
      yAxis: values(minutes),
      series: [
        {
          type: 'bar',
          name: t('statistics.medianWait'),
          barCategoryGap: '20%',
          data: sorted.map(({ medianWaitMinutes: wait }) => ({
            value: wait,
            itemStyle: { color: wait !== null && high !== null && wait > high ? COLOUR.outside : COLOUR.primary },
          })),
          ...(low === null || high === null || middle === null
            ? {}
            : {
                markArea: {
                  silent: true,
                  itemStyle: { color: COLOUR.band },
                  data: [[{ yAxis: low }, { yAxis: high }]],
                },
                markLine: {
                  silent: true,
                  symbol: 'none',
                  lineStyle: { color: '#14212b', type: 'dashed' },
                  label: {
                    position: 'insideEndTop',
                    color: '#14212b',
                    formatter: `${t('statistics.district')} ${middle}`,
                  },
                  data: [{ yAxis: middle }],
                },
              }),
        },
      ],
    }),
    [sorted, pick, minutes, t, low, high, middle],
  );
  return (
    <ChartPanel
      width="whole"
      title={title}
      lead={lead}
      fileName={`clinics-${date}`}
      table={table(t('statistics.clinic'), sorted)}
    >
      <Chart option={option} label={`${title}: ${lead}`} />
    </ChartPanel>
  );
}
