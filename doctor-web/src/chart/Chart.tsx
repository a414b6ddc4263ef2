import { BarChart, LineChart } from 'echarts/charts';
import {
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from 'echarts/components';
import { use as register } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useChart } from './useChart.ts';

register([
  BarChart,
  LineChart,
  GridComponent,
  LegendComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
  CanvasRenderer,
]);

/** The picture itself. @param label what it shows, for whoever doesn't see it */
export function Chart({
  option,
  label,
  tall = false,
}: {
  readonly option: Parameters<typeof useChart>[0];
  readonly label: string;
  readonly tall?: boolean;
}) {
  const host = useChart(option);
  return (
    <div
      ref={host}
      className={tall ? 'c-panel__chart c-panel__chart--tall' : 'c-panel__chart'}
      role="img"
      aria-label={label}
    />
  );
}
