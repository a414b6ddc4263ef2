import '@cloud-hospital/call/call.css';
import '../../guest/guest.css';
import { SignalProvider, useSignal, useSignalState } from '@cloud-hospital/call/react';
import { AppError, type EncounterId } from '@cloud-hospital/protocol';
import type { Appointment, QueuePlace } from '@cloud-hospital/protocol/rest';
import type { CallEndReason } from '@cloud-hospital/protocol/states';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLive } from '../live/LiveProvider.tsx';
import { PhoneCall } from './PhoneCall.tsx';
import './phoneVisit.css';

export interface PhoneVisitProps {
  readonly place: QueuePlace;
  readonly appointment: Appointment;
}

/** On the waiting page of a visit by phone: saying that one is ready, being rung, and the call over everything. */
export function PhoneVisit(props: PhoneVisitProps) {
  const { signal } = useLive();
  return signal === null ? null : (
    <SignalProvider signal={signal}>
      <Present {...props} />
    </SignalProvider>
  );
}

/** After these the call is joined anew by itself; after any other somebody presses. */
const GOES_ON: ReadonlySet<CallEndReason> = new Set([
  'parked',
  'hung-up',
  'cancelled',
  'no-answer',
  'declined',
  'finished',
]);
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

function Present({ place, appointment }: PhoneVisitProps) {
  const { t } = useTranslation('phoneVisit');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const [run, setRun] = useState({ number: 0, ended: null as CallEndReason | null });
  usePresence(place.encounterId);
  const over = (reason: CallEndReason): void => {
    setRun(({ number }) => ({ number: GOES_ON.has(reason) ? number + 1 : number, ended: reason }));
    void queryClient.invalidateQueries({ queryKey: query.appointments.key() });
    void queryClient.invalidateQueries({ queryKey: query.queue.key() });
  };
  const { ended } = run;
  const rests = ended !== null && !GOES_ON.has(ended);
  const note = ended === null || place.state !== 'waiting' ? null : NOTE[ended] === undefined ? 'failed' : NOTE[ended];
  return (
    <>
      {note === null ? null : (
        <div className="ch-note ch-note--attention" role="status" data-testid="phone-note" data-note={note}>
          <CircleAlert className="ch-note__icon" aria-hidden />
          <div className="ch-note__body">
            <p className="ch-note__title">{t(`note.${note}.title`)}</p>
            <p>{t(`note.${note}.body`)}</p>
          </div>
        </div>
      )}
      {rests ? (
        <button
          type="button"
          className="r-primary"
          onClick={() => setRun(({ number }) => ({ number: number + 1, ended: null }))}
          data-testid="phone-again"
        >
          {t('again')}
        </button>
      ) : (
        <PhoneCall key={run.number} place={place} appointment={appointment} onOver={over} />
      )}
      {place.state === 'waiting' ? (
        <Ready appointment={appointment} onReady={() => setRun({ ...run, ended: null })} />
      ) : null}
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
