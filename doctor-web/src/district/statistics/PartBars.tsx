import { usePick } from '@cloud-hospital/ui/i18n';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart } from '../../chart/Chart.tsx';
import { ChartPanel } from '../../chart/ChartPanel.tsx';
import { categories, COLOUR, COMMON, values } from '../../chart/chartStyle.ts';
import { goodCallPercent, noShowPercent, usePartTable } from './partTable.ts';
import type { Part } from './types.ts';

export type Measure = 'consultations' | 'wait' | 'noShows' | 'calls';

const VALUE: Readonly<Record<Measure, (part: Part) => number | null>> = {
  consultations: (part) => part.consultations,
  wait: (part) => part.medianWaitMinutes,
  noShows: noShowPercent,
  calls: goodCallPercent,
};

/** Hospitals or departments compared by one number, as lying bars so that their names can be read. */
export function PartBars({
  date,
  kind,
  measure,
  parts,
}: {
  readonly date: string;
  readonly kind: 'hospital' | 'department';
  readonly measure: Measure;
  readonly parts: readonly Part[];
}) {
  const { t } = useTranslation('console');
  const pick = usePick();
  const table = usePartTable();
  const title = t(`statistics.title.${kind}.${measure}`);
  const lead = t(`statistics.lead.${measure}`);
  const name = t(`statistics.measure.${measure}`);
  const option = useMemo(
    () => ({
      ...COMMON,
      legend: { show: false },
      grid: { ...COMMON.grid, top: 4, right: 44 },
      // Categories of a lying chart go upwards; the first belongs on top.
      yAxis: {
        ...categories(parts.map((part) => pick(part.name))),
        inverse: true,
        axisLabel: { color: '#14212b', width: 190, overflow: 'break' },
      },
      xAxis: { ...values(''), axisLabel: { show: false }, splitLine: { show: false } },
      series: [
        {
          type: 'bar',
          name,
          color: measure === 'noShows' ? COLOUR.outside : COLOUR.primary,
          barMaxWidth: 18,
          label: { show: true, position: 'right', color: '#14212b' },
          data: parts.map((part) => VALUE[measure](part)),
        },
      ],
    }),
    [parts, pick, name, measure],
  );
  return (
    <ChartPanel
      width="half"
      title={title}
      lead={lead}
      fileName={`${kind}-${measure}-${date}`}
      table={table(t(`statistics.${kind}`), parts)}
    >
      <Chart option={option} label={`${title}: ${lead}`} tall />
    </ChartPanel>
  );
}
