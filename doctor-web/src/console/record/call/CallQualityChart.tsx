import { type CallRecord, type CallSide, GOOD_MOS } from '@cloud-hospital/protocol/rest';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart } from '../../../chart/Chart.tsx';
import { ChartPanel } from '../../../chart/ChartPanel.tsx';
import { COLOUR, COMMON, values } from '../../../chart/chartStyle.ts';
import { CHART_INK } from '../../../chart/useChart.ts';
import { EventTable } from './EventTable.tsx';
import { useCallTables } from './useCallTables.ts';
import { useSideName } from './useSideName.ts';
import { type Trouble, type TroubleKind, troublesOf } from './troubles.ts';

/** Told apart by dash and brightness, not by hue alone. */
const LINES = [
  { color: COLOUR.primary, type: 'solid' },
  { color: COLOUR.attention, type: 'dashed' },
  { color: CHART_INK, type: 'dotted' },
] as const;
/** A sample that comes later than this after the one before it begins a new line; seconds. */
const GAP_SECONDS = 15;

const clock = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
};

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The whole of it in milliseconds: from the first thing known to the last. */
function spanOf({ startedAt, sides }: CallRecord): Span {
  const times = sides.flatMap(({ samples, steps }) => [...samples, ...steps].map(({ at }) => Date.parse(at)));
  const first = startedAt === null ? Math.min(...times) : Date.parse(startedAt);
  return { from: Math.min(first, ...times), to: Math.max(first, ...times) };
}

function mosLine({ samples }: CallSide, from: number): (readonly [number, number | null])[] {
  let before = Number.NEGATIVE_INFINITY;
  return samples.flatMap(({ at, mos }) => {
    const second = (Date.parse(at) - from) / 1_000;
    const broken = second - before > GAP_SECONDS;
    before = second;
    return broken ? [[second, null] as const, [second, mos] as const] : [[second, mos] as const];
  });
}

/** Voice score of every side over the call; interruptions shaded; below, who was there when. */
export function CallQualityChart({ record }: { readonly record: CallRecord }) {
  const { t } = useTranslation('console');
  const tables = useCallTables(record);
  const { sides } = record;
  const name = useSideName();
  const isMeasured = sides.some(({ samples }) => samples.length > 0);
  const troubles = sides.flatMap((side) => troublesOf(side));
  const longest = Math.max(0, ...troubles.map(({ from, to }) => Math.round((to - from) / 1_000)));
  const said = [
    ...sides
      .filter(({ medianMos }) => medianMos !== null)
      .map((side) => t('callRecord.median', { name: name(side), mos: side.medianMos?.toFixed(1) })),
    troubles.length === 0
      ? t('callRecord.troublesNone')
      : t('callRecord.troubles', { count: troubles.length, seconds: longest }),
  ].join(' · ');
  const option = useMemo(() => {
    const span = spanOf(record);
    const { from } = span;
    const end = (span.to - from) / 1_000;
    const second = (at: number): number => Math.min(end, Math.max(0, (at - from) / 1_000));
    const time = { ...values(''), min: 0, max: Math.max(end, 1), splitLine: { show: false } };
    return {
      ...COMMON,
      legend: { ...COMMON.legend, left: 0, data: record.sides.map(name) },
      tooltip: { ...COMMON.tooltip, axisPointer: { label: { show: false } } },
      grid: [
        { left: 84, right: 8, top: 28, bottom: 22 + 20 * record.sides.length + 18 },
        { left: 84, right: 8, height: 20 * record.sides.length, bottom: 22 },
      ],
      xAxis: [
        { ...time, gridIndex: 0, axisLabel: { show: false } },
        { ...time, gridIndex: 1, axisLabel: { color: CHART_INK, formatter: clock, hideOverlap: true } },
      ],
      yAxis: [
        { ...values(''), gridIndex: 0, min: 1, max: 4.5, interval: 1 },
        {
          type: 'category',
          gridIndex: 1,
          inverse: true,
          data: record.sides.map(name),
          axisTick: { show: false },
          axisLine: { show: false },
          axisLabel: { color: CHART_INK, width: 80, overflow: 'truncate' },
        },
      ],
      series: record.sides.flatMap((side, index) => {
        const style = LINES[index % LINES.length] ?? LINES[0];
        return [
          {
            type: 'line',
            name: name(side),
            color: style.color,
            lineStyle: { type: style.type, width: 2 },
            showSymbol: false,
            tooltip: { valueFormatter: (value: unknown) => (typeof value === 'number' ? value.toFixed(1) : '–') },
            data: mosLine(side, from),
            ...(index === 0 ? { markLine: GOOD_LINE } : {}),
            markArea: {
              silent: true,
              data: troublesOf(side).map((trouble: Trouble) => [
                // A short one must still be seen.
                { xAxis: second(trouble.from), itemStyle: { color: SHADE[trouble.kind] } },
                { xAxis: Math.max(second(trouble.to), second(trouble.from) + end / 200) },
              ]),
            },
          },
          {
            type: 'line',
            name: `${name(side)} ${t('callRecord.presence')}`,
            xAxisIndex: 1,
            yAxisIndex: 1,
            color: style.color,
            lineStyle: { width: 8, cap: 'butt' },
            showSymbol: false,
            silent: true,
            tooltip: { show: false },
            data: side.presence.flatMap(({ from: came, to: left }) => [
              [second(Date.parse(came)), index],
              [second(left === null ? span.to : Date.parse(left)), index],
              [null, null],
            ]),
          },
        ];
      }),
    };
  }, [record, t, name]);
  return (
    <div className="c-call-record" data-testid="call-record">
      {isMeasured ? (
        <ChartPanel
          width="whole"
          title={t('callRecord.title')}
          lead={`${said} ${t('callRecord.lead')}`}
          fileName="call-quality"
          table={tables.quality}
        >
          <Chart option={option} label={`${t('callRecord.mos')}: ${said}`} />
        </ChartPanel>
      ) : (
        <p className="c-secondary">{t(sides.length === 0 ? 'callRecord.none' : 'callRecord.noQuality')}</p>
      )}
      {tables.events.rows.length === 0 ? null : <EventTable table={tables.events} />}
    </div>
  );
}

/** Lighter where people noticed nothing. */
const SHADE: Readonly<Record<TroubleKind, string>> = {
  signal: 'rgba(74, 90, 102, 0.14)',
  media: 'rgba(199, 122, 58, 0.4)',
  moved: 'rgba(199, 122, 58, 0.4)',
};
const GOOD_LINE = {
  silent: true,
  symbol: 'none',
  lineStyle: { color: COLOUR.line, type: 'solid' },
  label: { position: 'insideEndBottom', color: CHART_INK, formatter: `${GOOD_MOS}` },
  data: [{ yAxis: GOOD_MOS }],
} as const;
