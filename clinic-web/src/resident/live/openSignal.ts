import { SignalClient } from '@cloud-hospital/call';
import { type Api, refetchSoon } from '@cloud-hospital/ui/api';
import { type ConnectionState, serverClock } from '@cloud-hospital/ui';
import type { QueryClient, QueryKey } from '@tanstack/react-query';

interface SignalOptions {
  readonly api: Api;
  readonly queryClient: QueryClient;
  readonly onState: (state: ConnectionState) => void;
  /** The hospital said something, at this server time. */
  readonly onHeard: (at: number) => void;
}

/** Opens the resident's one socket and lets what it says flow into the query cache. */
export function openSignal({ api: { query }, queryClient, onState, onHeard }: SignalOptions): {
  readonly signal: SignalClient;
  readonly close: () => void;
} {
  const signal = new SignalClient({ face: 'resident' });
  const heard = () => onHeard(serverClock.now());
  const refetch = (...keys: readonly QueryKey[]) => {
    heard();
    refetchSoon(queryClient, ...keys);
  };
  const appointments = query.appointments.key();
  const waitlist = query.waitlist.key();
  const offs = [
    signal.onState(({ name }) => {
      onState(name);
      if (name === 'connected') heard();
    }),
    signal.onReconnected(() => refetch([])),
    signal.on('queue-entry:changed', (place) => {
      heard();
      const key = query.queue.place.queryKey({ input: { queueEntryId: place.queueEntryId } });
      queryClient.setQueryData(key, (known) =>
        known === undefined || known.version > place.version ? known : { ...known, ...place },
      );
    }),
    signal.on('appointment:changed', () => refetch(appointments, waitlist, query.scheduleChanges.key())),
    signal.on('waitlist:changed', () => refetch(waitlist)),
    signal.on('encounter:changed', () => refetch(appointments, query.queue.key())),
    signal.on('report:changed', () => refetch(appointments, query.reports.key())),
    // Who may be seen changed: everything shown may be somebody's who is gone.
    signal.on('related-persons:changed', () => refetch([])),
    signal.on('session:ended', () => refetch(query.session.key())),
  ];
  signal.connect();
  const close = (): void => {
    for (const off of offs) off();
    signal.close();
  };
  return { signal, close };
}
