import type { Face } from '@cloud-hospital/protocol';
import type { SocketNotificationData, SocketNotificationName } from '@cloud-hospital/protocol/socket';
import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useEffectEvent,
  useState,
  useSyncExternalStore,
} from 'react';
import { serverClock } from '@cloud-hospital/ui';
import { SignalClient } from '../signal/SignalClient.ts';
import type { SignalState } from '../signal/SignalState.ts';
import type { IncomingCall } from './types.ts';

const SignalContext = createContext<SignalClient | null>(null);

/** Makes the page's one SignalClient known. Who makes it, connects and closes it. */
export function SignalProvider({ signal, children }: { readonly signal: SignalClient; readonly children: ReactNode }) {
  return <SignalContext value={signal}>{children}</SignalContext>;
}

/** A socket of its own for what is inside, connected for as long as that stands on the screen. */
export function OwnSignal({ face, children }: { readonly face: Face; readonly children: ReactNode }) {
  const [signal] = useState(() => new SignalClient({ face }));
  useEffect(() => {
    signal.connect();
    return () => signal.close();
  }, [signal]);
  return <SignalProvider signal={signal}>{children}</SignalProvider>;
}

/** @throws Error outside a SignalProvider */
export function useSignal(): SignalClient {
  const signal = useContext(SignalContext);
  if (signal === null) throw new Error('SignalProvider is missing');
  return signal;
}

export function useSignalState(): SignalState {
  const signal = useSignal();
  const subscribe = useCallback((changed: () => void) => signal.onState(changed), [signal]);
  return useSyncExternalStore(subscribe, () => signal.state);
}

/** Hears one kind of notification while the component is mounted. The handler may be a new one each render. */
export function useNotification<Name extends SocketNotificationName>(
  name: Name,
  handler: (data: SocketNotificationData<Name>) => void,
): void {
  const signal = useSignal();
  const onNotification = useEffectEvent(handler);
  useEffect(() => signal.on(name, (data) => onNotification(data)), [signal, name]);
}

/** After each return of the socket: whoever shows data fetches it anew, since notifications were missed. */
export function useReconnected(handler: () => void): void {
  const signal = useSignal();
  const onReconnected = useEffectEvent(handler);
  useEffect(() => signal.onReconnected(() => onReconnected()), [signal]);
}

/** The end of a ring is said by the server; a ring whose end was missed is put away this much later, milliseconds. */
const RING_OVERTIME_MS = 5_000;

/**
 * The newest call that rang here: until it ends, another screen of the clinic answers it, or it can't ring any more.
 * Keep its `encounterId` for as long as the call lasts; show a RingingScreen only while the phase is `ringing`.
 */
export function useIncomingCall(): IncomingCall | null {
  const [incoming, setIncoming] = useState<IncomingCall | null>(null);
  useEffect(() => {
    if (incoming === null) return undefined;
    const left = Date.parse(incoming.ringingUntil) - serverClock.now() + RING_OVERTIME_MS;
    const timer = setTimeout(() => setIncoming(null), Math.max(left, RING_OVERTIME_MS));
    return () => clearTimeout(timer);
  }, [incoming]);
  const drop = ({ encounterId }: { encounterId: string }): void =>
    setIncoming((current) => (current?.encounterId === encounterId ? null : current));
  useNotification('call:ringing', setIncoming);
  useNotification('call:answered', drop);
  useNotification('call:ended', drop);
  return incoming;
}
