import type { LocalDate } from '@cloud-hospital/protocol';
import { formatDate, formatWeekday, localDateOf, noonOf } from '@cloud-hospital/ui';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';

const DAY_MS = 24 * 3_600_000;
const shift = (date: LocalDate, days: number): LocalDate =>
  localDateOf(new Date(noonOf(date).getTime() + days * DAY_MS));

/** Which day is looked at: one back, one on, or any by its date. Today's keeps going with the clock. */
export function DayPicker({
  date,
  now,
  onPick,
}: {
  readonly date: LocalDate;
  readonly now: string;
  readonly onPick: (date: LocalDate | null) => void;
}) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const today = localDateOf(now);
  const pick = (chosen: LocalDate): void => onPick(chosen >= today ? null : chosen);
  return (
    <div className="c-day">
      <button type="button" className="ch-quiet-button" onClick={() => pick(shift(date, -1))} data-testid="day-before">
        <ChevronLeft className="ch-icon" aria-hidden />
        {t('statistics.dayBefore')}
      </button>
      <h2 className="c-day__date">
        {date === today
          ? t('statistics.today')
          : `${formatDate(noonOf(date), locale)} ${formatWeekday(noonOf(date), locale)}`}
      </h2>
      <button
        type="button"
        className="ch-quiet-button"
        disabled={date >= today}
        onClick={() => pick(shift(date, 1))}
        data-testid="day-after"
      >
        {t('statistics.dayAfter')}
        <ChevronRight className="ch-icon" aria-hidden />
      </button>
      <label className="c-day__pick">
        {t('statistics.pickDay')}
        <input
          type="date"
          value={date}
          max={today}
          onChange={({ target }) => {
            if (target.value !== '') pick(target.value);
          }}
        />
      </label>
    </div>
  );
}
