import { ErrorNote, useServerNow } from '@cloud-hospital/ui';
import { useApi, useSignOut } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { CalendarDays, CalendarPlus, FileText, Users } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { ScheduleChangeCard } from '../changes/ScheduleChangeCard.tsx';
import { Page } from '../layout/Page.tsx';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import { usePatient } from '../usePatient.ts';
import './home.css';
import { HomeRow } from './HomeRow.tsx';
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
            <HomeRow
              to="/book/department"
              testId="home-book"
              icon={CalendarPlus}
              title={t('home.book')}
              hint={t('home.bookHint')}
            />
          )}
          <HomeRow
            to="/reports"
            testId="home-reports"
            icon={FileText}
            title={t('home.reports')}
            hint={
              latestReport === undefined
                ? t('home.reportsHint')
                : t('home.reportsLatest', {
                    day: words.day(latestReport.signedAt),
                    department: words.pick(latestReport.departmentName),
                  })
            }
          />
          <HomeRow
            to="/family"
            testId="home-family"
            icon={Users}
            title={t('people:home.family')}
            hint={t('people:home.familyHint')}
          />
          <HomeRow
            to="/appointments"
            testId="home-appointments"
            icon={CalendarDays}
            title={t('home.appointments')}
            hint={t('home.appointmentsHint')}
          />
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
