import type { CalendarDay, CalendarEdit, ScheduleEffect } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatDay, formatWeekday, localDateOf, noonOf, serverClock, StatusWord } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Segmented, Spin } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TopBar } from '../../layout/TopBar.tsx';
import { useShowError } from '../../layout/useShowError.ts';
import { useSignedIn } from '../../layout/useSignedIn.ts';
import { AffectedDialog } from '../../schedule/AffectedDialog.tsx';
import { WEEKDAYS } from '../../schedule/forms.tsx';
import '../../schedule/schedule.css';
import { DistrictNav } from '../DistrictNav.tsx';
import { MarkForm } from './MarkForm.tsx';

/** Preview, confirmation, edit, as with a specialist's schedule. */
function useCalendarEdit() {
  const { t } = useTranslation('console');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const { message } = App.useApp();
  const showError = useShowError();
  const [pending, setPending] = useState<{ edit: CalendarEdit; effect: ScheduleEffect } | null>(null);
  const edit = useMutation(
    query.calendar.edit.mutationOptions({
      onSuccess: (done) => {
        setPending(null);
        void message.success(
          t('schedule.done', { added: done.slotsAdded, removed: done.slotsRemoved, asked: done.affected.length }),
        );
      },
      onError: showError,
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.calendar.key() }),
    }),
  );
  const write = (wanted: CalendarEdit, effect: ScheduleEffect) =>
    edit.mutate({ ...wanted, confirmed: effect.affected.map(({ appointmentId }) => appointmentId) });
  const preview = useMutation(query.calendar.preview.mutationOptions({ onError: showError }));
  return {
    submit: (wanted: CalendarEdit) =>
      preview.mutate(wanted, {
        onSuccess: (effect) => {
          if (effect.affected.length === 0) write(wanted, effect);
          else setPending({ edit: wanted, effect });
        },
      }),
    effect: pending?.effect ?? null,
    confirm: () => {
      if (pending !== null) write(pending.edit, pending.effect);
    },
    dismiss: () => setPending(null),
    busy: preview.isPending || edit.isPending,
  };
}

/** Holidays and swapped working days of a year. Every specialist's slots follow them. */
export function CalendarPage() {
  const { t } = useTranslation('console');
  const session = useSignedIn();
  const { query } = useApi();
  const editing = useCalendarEdit();
  const [thisYear] = useState(() => Number(localDateOf(serverClock.now()).slice(0, 4)));
  const [year, setYear] = useState(thisYear);
  const calendar = useQuery(query.calendar.read.queryOptions({ input: { year } }));
  return (
    <div className="c-shell">
      <TopBar session={session} title={t('title.district')}>
        <DistrictNav />
      </TopBar>
      <main className="c-page">
        <header className="s-head">
          <Segmented
            value={year}
            onChange={setYear}
            options={[thisYear, thisYear + 1].map((value) => ({ value, label: t('calendar.year', { year: value }) }))}
          />
          <p className="c-secondary s-head__lead">{t('calendar.lead')}</p>
        </header>
        {calendar.error === null ? null : <ErrorNote error={calendar.error} onRetry={() => void calendar.refetch()} />}
        {calendar.isPending ? <Spin /> : null}
        {calendar.data === undefined ? null : (
          <div className="s-layout">
            {calendar.data.days.length === 0 ? (
              <p className="s-empty">{t('calendar.none')}</p>
            ) : (
              <Days
                key={year}
                days={calendar.data.days}
                today={calendar.data.today}
                busy={editing.busy}
                onEdit={editing.submit}
              />
            )}
            <MarkForm key={year} today={calendar.data.today} busy={editing.busy} onMark={editing.submit} />
          </div>
        )}
      </main>
      <AffectedDialog
        effect={editing.effect}
        busy={editing.busy}
        onConfirm={editing.confirm}
        onClose={editing.dismiss}
      />
    </div>
  );
}

interface DaysProps {
  readonly days: readonly CalendarDay[];
  readonly today: string;
  readonly busy: boolean;
  readonly onEdit: (edit: CalendarEdit) => void;
}

/** What is still to come; days that are over only when asked for, or when nothing else is left of the year. */
function Days({ days, today, busy, onEdit }: DaysProps) {
  const { t } = useTranslation('console');
  const [showAll, setShowAll] = useState(days.every(({ date }) => date < today));
  const shown = showAll ? days : days.filter(({ date }) => date >= today);
  return (
    <div className="s-days">
      <DayTable days={shown} today={today} busy={busy} onEdit={onEdit} />
      {shown.length === days.length ? null : (
        <Button onClick={() => setShowAll(true)}>
          {t('calendar.showPast', { count: days.length - shown.length })}
        </Button>
      )}
    </div>
  );
}

function DayTable({ days, today, busy, onEdit }: DaysProps) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const pick = usePick();
  return (
    <table className="c-table">
      <thead>
        <tr>
          <th>{t('calendar.day')}</th>
          <th>{t('calendar.kind')}</th>
          <th>{t('calendar.name')}</th>
          <th>{t('calendar.effect')}</th>
          <th>
            <span className="ch-visually-hidden">{t('calendar.unmark')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {days.map((day) => {
          const weekday = WEEKDAYS.find((one) => one === day.templateWeekday);
          return (
            <tr key={day.date} data-testid="calendar-day" data-date={day.date}>
              <th scope="row">
                {formatDay(noonOf(day.date), locale)} {formatWeekday(noonOf(day.date), locale)}
              </th>
              <td>
                <StatusWord tone={day.kind === 'holiday' ? 'off' : 'active'}>{t(`calendar.${day.kind}`)}</StatusWord>
              </td>
              <td>
                {pick(day.name)}
                {day.provisional ? <span className="c-secondary"> · {t('calendar.provisional')}</span> : null}
              </td>
              <td>
                {weekday === undefined
                  ? t('calendar.dutyOnly')
                  : t('schedule.asWeekday', { weekday: t(`weekday.${weekday}`) })}
              </td>
              <td className="c-table__number">
                {day.date < today ? null : (
                  <Button size="small" disabled={busy} onClick={() => onEdit({ date: day.date, mark: null })}>
                    {t('calendar.unmark')}
                  </Button>
                )}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
