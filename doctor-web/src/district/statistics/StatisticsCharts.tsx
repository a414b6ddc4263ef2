import { Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ClinicWaits } from './ClinicWaits.tsx';
import { HourBars, QueueCurve, WaitBars } from './DayCurves.tsx';
import { type Measure, PartBars } from './PartBars.tsx';
import type { Statistics } from './types.ts';

const MEASURES = ['wait', 'consultations', 'noShows', 'calls'] as const satisfies readonly Measure[];

/** The curves behind the day's numbers. Loaded when they are looked at: charts are the largest library here. */
export function StatisticsCharts({ statistics }: { readonly statistics: Statistics }) {
  const { t } = useTranslation('console');
  const [measure, setMeasure] = useState<Measure>('wait');
  const { date, day, queue, hours, waits, clinics, hospitals, departments } = statistics;
  return (
    <div className="c-charts">
      <QueueCurve date={date} queue={queue} />
      <HourBars date={date} hours={hours} />
      <WaitBars date={date} waits={waits} />
      <ClinicWaits date={date} day={day} clinics={clinics} />
      <div className="c-charts__measure">
        <h3>{t('statistics.compare')}</h3>
        <Segmented
          aria-label={t('statistics.compare')}
          value={measure}
          options={MEASURES.map((value) => ({ value, label: t(`statistics.measure.${value}`) }))}
          onChange={setMeasure}
        />
      </div>
      <PartBars date={date} kind="hospital" measure={measure} parts={hospitals} />
      <PartBars date={date} kind="department" measure={measure} parts={departments} />
    </div>
  );
}
