import type { Appointment } from '@cloud-hospital/protocol/rest';
import { CalendarPlus } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useWords } from '../layout/words.ts';
import { calendarFile } from './calendarFile.ts';

/** The phone's own calendar reminds even those whose messages never arrive. */
export function AddToCalendar({ appointment }: { readonly appointment: Appointment }) {
  const { t } = useTranslation(['resident', 'phoneVisit']);
  const words = useWords();
  const { specialist, clinic, ticketNumber, phone } = appointment;
  const add = () => {
    const file = calendarFile({
      // The same entry through every move to another time: the phone's calendar updates it.
      uid: appointment.seriesId,
      sequence: appointment.moves,
      start: appointment.start,
      end: appointment.end,
      stamp: appointment.now,
      summary: t('ticket.calendarTitle', {
        department: words.pick(specialist.departmentName),
        specialist: words.specialist(specialist),
      }),
      location: phone.chosen
        ? t('phoneVisit:calendar.place')
        : clinic === null
          ? ''
          : `${words.pick(clinic.name)} ${clinic.address}`,
      description: t(phone.chosen ? 'phoneVisit:calendar.text' : 'ticket.calendarText', {
        ticket: ticketNumber ?? '',
      }),
    });
    const url = URL.createObjectURL(new Blob([file], { type: 'text/calendar;charset=utf-8' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = 'appointment.ics';
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <button type="button" className="r-secondary r-wide" onClick={add} data-testid="add-to-calendar">
      <CalendarPlus className="ch-icon" aria-hidden />
      {t('ticket.calendar')}
    </button>
  );
}
