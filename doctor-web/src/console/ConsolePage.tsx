import type { EncounterId } from '@cloud-hospital/protocol';
import type { QueueEntryView } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { usePick } from '@cloud-hospital/ui/i18n';
import { Spin } from 'antd';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { TopBar } from '../layout/TopBar.tsx';
import { useSignedIn } from '../layout/useSignedIn.ts';
import { AvailabilitySwitch } from './AvailabilitySwitch.tsx';
import { ColleagueStage } from './people/ColleagueStage.tsx';
import { IncomingInvitations } from './people/IncomingInvitations.tsx';
import './people/people.css';
import { useOwnInvitations } from './people/usePeople.ts';
import { QueueColumn } from './queue/QueueColumn.tsx';
import { useCallNext } from './queue/useCallNext.ts';
import { useQueue } from './queue/useQueue.ts';
import { useWaitingAlert } from './queue/useWaitingAlert.ts';
import { RecordColumn } from './record/RecordColumn.tsx';
import { BesideProvider } from './stills/Beside.tsx';
import { BesidePane } from './stills/BesidePane.tsx';
import { StageColumn } from './stage/StageColumn.tsx';
import { useShortcut } from './useShortcut.ts';

const isInHand = (entry: QueueEntryView): boolean => entry.state === 'called' || entry.state === 'serving';

/**
 * Three columns that never change page: who waits, the call, the record. What the right column shows is the person in
 * the call, or whoever was picked on the left to be read about.
 */
export function ConsolePage() {
  const { t } = useTranslation('console');
  const session = useSignedIn();
  const queue = useQueue();
  const callNext = useCallNext();
  const { mutate: press } = callNext;
  const [picked, setPicked] = useState<EncounterId | null>(null);
  /** After the call the record stays open until something else is picked or called. */
  const [last, setLast] = useState<EncounterId | null>(null);

  const current = queue.data?.entries.find(isInHand) ?? null;
  const parked = queue.data?.entries.find(({ orderReason }) => orderReason === 'returned-after-drop') ?? null;
  if (current !== null && current.encounterId !== last) {
    setLast(current.encounterId);
    setPicked(null);
  }
  const { ringing, accepted } = useOwnInvitations();
  // One's own consultation goes before: nobody is in both.
  const colleague = current === null ? accepted : null;
  const shown = picked ?? current?.encounterId ?? colleague?.encounterId ?? last;
  const canCall = current === null && colleague === null && !callNext.isPending && queue.data !== undefined;
  const pick = usePick();
  const alert = useWaitingAlert(queue.data, current === null && colleague === null, (entry) =>
    t('alert.newWaiting', { patient: entry.ticketNumber, clinic: pick(entry.clinic.name) }),
  );

  useShortcut(
    'Space',
    useCallback(() => {
      if (canCall) press({});
    }, [canCall, press]),
  );

  return (
    <div className="c-shell">
      <TopBar session={session} title={t('title.doctor')}>
        {queue.data === undefined ? null : <AvailabilitySwitch queue={queue.data} />}
        {/* Beside the console, which goes on ringing and keeps its call. */}
        <a className="c-nav__link" href="/doctor/schedule" target="_blank" rel="noreferrer">
          {t('title.schedule')}
        </a>
      </TopBar>
      <IncomingInvitations ringing={ringing} inOwnCall={current !== null} accepted={accepted} />
      {queue.data === undefined ? (
        <main className="c-centre">
          {queue.error === null ? (
            <Spin size="large" />
          ) : (
            <ErrorNote error={queue.error} onRetry={() => void queue.refetch()} />
          )}
        </main>
      ) : (
        <main className="c-columns">
          <QueueColumn
            queue={queue.data}
            shownEncounterId={shown}
            onPick={setPicked}
            canCall={canCall}
            callNext={callNext}
            alert={alert}
          />
          <BesideProvider readOnly={colleague !== null}>
            <div className="c-middle">
              {colleague === null ? (
                <StageColumn current={current} parked={parked} callNext={callNext} />
              ) : (
                <ColleagueStage key={colleague.invitationId} invitation={colleague} />
              )}
              <BesidePane />
            </div>
            <RecordColumn encounterId={shown} readOnly={shown === colleague?.encounterId} />
          </BesideProvider>
        </main>
      )}
    </div>
  );
}
