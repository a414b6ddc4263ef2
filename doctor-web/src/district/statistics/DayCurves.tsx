import { WAIT_CLASSES } from '@cloud-hospital/protocol/rest';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { CHART_INK } from '../../chart/useChart.ts';
import { Chart } from '../../chart/Chart.tsx';
import { ChartPanel } from '../../chart/ChartPanel.tsx';
import { categories, COLOUR, COMMON, values } from '../../chart/chartStyle.ts';
import type { Statistics } from './types.ts';

/** The hours clinics are open, shown even when nothing happened in them. */
const OPEN_HOURS = Array.from({ length: 13 }, (_, index) => index + 7);

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** How many waited, over the day. */
export function QueueCurve({ date, queue }: Pick<Statistics, 'date' | 'queue'>) {
  const { t } = useTranslation('console');
  const title = t('statistics.queue');
  const people = t('statistics.people');
  // A day begins when the first one comes; before it there is nothing to see.
  const first = queue.find(({ waiting }) => waiting > 0)?.minute ?? 0;
  const last = queue.findLast(({ waiting }) => waiting > 0)?.minute ?? 0;
  const shown = queue.filter(
    ({ minute }) => minute >= Math.min(first, 7 * 60) && minute <= Math.max(last + 30, 19 * 60),
  );
  const option = useMemo(
    () => ({
      ...COMMON,
      xAxis: { ...categories(shown.map(({ minute }) => clock(minute))), boundaryGap: false },
      yAxis: values(people),
      series: [
        {
          type: 'line',
          name: title,
          color: COLOUR.primary,
          areaStyle: { color: COLOUR.band },
          showSymbol: false,
          lineStyle: { width: 2 },
          data: shown.map(({ waiting }) => waiting),
        },
      ],
      legend: { show: false },
    }),
    [shown, title, people],
  );
  return (
    <ChartPanel
      title={title}
      lead={t('statistics.queueLead')}
      fileName={`queue-${date}`}
      table={{
        head: [t('statistics.time'), title],
        rows: shown.map(({ minute, waiting }) => [clock(minute), waiting]),
      }}
    >
      <Chart option={option} label={`${title}: ${t('statistics.queueLead')}`} />
    </ChartPanel>
  );
}

/** Check-ins and consultations by the hour. */
export function HourBars({ date, hours }: Pick<Statistics, 'date' | 'hours'>) {
  const { t } = useTranslation('console');
  const title = t('statistics.hours');
  const byHour = new Map(hours.map((row) => [row.hour, row]));
  const shown = [...new Set([...OPEN_HOURS, ...byHour.keys()])]
    .sort((a, b) => a - b)
    .map((hour) => byHour.get(hour) ?? { hour, checkIns: 0, consultations: 0 });
  const names = { consultations: t('statistics.consultations'), checkIns: t('statistics.checkIns') };
  const people = t('statistics.people');
  const option = useMemo(
    () => ({
      ...COMMON,
      xAxis: categories(shown.map(({ hour }) => clock(hour * 60))),
      yAxis: values(people),
      series: [
        {
          type: 'bar',
          name: names.consultations,
          color: COLOUR.primary,
          data: shown.map(({ consultations }) => consultations),
        },
        {
          type: 'line',
          name: names.checkIns,
          color: COLOUR.attention,
          lineStyle: { type: 'dashed', width: 2 },
          data: shown.map(({ checkIns }) => checkIns),
        },
      ],
    }),
    [shown, names.consultations, names.checkIns, people],
  );
  return (
    <ChartPanel
      title={title}
      lead={t('statistics.hoursLead')}
      fileName={`hours-${date}`}
      table={{
        head: [t('statistics.time'), names.consultations, names.checkIns],
        rows: shown.map(({ hour, consultations, checkIns }) => [clock(hour * 60), consultations, checkIns]),
      }}
    >
      <Chart option={option} label={`${title}: ${t('statistics.hoursLead')}`} />
    </ChartPanel>
  );
}

/** How many waited how long. */
export function WaitBars({ date, waits }: Pick<Statistics, 'date' | 'waits'>) {
  const { t } = useTranslation('console');
  const title = t('statistics.waits');
  const people = t('statistics.people');
  const classes = waits.map((_, index) => {
    const from = WAIT_CLASSES[index - 1] ?? 0;
    const to = WAIT_CLASSES[index];
    return to === undefined ? `≥ ${from}` : `${from}–${to}`;
  });
  const option = useMemo(
    () => ({
      ...COMMON,
      legend: { show: false },
      xAxis: { ...categories(classes), axisLabel: { color: CHART_INK, interval: 0, fontSize: 11 } },
      yAxis: values(people),
      series: [
        {
          type: 'bar',
          name: people,
          color: COLOUR.primary,
          barCategoryGap: '12%',
          label: { show: true, position: 'top', color: '#14212b' },
          data: [...waits],
        },
      ],
    }),
    [waits, classes, people],
  );
  return (
    <ChartPanel
      title={title}
      lead={t('statistics.waitsLead')}
      fileName={`waits-${date}`}
      table={{
        head: [title, people],
        rows: waits.map((count, index) => [classes[index] ?? '', count]),
      }}
    >
      <Chart option={option} label={`${title}: ${t('statistics.waitsLead')}`} />
    </ChartPanel>
  );
}
