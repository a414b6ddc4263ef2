import type { QueueEntryId } from '@cloud-hospital/protocol';
import type { Appointment } from '@cloud-hospital/protocol/rest';
import { formatCountdown, useServerNow } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ExpectedToday } from '../appointments/ExpectedToday.tsx';
import { resumeBooking } from '../booking/answers.ts';
import { useWords } from '../layout/words.ts';
import { usePatient } from '../usePatient.ts';
import { headlineOf } from '../waiting/headline.ts';
import type { NextThing } from './nextThing.ts';

export function NextThingCard({ next }: { readonly next: NextThing }) {
  switch (next.kind) {
    case 'nothing':
      return <NothingCard />;
    case 'hold':
      return <HoldCard appointment={next.appointment} />;
    case 'booked':
      return <BookedCard appointment={next.appointment} />;
    case 'visit':
      return <VisitCard appointment={next.appointment} />;
  }
}

function NothingCard() {
  const { t } = useTranslation('resident');
  return (
    <section className="r-next" aria-label={t('home.next')} data-testid="next-nothing">
      <p className="r-next__line">{t('home.nothing')}</p>
      <p className="r-muted">{t('home.nothingHint')}</p>
      <Link to="/book/department" className="r-primary" data-testid="home-book">
        {t('home.book')}
      </Link>
    </section>
  );
}

/** `心内科 王建国 主任医师` and where. */
function WhoAndWhere({ appointment }: { readonly appointment: Appointment }) {
  const { t } = useTranslation('people');
  const words = useWords();
  const { patientId } = usePatient();
  const { specialist, clinic, patient } = appointment;
  return (
    <div className="r-next__who r-keep">
      {patient.patientId === patientId ? null : (
        <p className="r-next__line" data-testid="next-for">
          {t('home.forTitle', { name: patient.name })}
        </p>
      )}
      <p className="r-next__line">{words.departmentAndSpecialist(specialist)}</p>
      {clinic === null ? null : <p className="r-muted">{words.place(appointment)}</p>}
    </div>
  );
}

function HoldCard({ appointment }: { readonly appointment: Appointment }) {
  const { t } = useTranslation('resident');
  const words = useWords();
  const now = useServerNow();
  const left = appointment.holdExpiresAt === null ? 0 : Date.parse(appointment.holdExpiresAt) - now;
  return (
    <section className="r-next r-next--attention" aria-label={t('home.next')} data-testid="next-hold">
      <p className="r-next__label">{t('home.holdLabel', { left: formatCountdown(left) })}</p>
      <p className="r-next__time r-keep">{words.dayTime(appointment.start)}</p>
      <WhoAndWhere appointment={appointment} />
      <Link to={resumeBooking(appointment)} className="r-primary">
        {t('home.holdContinue')}
      </Link>
    </section>
  );
}

function BookedCard({ appointment }: { readonly appointment: Appointment }) {
  const { t } = useTranslation('resident');
  const words = useWords();
  return (
    <section className="r-next" aria-label={t('home.next')} data-testid="next-booked">
      <p className="r-next__label">{t('home.bookedLabel')}</p>
      <p className="r-next__time r-keep">{words.dayTime(appointment.start)}</p>
      <WhoAndWhere appointment={appointment} />
      <ExpectedToday appointment={appointment} />
      <Link to={`/appointments/${appointment.appointmentId}`} className="r-primary">
        {t('home.showTicket')}
      </Link>
    </section>
  );
}

function VisitCard({ appointment }: { readonly appointment: Appointment }) {
  const { queueEntryId } = appointment;
  return queueEntryId === null ? (
    <BookedCard appointment={appointment} />
  ) : (
    <PlaceCard appointment={appointment} queueEntryId={queueEntryId} />
  );
}

function PlaceCard({ appointment, queueEntryId }: { appointment: Appointment; queueEntryId: QueueEntryId }) {
  const { t } = useTranslation(['resident', 'common']);
  const { query } = useApi();
  const words = useWords();
  const { data: place } = useQuery(
    query.queue.place.queryOptions({ input: { queueEntryId }, refetchInterval: 20_000 }),
  );
  const called = place?.state === 'called';
  const headline = place === undefined ? undefined : headlineOf(place);
  return (
    <section
      className={called ? 'r-next r-next--called' : 'r-next'}
      aria-label={t('home.next')}
      data-testid="next-visit"
      data-state={place?.state}
    >
      <p className="r-next__label">{t('home.visitLabel', { ticket: appointment.ticketNumber ?? '' })}</p>
      <p className="r-next__time r-keep">
        {place === undefined
          ? t('common:appointment.status.checked-in')
          : place.state !== 'waiting'
            ? t(`common:queue.state.${place.state}`)
            : headline === 'ahead'
              ? t('common:queue.ahead', { count: place.ahead })
              : t(headline === 'next' ? 'common:queue.next' : 'waiting.first')}
      </p>
      {place?.state === 'waiting' ? (
        <p className="r-next__line">
          {place.expected === null
            ? t('common:queue.noEstimate')
            : t('common:queue.expected', { from: words.time(place.expected.from), to: words.time(place.expected.to) })}
        </p>
      ) : null}
      <WhoAndWhere appointment={appointment} />
      <Link to={`/waiting/${queueEntryId}`} className="r-primary" data-testid="open-waiting">
        {t('home.openWaiting')}
      </Link>
    </section>
  );
}
