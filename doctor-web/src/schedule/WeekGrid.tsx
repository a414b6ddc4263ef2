import type { Instant, Locale } from '@cloud-hospital/protocol';
import type { ScheduleDay, ScheduleException, ScheduleView } from '@cloud-hospital/protocol/rest';
import { formatDay, formatTime, noonOf, StatusWord } from '@cloud-hospital/ui';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { useTranslation } from 'react-i18next';
import { WEEKDAYS } from './forms.tsx';

interface WeekGridProps {
  readonly schedule: ScheduleView;
  readonly onOpen: (day: ScheduleDay) => void;
}

/** The coming weeks, a row each. Touching a day opens what can be changed about it. */
export function WeekGrid({ schedule, onOpen }: WeekGridProps) {
  const { t } = useTranslation('console');
  const weeks = Array.from({ length: schedule.days.length / 7 }, (_, week) =>
    schedule.days.slice(week * 7, week * 7 + 7),
  );
  return (
    <table className="s-weeks">
      <caption className="ch-visually-hidden">{t('schedule.weeks')}</caption>
      <thead>
        <tr>
          {WEEKDAYS.map((weekday) => (
            <th key={weekday} scope="col">
              {t(`weekday.${weekday}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((days) => (
          <tr key={days[0]?.date}>
            {days.map((day) => (
              <td key={day.date}>
                <Day day={day} schedule={schedule} onOpen={onOpen} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const holdsOn =
  (date: string) =>
  ({ firstDay, lastDay }: ScheduleException): boolean =>
    firstDay <= date && date <= lastDay;

function Day({ day, schedule, onOpen }: { readonly day: ScheduleDay } & WeekGridProps) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const pick = usePick();
  const { date, mark, sessions, booked, free, unanswered } = day;
  const isPast = date < schedule.today;
  const exceptions = schedule.exceptions.filter(holdsOn(date));
  return (
    <button
      type="button"
      className="s-day"
      disabled={isPast}
      data-today={date === schedule.today}
      data-off={sessions.length === 0}
      data-testid="schedule-day"
      data-date={date}
      onClick={() => onOpen(day)}
    >
      <span className="s-day__head">
        <strong>{formatDay(noonOf(date), locale)}</strong>
        {date === schedule.today ? <span>{t('schedule.today')}</span> : null}
      </span>
      {mark === null ? null : (
        <span className="s-day__mark">
          {pick(mark.name)}
          {mark.templateWeekday === null
            ? ''
            : ` · ${t('schedule.asWeekday', { weekday: t(`weekday.${weekdayKey(mark.templateWeekday)}`) })}`}
        </span>
      )}
      {exceptions
        .filter(({ kind }) => kind !== 'extra-session')
        .map(({ exceptionId, kind, startTime, endTime }) => (
          <span key={exceptionId} className="s-day__exception">
            {t(`schedule.kind.${kind}`)}
            {startTime === null || endTime === null ? '' : ` ${startTime}–${endTime}`}
          </span>
        ))}
      {sessions.map((session) => (
        <span key={session.start} className="s-day__session">
          {formatTime(session.start, locale)}–{endTime(session.end, locale)}
          {session.extra ? ` · ${t('schedule.kind.extra-session')}` : ''}
        </span>
      ))}
      {sessions.length === 0 && booked === 0 ? <span className="s-day__none">{t('schedule.off')}</span> : null}
      {booked === 0 && free === 0 ? null : (
        <span className="s-day__counts">{t('schedule.counts', { booked: booked - unanswered, free })}</span>
      )}
      {unanswered === 0 ? null : (
        <StatusWord tone="attention">{t('schedule.unanswered', { count: unanswered })}</StatusWord>
      )}
    </button>
  );
}

/** Midnight ends the day that it belongs to here. */
const endTime = (end: Instant, locale: Locale): string =>
  formatTime(end, locale) === '00:00' ? '24:00' : formatTime(end, locale);

/** The catalogue's key of an ISO weekday; Monday for what can't be. */
const weekdayKey = (weekday: number) => WEEKDAYS.find((one) => one === weekday) ?? 1;
