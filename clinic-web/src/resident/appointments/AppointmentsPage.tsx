import type { Appointment } from '@cloud-hospital/protocol/rest';
import { APPOINTMENT_TONE, StatusWord } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { resumeBooking } from '../booking/answers.ts';
import { needsAnswer } from '../home/nextThing.ts';
import { Page } from '../layout/Page.tsx';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import { usePatient } from '../usePatient.ts';

const isAhead = ({ status }: Appointment) => status === 'pending' || status === 'booked' || status === 'checked-in';
/** A time that was only held and let go is no appointment anyone remembers making. */
const isWorthShowing = ({ cancellationReason }: Appointment) =>
  cancellationReason !== 'hold-expired' && cancellationReason !== 'hold-released';

export function AppointmentsPage() {
  const { t } = useTranslation('resident');
  const { query } = useApi();
  const appointments = useQuery(query.appointments.list.queryOptions());
  return (
    <Page title={t('appointments.title')} back="/">
      <QueryState query={appointments}>
        {(data) => {
          const shown = data.appointments.filter(isWorthShowing);
          const ahead = shown.filter(isAhead).toSorted((a, b) => Date.parse(a.start) - Date.parse(b.start));
          const past = shown
            .filter((appointment) => !isAhead(appointment))
            .toSorted((a, b) => Date.parse(b.start) - Date.parse(a.start));
          return shown.length === 0 ? (
            <div className="r-empty">
              <p>{t('appointments.none')}</p>
              <Link to="/book/department" className="r-secondary">
                {t('home.book')}
              </Link>
            </div>
          ) : (
            <>
              <Group title={t('appointments.ahead')} appointments={ahead} />
              <Group title={t('appointments.past')} appointments={past} />
            </>
          );
        }}
      </QueryState>
    </Page>
  );
}

function Group({ title, appointments }: { readonly title: string; readonly appointments: readonly Appointment[] }) {
  const { t } = useTranslation(['common', 'people']);
  const words = useWords();
  const { patientId } = usePatient();
  if (appointments.length === 0) return null;
  return (
    <section className="r-section">
      <h2 className="r-section__title">{title}</h2>
      <ul className="r-rows">
        {appointments.map((appointment) => (
          <li key={appointment.appointmentId}>
            <Link
              to={
                appointment.status === 'pending'
                  ? resumeBooking(appointment)
                  : `/appointments/${appointment.appointmentId}`
              }
              className="r-row"
              data-testid="appointment"
              data-status={appointment.status}
            >
              <span className="r-row__body">
                <span className="r-row__title">{words.dayTime(appointment.start)}</span>
                {appointment.patient.patientId === patientId ? null : (
                  <span>{t('people:home.forTitle', { name: appointment.patient.name })}</span>
                )}
                <span>{words.departmentAndSpecialist(appointment.specialist)}</span>
                {needsAnswer(appointment) ? (
                  <StatusWord tone="attention">{t('appointment.answerNeeded')}</StatusWord>
                ) : (
                  <StatusWord tone={APPOINTMENT_TONE[appointment.status]}>
                    {t(`appointment.status.${appointment.status}`)}
                  </StatusWord>
                )}
              </span>
              <ChevronRight className="ch-icon" aria-hidden />
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
