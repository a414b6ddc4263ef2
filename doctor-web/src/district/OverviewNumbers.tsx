import { useTranslation } from 'react-i18next';
import type { Overview } from './overview.ts';

/** Four numbers, yesterday's beside them where it means something. */
export function OverviewNumbers({ overview }: { overview: Overview }) {
  const { t } = useTranslation('console');
  const states = overview.terminalsByStatus;
  const total = Object.values(states).reduce((sum, count) => sum + count, 0);
  const working = (states['ready'] ?? 0) + (states['in-call'] ?? 0);
  const numbers = [
    {
      key: 'consultations',
      value: String(overview.consultationsToday),
      note: t('district.yesterday', { count: overview.consultationsYesterday }),
    },
    { key: 'waiting', value: String(overview.waitingNow), note: t('district.waitingNote') },
    {
      key: 'medianWait',
      value: overview.medianWaitMinutesToday === null ? '–' : String(Math.round(overview.medianWaitMinutesToday)),
      note: t('district.medianWaitNote'),
    },
    {
      key: 'terminals',
      value: `${working} / ${total}`,
      note: t('district.terminalsNote', { failing: states['failing'] ?? 0 }),
    },
  ] as const;
  return (
    <dl className="c-numbers">
      {numbers.map(({ key, value, note }) => (
        <div key={key}>
          <dt>{t(`district.${key}`)}</dt>
          <dd className="c-numbers__value">{value}</dd>
          <dd className="c-secondary">{note}</dd>
        </div>
      ))}
    </dl>
  );
}
