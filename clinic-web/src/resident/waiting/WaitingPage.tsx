import { assertUnreachable, QueueEntryId } from '@cloud-hospital/protocol';
import type { Appointment, QueuePlace } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { DeviceCheckLink } from '../deviceCheck/DeviceCheckLink.tsx';
import { Page } from '../layout/Page.tsx';
import { QueryState } from '../layout/QueryState.tsx';
import { useWords } from '../layout/words.ts';
import { useLive } from '../live/LiveProvider.tsx';
import { NotFoundPage } from '../NotFoundPage.tsx';
import { CalledPanel } from './CalledPanel.tsx';
import { LastHeard } from './LastHeard.tsx';
import { LateStart } from './LateStart.tsx';
import { PlacePanel } from './PlacePanel.tsx';
import { useCallSignal } from './useCallSignal.ts';
import './waiting.css';

/** How often the place is asked for although changes are pushed: a push may get lost, an answer may not. */
const ASK_EVERY_MS = 15_000;

/** The call's code comes only for those who take it here. */
const PhoneVisit = lazy(async () => ({ default: (await import('../phoneVisit/PhoneVisit.tsx')).PhoneVisit }));
const ACTIVE: ReadonlySet<QueuePlace['state']> = new Set(['waiting', 'called', 'serving']);

export function WaitingPage() {
  const queueEntryId = QueueEntryId.safeParse(useParams()['queueEntryId']);
  return queueEntryId.success ? <Waiting queueEntryId={queueEntryId.data} /> : <NotFoundPage />;
}

function Waiting({ queueEntryId }: { readonly queueEntryId: QueueEntryId }) {
  const { t } = useTranslation('resident');
  const { query } = useApi();
  const live = useLive();
  const place = useQuery(
    query.queue.place.queryOptions({
      input: { queueEntryId },
      staleTime: 0,
      refetchInterval: ASK_EVERY_MS,
      // A locked phone comes back with an old place: ask before it is read.
      refetchOnWindowFocus: 'always',
      refetchOnReconnect: 'always',
    }),
  );
  const appointments = useQuery(query.appointments.list.queryOptions());
  const appointment = appointments.data?.appointments.find((candidate) => candidate.queueEntryId === queueEntryId);
  const byPhone = appointment?.phone.chosen === true;
  // The phone that is called itself rings until it is answered.
  useCallSignal(byPhone ? undefined : place.data?.state);
  return (
    <Page title={t('waiting.title')} back="/" connection={live.state}>
      <QueryState query={place}>
        {(data) => (
          <>
            {byPhone && ACTIVE.has(data.state) ? (
              <Suspense>
                <PhoneVisit place={data} appointment={appointment} />
              </Suspense>
            ) : null}
            <Panel place={data} appointment={appointment} />
            <LastHeard answeredAt={place.dataUpdatedAt} />
          </>
        )}
      </QueryState>
    </Page>
  );
}

interface PanelProps {
  readonly place: QueuePlace;
  readonly appointment: Appointment | undefined;
}

function Panel({ place, appointment }: PanelProps) {
  switch (place.state) {
    case 'waiting':
      return (
        <>
          <LateStart place={place} appointment={appointment} />
          <PlacePanel place={place} />
          <WhatHappensNext place={place} appointment={appointment} />
          {appointment === undefined ? null : <DeviceCheckLink appointment={appointment} />}
        </>
      );
    case 'called':
    case 'serving':
      return appointment?.phone.chosen === true ? (
        <CalledAtPhone state={place.state} />
      ) : (
        <CalledPanel place={place} appointment={appointment} />
      );
    case 'done':
    case 'left':
      return <Over place={place} appointment={appointment} />;
    default:
      return assertUnreachable(place.state);
  }
}

/** What lies under the ring and the call. */
function CalledAtPhone({ state }: { readonly state: 'called' | 'serving' }) {
  const { t } = useTranslation('phoneVisit');
  return (
    <section className="w-panel w-panel--called" data-testid="waiting-panel" data-state={state}>
      <p className="w-panel__big">{t(state === 'called' ? 'calledNow' : 'servingNow')}</p>
    </section>
  );
}

function WhatHappensNext({ place, appointment }: PanelProps) {
  const { t } = useTranslation(['resident', 'phoneVisit']);
  const words = useWords();
  const clinic = appointment?.clinic;
  const named = {
    specialist: place.specialistName ?? '',
    department: words.pick(place.departmentName),
    clinic: clinic ? words.pick(clinic.name) : t('waiting.clinic'),
  };
  return (
    <section className="r-section">
      <h2 className="r-section__title">{t('waiting.next')}</h2>
      {appointment?.phone.chosen === true ? (
        <ol className="w-steps">
          <li>{t('phoneVisit:steps.stay')}</li>
          <li>{t('phoneVisit:steps.called')}</li>
          <li>{t('phoneVisit:steps.call')}</li>
        </ol>
      ) : (
        <>
          <ol className="w-steps">
            <li>{t('waiting.next-stay', named)}</li>
            <li>{t('waiting.next-called', named)}</li>
            <li>{t(place.specialistName === null ? 'waiting.next-callPool' : 'waiting.next-call', named)}</li>
          </ol>
          <p className="r-muted r-small">{t('waiting.lock')}</p>
        </>
      )}
    </section>
  );
}

function Over({ place, appointment }: PanelProps) {
  const { t } = useTranslation('resident');
  const done = place.state === 'done';
  return (
    <>
      <section className="w-panel" data-testid="waiting-over" data-state={place.state}>
        <p className="w-panel__big">{t(done ? 'waiting.done' : 'waiting.left')}</p>
        <p>{t(done ? 'waiting.doneHint' : 'waiting.leftHint')}</p>
      </section>
      {!done ? (
        <Link to="/book/department" className="r-primary">
          {t('appointments.bookAgain')}
        </Link>
      ) : (
        <Link
          to={appointment?.reportId ? `/reports/${appointment.reportId}` : '/reports'}
          className="r-primary"
          data-testid="open-report"
        >
          {t('appointments.openReport')}
        </Link>
      )}
    </>
  );
}
