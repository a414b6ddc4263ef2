import { type ECharts, init } from 'echarts/core';
import { type RefObject, useEffect, useRef } from 'react';

type Option = Parameters<ECharts['setOption']>[0];

/** A chart in the returned element: drawn anew when the option changes, resized with its place. */
export function useChart(option: Option): RefObject<HTMLDivElement | null> {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (host.current === null) return;
    // On canvas: the SVG renderer writes style attributes, which our content security policy refuses.
    const chart = init(host.current, undefined, { renderer: 'canvas' });
    chart.setOption({ animation: false, ...option });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(host.current);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [option]);
  return host;
}

/** Axis texts of every chart; the tokens' secondary ink, which echarts can't read from CSS. */
export const CHART_INK = '#3f4f5b';
