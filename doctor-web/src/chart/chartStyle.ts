import { CHART_INK } from './useChart.ts';

/** The tokens' colours, which echarts can't read from CSS. Told apart by brightness and shape too, not by hue alone. */
export const COLOUR = {
  primary: '#0b6b6b',
  attention: '#8a3b00',
  band: 'rgba(11, 107, 107, 0.12)',
  outside: '#c77a3a',
  line: '#d7e0e4',
} as const;

const AXIS = {
  axisLabel: { color: CHART_INK },
  axisLine: { lineStyle: { color: COLOUR.line } },
  axisTick: { show: false },
  nameTextStyle: { color: CHART_INK },
} as const;

export const categories = (data: readonly string[]) => ({ ...AXIS, type: 'category', data }) as const;
export const values = (name: string) =>
  ({
    ...AXIS,
    type: 'value',
    name,
    nameLocation: 'end',
    splitLine: { lineStyle: { color: COLOUR.line } },
    axisLine: { show: false },
    minInterval: 1,
  }) as const;

export const COMMON = {
  grid: { left: 8, right: 16, top: 32, bottom: 4, containLabel: true },
  // Drawn on the canvas: an HTML tooltip carries style attributes, which our content security policy refuses.
  tooltip: { trigger: 'axis', renderMode: 'richText', confine: true },
  legend: { top: 0, right: 0, itemHeight: 8, textStyle: { color: CHART_INK } },
} as const;
