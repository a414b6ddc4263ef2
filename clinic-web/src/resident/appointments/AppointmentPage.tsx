import { AppointmentId } from '@cloud-hospital/protocol';
import type { Appointment } from '@cloud-hospital/protocol/rest';
import { APPOINTMENT_TONE, formatDuration, StatusWord, useServerNow } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { useQuery } from '@tanstack/react-query';
import { CalendarClock, CircleCheck } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, Navigate, useParams, useSearchParams } from 'react-router';
import { bookAgain, resumeBooking } from '../booking/answers.ts';
import { writeComplaint } from '../booking/complaintDraft.ts';
import { ScheduleChangeCard } from '../changes/ScheduleChangeCard.tsx';
import { DeviceCheckLink } from '../deviceCheck/DeviceCheckLink.tsx';
import { Page } from '../layout/Page.tsx';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import { PhoneCheckInCard, PhonePreparation } from '../phoneVisit/PhoneCheckInCard.tsx';
import { NotFoundPage } from '../NotFoundPage.tsx';
import { AddToCalendar } from './AddToCalendar.tsx';
import './appointments.css';
import { CancelAppointment } from './CancelAppointment.tsx';
import { ShareWithHelper } from './ShareWithHelper.tsx';
import { ExpectedToday } from './ExpectedToday.tsx';
import { Ticket } from './Ticket.tsx';

export function AppointmentPage() {
  const appointmentId = AppointmentId.safeParse(useParams()['appointmentId']);
  return appointmentId.success ? <Loaded appointmentId={appointmentId.data} /> : <NotFoundPage />;
}

function Loaded({ appointmentId }: { readonly appointmentId: AppointmentId }) {
  const { t } = useTranslation('resident');
  const { query } = useApi();
  const appointment = useQuery(query.appointments.get.queryOptions({ input: { appointmentId } }));
  if (appointment.data?.status === 'pending') return <Navigate to={resumeBooking(appointment.data)} replace />;
  const showsTicket =
    (appointment.data?.status === 'booked' && appointment.data.scheduleChange === null) ||
    appointment.data?.status === 'checked-in';
  return (
    <Page title={t(showsTicket ? 'ticket.title' : 'appointments.one')} back="/">
      <QueryState query={appointment}>{(data) => <Detail appointment={data} />}</QueryState>
    </Page>
  );
}

function Detail({ appointment }: { readonly appointment: Appointment }) {
  const { t } = useTranslation(['resident', 'common']);
  const [params] = useSearchParams();
  const { status, queueEntryId, reportId, cancellationReason, rescheduledTo } = appointment;
  const justBooked = params.has('booked');
  const justMoved = params.has('moved');
  useEffect(() => {
    if (justBooked) writeComplaint('');
  }, [justBooked]);
  switch (status) {
    case 'booked':
    case 'checked-in':
      if (appointment.scheduleChange !== null && status === 'booked') {
        return (
          <>
            <ScheduleChangeCard appointment={appointment} />
            <Facts appointment={appointment} />
          </>
        );
      }
      return (
        <>
          {justBooked && status === 'booked' ? (
            <div className="ch-note ch-note--good" role="status" data-testid="booked-note">
              <CircleCheck className="ch-note__icon" aria-hidden />
              <div className="ch-note__body">
                <p className="ch-note__title">{t('ticket.booked')}</p>
                <p>{t('ticket.bookedHint')}</p>
              </div>
            </div>
          ) : null}
          {justMoved && status === 'booked' ? (
            <div className="ch-note ch-note--good" role="status" data-testid="moved-note">
              <CircleCheck className="ch-note__icon" aria-hidden />
              <div className="ch-note__body">
                <p className="ch-note__title">{t('reschedule.done')}</p>
                <p>{t('reschedule.doneHint')}</p>
              </div>
            </div>
          ) : null}
          <PhoneCheckInCard appointment={appointment} />
          <Ticket appointment={appointment} />
          <ExpectedToday appointment={appointment} />
          {status === 'checked-in' && queueEntryId !== null ? (
            <Link to={`/waiting/${queueEntryId}`} className="r-primary" data-testid="open-waiting">
              {t('home.openWaiting')}
            </Link>
          ) : null}
          <Facts appointment={appointment} />
          <DeviceCheckLink appointment={appointment} />
          <ShareWithHelper appointment={appointment} />
          {status === 'booked' ? (
            <>
              {appointment.phone.chosen ? <PhonePreparation /> : <Bring />}
              <AddToCalendar appointment={appointment} />
              <Changes appointment={appointment} />
            </>
          ) : null}
        </>
      );
    default:
      return (
        <>
          <div className="r-stack">
            <StatusWord tone={APPOINTMENT_TONE[status]}>{t(`common:appointment.status.${status}`)}</StatusWord>
            {cancellationReason === null ? null : (
              <p className="r-lead">{t(`common:appointment.cancelled.${cancellationReason}`)}</p>
            )}
          </div>
          <Facts appointment={appointment} />
          <div className="r-bar">
            {rescheduledTo === null ? null : (
              <Link to={`/appointments/${rescheduledTo}`} className="r-primary" data-testid="open-moved">
                {t('reschedule.openNew')}
              </Link>
            )}
            {reportId === null ? null : (
              <Link to={`/reports/${reportId}`} className="r-primary">
                {t('appointments.openReport')}
              </Link>
            )}
            <Link
              to={bookAgain(appointment)}
              className={reportId === null && rescheduledTo === null ? 'r-primary' : 'r-secondary r-wide'}
            >
              {t('appointments.bookAgain')}
            </Link>
          </div>
        </>
      );
  }
}

function Bring() {
  const { t } = useTranslation('resident');
  return (
    <section className="r-section">
      <h2 className="r-section__title">{t('ticket.bring')}</h2>
      <ul className="a-bring">
        <li>{t('ticket.bring-identity')}</li>
        <li>{t('ticket.bring-early')}</li>
        <li>{t('ticket.bring-papers')}</li>
      </ul>
    </section>
  );
}

/** Another time, or none; near the start only the clinic can, and its number is here. */
function Changes({ appointment }: { readonly appointment: Appointment }) {
  const { t } = useTranslation('resident');
  const { appointmentId, changeableUntil, changeCutoffMinutes, clinic } = appointment;
  const locale = useLocale();
  const now = useServerNow(30_000);
  if (changeableUntil === null || Date.parse(changeableUntil) <= now) {
    return (
      <section className="r-card" data-testid="too-late">
        <p>{t('cancel.tooLate', { duration: formatDuration(changeCutoffMinutes, locale) })}</p>
        {clinic === null ? null : (
          <a href={`tel:${clinic.phone}`} className="r-secondary r-wide">
            {t('cancel.call', { phone: clinic.phone })}
          </a>
        )}
      </section>
    );
  }
  return (
    <>
      <Link to={`/appointments/${appointmentId}/change`} className="r-secondary r-wide" data-testid="reschedule">
        <CalendarClock className="ch-icon" aria-hidden />
        {t('reschedule.ask')}
      </Link>
      <CancelAppointment appointment={appointment} />
    </>
  );
}

function Facts({ appointment }: { readonly appointment: Appointment }) {
  const { t } = useTranslation(['resident', 'common', 'people']);
  const words = useWords();
  const { specialist, clinic, patient, complaint, start, bookedBy } = appointment;
  return (
    <dl className="r-card r-facts r-keep">
      <div>
        <dt>{t('booking.time.short')}</dt>
        <dd>{words.dayTime(start)}</dd>
      </div>
      <div>
        <dt>{t('booking.specialist.short')}</dt>
        <dd>
          {words.specialistTitled(specialist)}
          <br />
          <span className="r-muted">
            {words.pick(specialist.hospital.name)} {words.pick(specialist.departmentName)}
          </span>
        </dd>
      </div>
      {clinic === null ? null : (
        <div>
          <dt>{t('booking.clinic.short')}</dt>
          <dd>
            {words.pick(clinic.name)}
            <br />
            <span className="r-muted">{clinic.address}</span>
            <br />
            <a href={`tel:${clinic.phone}`} className="a-phone">
              {clinic.phone}
            </a>
          </dd>
        </div>
      )}
      <div>
        <dt>{t('booking.confirm.who')}</dt>
        <dd>
          {patient.name}
          {bookedBy === null ? null : (
            <>
              <br />
              <span className="r-muted" data-testid="booked-by">
                {t(bookedBy.role === 'resident' ? 'people:booked.by' : 'people:booked.byStaff', {
                  name: bookedBy.name,
                })}
              </span>
            </>
          )}
        </dd>
      </div>
      <div>
        <dt>{t('booking.complaint.short')}</dt>
        <dd>{complaint}</dd>
      </div>
    </dl>
  );
}
