import type { Appointment } from '@cloud-hospital/protocol/rest';
import { useTranslation } from 'react-i18next';
import { QrCode } from '../layout/QrCode.tsx';
import { useWords } from '../layout/words.ts';

/** What is shown at the clinic's desk: the number people call out, and the code the terminal reads. */
export function Ticket({ appointment }: { readonly appointment: Appointment }) {
  const { t } = useTranslation(['resident', 'common']);
  const words = useWords();
  const { ticketNumber, ticketQr, start, specialist, clinic, status, phone } = appointment;
  const checkedIn = status === 'checked-in';
  return (
    <section className="a-ticket" aria-label={t('ticket.title')} data-testid="ticket">
      <div className="a-ticket__head">
        <div>
          <p className="a-ticket__label">{t('ticket.number')}</p>
          <p className="a-ticket__number" data-testid="ticket-number">
            {ticketNumber ?? '—'}
          </p>
        </div>
        <div className="a-ticket__when">
          <p className="a-ticket__label">{words.dayWeekday(start)}</p>
          <p className="a-ticket__time">{words.time(start)}</p>
        </div>
      </div>
      <div className="a-ticket__cut" aria-hidden />
      <div className="a-ticket__body">
        {ticketQr === null ? null : <QrCode text={ticketQr} label={t('ticket.qr')} size={232} />}
        <p className="a-ticket__how">
          {t(
            phone.chosen
              ? checkedIn
                ? 'ticket.checkedInPhone'
                : 'ticket.howPhone'
              : checkedIn
                ? 'ticket.checkedIn'
                : 'ticket.how',
          )}
        </p>
        <p className="r-muted r-keep">
          {words.departmentAndSpecialist(specialist)}
          {clinic === null ? '' : ` · ${words.place(appointment)}`}
        </p>
      </div>
    </section>
  );
}
