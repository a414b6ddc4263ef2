import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { use as register } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { CHART_INK, useChart } from '../layout/useChart.ts';
import type { Overview } from './overview.ts';

register([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

/** The hours clinics are open, shown even before anything happened in them. */
const OPEN_HOURS = Array.from({ length: 13 }, (_, index) => index + 7);

/** Check-ins and consultations by the hour of today. */
export function HourlyChart({ hourly }: { hourly: Overview['hourly'] }) {
  const { t } = useTranslation('console');
  const option = useMemo(() => {
    const byHour = new Map(hourly.map((row) => [row.hour, row]));
    const hours = [...new Set([...OPEN_HOURS, ...byHour.keys()])].sort((a, b) => a - b);
    return {
      grid: { left: 32, right: 8, top: 30, bottom: 22 },
      legend: { top: 0, right: 0, itemHeight: 8, textStyle: { color: CHART_INK } },
      // Drawn on the canvas: an HTML tooltip carries style attributes, which our content security policy refuses.
      tooltip: { trigger: 'axis', renderMode: 'richText' },
      xAxis: { type: 'category', data: hours.map((hour) => `${hour}:00`), axisLabel: { color: CHART_INK } },
      yAxis: { type: 'value', minInterval: 1, axisLabel: { color: CHART_INK } },
      series: [
        {
          type: 'bar',
          name: t('district.hourlyConsultations'),
          color: '#0b6b6b',
          data: hours.map((hour) => byHour.get(hour)?.consultations ?? 0),
        },
        {
          type: 'line',
          name: t('district.hourlyCheckIns'),
          color: '#8a3b00',
          lineStyle: { type: 'dashed', width: 2 },
          data: hours.map((hour) => byHour.get(hour)?.checkIns ?? 0),
        },
      ],
    };
  }, [hourly, t]);
  const host = useChart(option);
  return <div ref={host} className="c-district__chart" role="img" aria-label={t('district.hourly')} />;
}
