import { useTranslation } from 'react-i18next';
import { goodCallPercent, noShowPercent } from './partTable.ts';
import type { Statistics } from './types.ts';

const DASH = '–';
const text = (value: number | null): string => (value === null ? DASH : String(value));
const percent = (value: number | null): string => (value === null ? DASH : `${value} %`);

/** Six numbers of the day, those of the day before beside them. */
export function DayNumbers({ day, before, promisesKept }: Pick<Statistics, 'day' | 'before' | 'promisesKept'>) {
  const { t } = useTranslation('console');
  const numbers = [
    { key: 'consultations', value: text(day.consultations), earlier: text(before.consultations) },
    { key: 'medianWaitMinutes', value: text(day.medianWaitMinutes), earlier: text(before.medianWaitMinutes) },
    { key: 'p90WaitMinutes', value: text(day.p90WaitMinutes), earlier: text(before.p90WaitMinutes) },
    { key: 'noShowRate', value: percent(noShowPercent(day)), earlier: percent(noShowPercent(before)) },
    { key: 'promisesKept', value: percent(promisesKept.day), earlier: percent(promisesKept.before) },
    { key: 'goodCalls', value: percent(goodCallPercent(day)), earlier: percent(goodCallPercent(before)) },
  ] as const;
  return (
    <dl className="c-numbers c-numbers--row">
      {numbers.map(({ key, value, earlier }) => (
        <div key={key} data-testid={`number-${key}`}>
          <dt>{t(`statistics.${key}`)}</dt>
          <dd className="c-numbers__value">{value}</dd>
          <dd className="c-secondary">{t('statistics.before', { value: earlier })}</dd>
        </div>
      ))}
    </dl>
  );
}
