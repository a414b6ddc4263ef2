import type { LocalDate } from '@cloud-hospital/protocol';
import type { FreeDay } from '@cloud-hospital/protocol/rest';
import { daysFromToday, formatDay, formatWeekday, noonOf, serverClock } from '@cloud-hospital/ui';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useWords } from '../layout/words.ts';

interface DayStripProps {
  readonly days: readonly FreeDay[];
  readonly selected: LocalDate | null;
  readonly onSelect: (date: LocalDate) => void;
}

/** The coming days side by side with what is free on each; big enough for a thumb, unlike a month's calendar. */
export function DayStrip({ days, selected, onSelect }: DayStripProps) {
  const { t } = useTranslation(['resident', 'common']);
  const { locale } = useWords();
  const current = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ref follows `selected`
  useEffect(() => {
    // Newer browsers answer with a promise, which React would take for the effect's clean-up.
    current.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [selected]);
  return (
    <ul className="b-days" aria-label={t('booking.time.days')}>
      {days.map(({ date, free }) => {
        const noon = noonOf(date);
        const offset = daysFromToday(noon, serverClock.now());
        const name =
          offset === 0
            ? t('common:date.today')
            : offset === 1
              ? t('common:date.tomorrow')
              : formatWeekday(noon, locale);
        return (
          <li key={date}>
            <button
              type="button"
              ref={date === selected ? current : undefined}
              className="b-day"
              aria-pressed={date === selected}
              onClick={() => onSelect(date)}
              data-testid="day"
              data-date={date}
              data-free={free}
            >
              <span className="b-day__name">{name}</span>
              <span className="b-day__date">{formatDay(noon, locale)}</span>
              <span className="b-day__free">
                {free === 0 ? t('booking.time.full') : t('booking.time.left', { count: free })}
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
