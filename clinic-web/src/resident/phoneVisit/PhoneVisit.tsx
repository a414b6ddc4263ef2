import '@cloud-hospital/call/call.css';
import '@cloud-hospital/call/exchange.css';
import '../../guest/guest.css';
import { StillSending } from '@cloud-hospital/call/exchange';
import { SignalProvider, useSignal, useSignalState } from '@cloud-hospital/call/react';
import { AppError, type EncounterId } from '@cloud-hospital/protocol';
import type { Appointment } from '@cloud-hospital/protocol/rest';
import type { CallEndReason } from '@cloud-hospital/protocol/states';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '../live/LiveProvider.tsx';
import { PhoneCall } from './PhoneCall.tsx';
import type { PhoneVisitProps } from './PhoneVisitProps.ts';
import './phoneVisit.css';

/** On the waiting page of a visit by phone: saying that one is ready, being rung, and the call over everything. */
export function PhoneVisit(props: PhoneVisitProps) {
  const { signal } = useLive();
  return signal === null ? null : (
    <SignalProvider signal={signal}>
      <Present {...props} />
    </SignalProvider>
  );
}

/** What came of the last call, as the page says it; null: says nothing of its own. */
type Note = 'dropped' | 'missed' | 'cancelled' | 'elsewhere' | 'failed';
const NOTE: { readonly [Reason in CallEndReason]?: Note | null } = {
  parked: 'dropped',
  'hung-up': 'dropped',
  cancelled: 'cancelled',
  'no-answer': 'missed',
  declined: 'missed',
  finished: null,
  'attached-elsewhere': 'elsewhere',
};
const noteOf = (reason: CallEndReason): Note | null => (NOTE[reason] === undefined ? 'failed' : NOTE[reason]);
/** After these the next call is prepared at once; after `missed` once one is ready again, after the others by a press. */
const GOES_ON: ReadonlySet<Note | null> = new Set<Note | null>(['dropped', 'cancelled']);
const ASKS: ReadonlySet<Note | null> = new Set<Note | null>(['elsewhere', 'failed']);

interface Run {
  readonly number: number;
  readonly ended: { readonly note: Note | null; readonly version: number } | null;
}

function Present({ place, appointment }: PhoneVisitProps) {
  const { t } = useTranslation('phoneVisit');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const [run, setRun] = useState<Run>({ number: 0, ended: null });
  usePresence(place.encounterId);
  const over = (reason: CallEndReason): void => {
    setRun(({ number }) => ({ number: number + 1, ended: { note: noteOf(reason), version: place.version } }));
    void queryClient.invalidateQueries({ queryKey: query.appointments.key() });
    void queryClient.invalidateQueries({ queryKey: query.queue.key() });
    // What is written until the next call is read then.
    void queryClient.invalidateQueries({ queryKey: query.exchange.key() });
  };
  const again = (): void => setRun(({ number }) => ({ number: number + 1, ended: null }));
  const { ended } = run;
  const note = ended?.note ?? null;
  // The place may still be the one from before the end: nobody is called by it.
  const isOld = ended !== null && place.version <= ended.version;
  return (
    <>
      {note === null || place.state !== 'waiting' ? null : (
        <div className="ch-note ch-note--attention" role="status" data-testid="phone-note" data-note={note}>
          <CircleAlert className="ch-note__icon" aria-hidden />
          <div className="ch-note__body">
            <p className="ch-note__title">{t(`note.${note}.title`)}</p>
            <p>{t(`note.${note}.body`)}</p>
          </div>
        </div>
      )}
      {ASKS.has(note) ? (
        <button type="button" className="r-primary" onClick={again} data-testid="phone-again">
          {t('again')}
        </button>
      ) : null}
      {ended === null || GOES_ON.has(note) ? (
        <PhoneCall
          key={run.number}
          place={isOld ? { ...place, state: 'waiting', position: null } : place}
          appointment={appointment}
          onOver={over}
        />
      ) : null}
      {place.state === 'waiting' ? <StillSending encounterId={place.encounterId} /> : null}
      {place.state === 'waiting' ? <Ready appointment={appointment} onReady={again} /> : null}
    </>
  );
}

/** Tells the hospital, after each connection, that this page waits for its call: it is rung from then on. */
function usePresence(encounterId: EncounterId): void {
  const signal = useSignal();
  const isConnected = useSignalState().name === 'connected';
  const [tries, setTries] = useState(0);
  useEffect(() => {
    if (!isConnected) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    signal.request('phone:here', { encounterId }).catch((error: unknown) => {
      if (gone || (error instanceof AppError && error.code === 'NOT_FOUND')) return;
      timer = setTimeout(() => setTries(tries + 1), RETRY_MS);
    });
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [signal, encounterId, isConnected, tries]);
  useEffect(
    () => () => {
      // Without a connection the hospital knows already.
      if (signal.state.name !== 'connected') return;
      signal.request('phone:here', { encounterId, here: false }).catch(() => undefined);
    },
    [signal, encounterId],
  );
}
const RETRY_MS = 2_000;

function Ready({ appointment, onReady }: { readonly appointment: Appointment; readonly onReady: () => void }) {
  const { t } = useTranslation(['phoneVisit', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const { appointmentId, phone } = appointment;
  const setReady = useMutation(
    query.appointments.setPhoneReady.mutationOptions({
      onSuccess: (_answer, { ready }) => {
        if (ready) onReady();
      },
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.appointments.key() }),
    }),
  );
  return (
    <section className="r-card p-card" data-testid="phone-ready" data-ready={phone.ready}>
      <p className="p-card__title" role="status">
        {phone.ready ? <CircleCheck className="ch-icon" aria-hidden /> : null}
        {t(phone.ready ? 'ready.done' : 'ready.title')}
      </p>
      <p>{t(phone.ready ? 'ready.doneHint' : 'ready.hint')}</p>
      {setReady.isError ? <ErrorNote error={setReady.error} /> : null}
      <button
        type="button"
        className={phone.ready ? 'r-secondary r-wide' : 'r-primary'}
        disabled={setReady.isPending}
        onClick={() => setReady.mutate({ appointmentId, ready: !phone.ready })}
        data-testid={phone.ready ? 'phone-not-ready' : 'phone-set-ready'}
      >
        {setReady.isPending ? t('common:state.sending') : t(phone.ready ? 'ready.undo' : 'ready.press')}
      </button>
    </section>
  );
}
