import { ErrorNote, useServerNow } from '@cloud-hospital/ui';
import { useApi, useSignOut } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { CalendarDays, CalendarPlus, ChevronRight, FileText, Users } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ScheduleChangeCard } from '../changes/ScheduleChangeCard.tsx';
import { Page } from '../layout/Page.tsx';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import { usePatient } from '../usePatient.ts';
import './home.css';
import { NextThingCard } from './NextThingCard.tsx';
import { needsAnswer, nextThing } from './nextThing.ts';

// Few people wait for a time: the others don't load it.
const WaitlistCards = lazy(async () => ({
  default: (await import('../waitlist/WaitlistCards.tsx')).WaitlistCards,
}));

/** Hour in the district, for the greeting. */
const greetingOf = (hour: number) => (hour < 5 ? 'night' : hour < 11 ? 'morning' : hour < 18 ? 'afternoon' : 'evening');

export function HomePage() {
  const { t } = useTranslation(['resident', 'common', 'people']);
  const { query } = useApi();
  const words = useWords();
  const { displayName } = usePatient();
  const now = useServerNow(30_000);
  const appointments = useQuery(query.appointments.list.queryOptions({ refetchInterval: 60_000 }));
  const reports = useQuery(query.reports.list.queryOptions());
  const waitlist = useQuery(query.waitlist.list.queryOptions({ refetchInterval: 60_000 }));
  const waiting = waitlist.data?.entries ?? [];
  const signOut = useSignOut();
  const latestReport = reports.data?.reports.toSorted((a, b) => Date.parse(b.signedAt) - Date.parse(a.signedAt))[0];
  const found = appointments.data === undefined ? undefined : nextThing(appointments.data.appointments, now);
  // A time that is offered now is the one next thing.
  const next = found?.kind === 'nothing' && waiting.some(({ offer }) => offer !== null) ? undefined : found;
  const asks = appointments.data?.appointments.some(needsAnswer) ?? false;
  const hour = Number(words.time(new Date(now).toISOString()).slice(0, 2));

  return (
    <Page title={t(`home.greeting.${greetingOf(hour)}`, { name: displayName })}>
      {waiting.length === 0 ? null : (
        <Suspense fallback={null}>
          <WaitlistCards entries={waiting} />
        </Suspense>
      )}
      <QueryState query={appointments}>
        {(data) => (
          <>
            {data.appointments.filter(needsAnswer).map((appointment) => (
              <ScheduleChangeCard key={appointment.appointmentId} appointment={appointment} />
            ))}
            {next === undefined || (next.kind === 'nothing' && asks) ? null : <NextThingCard next={next} />}
          </>
        )}
      </QueryState>
      <nav aria-label={t('home.nav')}>
        <ul className="r-rows">
          {next?.kind === 'nothing' && !asks ? null : (
            <li>
              <Link to="/book/department" className="r-row" data-testid="home-book">
                <CalendarPlus className="ch-icon r-row__lead-icon" aria-hidden />
                <span className="r-row__body">
                  <span className="r-row__title">{t('home.book')}</span>
                  <span className="r-muted r-small">{t('home.bookHint')}</span>
                </span>
                <ChevronRight className="ch-icon" aria-hidden />
              </Link>
            </li>
          )}
          <li>
            <Link to="/reports" className="r-row" data-testid="home-reports">
              <FileText className="ch-icon r-row__lead-icon" aria-hidden />
              <span className="r-row__body">
                <span className="r-row__title">{t('home.reports')}</span>
                <span className="r-muted r-small">
                  {latestReport === undefined
                    ? t('home.reportsHint')
                    : t('home.reportsLatest', {
                        day: words.day(latestReport.signedAt),
                        department: words.pick(latestReport.departmentName),
                      })}
                </span>
              </span>
              <ChevronRight className="ch-icon" aria-hidden />
            </Link>
          </li>
          <li>
            <Link to="/family" className="r-row" data-testid="home-family">
              <Users className="ch-icon r-row__lead-icon" aria-hidden />
              <span className="r-row__body">
                <span className="r-row__title">{t('people:home.family')}</span>
                <span className="r-muted r-small">{t('people:home.familyHint')}</span>
              </span>
              <ChevronRight className="ch-icon" aria-hidden />
            </Link>
          </li>
          <li>
            <Link to="/appointments" className="r-row" data-testid="home-appointments">
              <CalendarDays className="ch-icon r-row__lead-icon" aria-hidden />
              <span className="r-row__body">
                <span className="r-row__title">{t('home.appointments')}</span>
                <span className="r-muted r-small">{t('home.appointmentsHint')}</span>
              </span>
              <ChevronRight className="ch-icon" aria-hidden />
            </Link>
          </li>
        </ul>
      </nav>
      <p className="r-muted r-small">{t('home.emergency')}</p>
      {signOut.isError ? <ErrorNote error={signOut.error} /> : null}
      <div className="r-foot">
        <button
          type="button"
          className="r-plain r-plain--flush"
          disabled={signOut.isPending}
          onClick={() => signOut.mutate({})}
          data-testid="sign-out"
        >
          {t('common:action.signOut')}
        </button>
      </div>
    </Page>
  );
}
