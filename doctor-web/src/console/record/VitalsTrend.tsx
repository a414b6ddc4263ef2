import { type Observation, VITALS, type VitalCode } from '@cloud-hospital/protocol/rest';
import { LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { use as register } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { CHART_INK, useChart } from '../../chart/useChart.ts';

register([LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/** Worth a line each; the rest is in today's row. Blue-green and amber hold apart for colour-blind eyes too. */
const SHOWN: readonly { code: VitalCode; colour: string; dash: 'solid' | 'dashed' | 'dotted' }[] = [
  { code: 'systolic', colour: '#0b6b6b', dash: 'solid' },
  { code: 'diastolic', colour: '#0b6b6b', dash: 'dashed' },
  { code: 'heart-rate', colour: '#8a3b00', dash: 'dotted' },
];

/** Blood pressure and pulse over the visits. */
export function VitalsTrend({ earlier, today }: { earlier: readonly Observation[]; today: readonly Observation[] }) {
  const { t } = useTranslation(['console', 'common']);
  const option = useMemo(() => {
    const all = [...earlier, ...today];
    return {
      grid: { left: 34, right: 8, top: 26, bottom: 20 },
      legend: { top: 0, left: 0, itemHeight: 8, textStyle: { color: CHART_INK, fontSize: 12 } },
      // Drawn on the canvas: an HTML tooltip carries style attributes, which our content security policy refuses.
      tooltip: { trigger: 'axis', renderMode: 'richText' },
      xAxis: {
        type: 'time',
        axisLabel: { color: CHART_INK, hideOverlap: true, formatter: '{M}/{d}' },
        splitNumber: 3,
      },
      yAxis: { type: 'value', scale: true, axisLabel: { color: CHART_INK }, splitNumber: 3 },
      series: SHOWN.map(({ code, colour, dash }) => ({
        type: 'line',
        name: `${t(`common:vital.${code}`)} ${VITALS[code].unit}`,
        color: colour,
        lineStyle: { type: dash, width: 2 },
        symbolSize: 6,
        data: all
          .filter((observation) => observation.code === code)
          .map(({ effectiveAt, value }) => [effectiveAt, value]),
      })),
    };
  }, [earlier, today, t]);
  const host = useChart(option);
  return <div ref={host} className="c-trend" role="img" aria-label={t('record.trend')} />;
}
