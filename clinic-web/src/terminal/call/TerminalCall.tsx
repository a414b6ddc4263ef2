import type { EncounterId } from '@cloud-hospital/protocol';
import type { WorklistItem } from '@cloud-hospital/protocol/rest';
import type { CallPhase } from '@cloud-hospital/protocol/states';
import { type IncomingCall, useCall, useIncomingCall, useNotification } from '@cloud-hospital/call/react';
import { serverClock } from '@cloud-hospital/ui';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import { useWorklist } from '../work/useWorklist.ts';
import { CallScreen, coversPage } from './CallScreen.tsx';
import { chooseCall } from './chooseCall.ts';
import { type TerminalCall, TerminalCallContext } from './useTerminalCall.ts';

const ON: ReadonlySet<CallPhase> = new Set(['connecting', 'connected', 'reconnecting']);

/** Chooses whose call this terminal prepares, and keeps the one that is on until it is put away. */
export function TerminalCallProvider({ children }: { readonly children: ReactNode }) {
  const worklist = useWorklist();
  const items = useMemo(() => worklist.data?.items ?? [], [worklist.data]);
  const rung = useIncomingCall();
  const [kept, setKept] = useState<EncounterId | null>(null);
  const [putAway, setPutAway] = useState<EncounterId | null>(null);
  const [resting, setResting] = useState(false);

  const encounterId = chooseCall({ ringing: rung?.encounterId ?? null, kept, items });
  const item = items.find((one) => one.encounterId === encounterId);
  const missed = useMissedRing(rung === null && putAway !== encounterId ? item : undefined);
  const incoming = rung?.encounterId === encounterId ? rung : missed;
  const call = useCall({
    encounterId: resting ? null : encounterId,
    role: 'terminal',
    incoming,
    autoStart: true,
  });
  const { phase } = call.state;

  const isLive = ON.has(phase) || (phase === 'ringing' && incoming !== null);
  if (isLive && encounterId !== null && kept !== encounterId) setKept(encounterId);
  /** Lets go of the call and makes a new one for the same person. */
  const restart = useCallback(() => {
    flushSync(() => setResting(true));
    setResting(false);
  }, []);
  useNotification('call:ringing', (ringing) => {
    setPutAway(null);
    setKept(ringing.encounterId);
    // The same person is called again after a call that came to nothing.
    if (phase === 'ended') restart();
  });

  const terminalCall = useMemo<TerminalCall | null>(() => {
    if (encounterId === null) return null;
    const dismiss = () => {
      setKept(null);
      setPutAway(encounterId);
      restart();
    };
    return { encounterId, call, item, incoming, dismiss, restart };
  }, [encounterId, call, item, incoming, restart]);
  const covered = terminalCall !== null && coversPage(terminalCall, kept === encounterId);
  return (
    <TerminalCallContext value={terminalCall}>
      <div className="t-under" inert={covered}>
        {children}
      </div>
      {covered && terminalCall !== null ? <CallScreen terminalCall={terminalCall} /> : null}
    </TerminalCallContext>
  );
}

/** How long a ring whose end isn't known is shown; the server ends it earlier. Milliseconds. */
const RING_MS = 60_000;

/** The list says "called", but the ring itself was missed: the page was loaded anew, or the socket was away. */
function useMissedRing(item: WorklistItem | undefined): IncomingCall | null {
  const called = item?.status === 'called' && item.encounterId !== null && item.specialist !== null ? item : null;
  return useMemo(
    () =>
      called === null || called.encounterId === null || called.specialist === null
        ? null
        : {
            encounterId: called.encounterId,
            specialistName: called.specialist.name,
            specialistTitle: called.specialist.title,
            departmentName: called.specialist.departmentName,
            patientName: called.patient.name,
            ticketNumber: called.ticketNumber,
            autoAnswerSeconds: null,
            ringingUntil: new Date(serverClock.now() + RING_MS).toISOString(),
          },
    [called],
  );
}
