import { SignalClient } from '@cloud-hospital/call';
import { SignalProvider } from '@cloud-hospital/call/react';
import { refetchSoon, useApi } from '@cloud-hospital/ui/api';
import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useTerminalIdentity } from '../device/TerminalIdentity.tsx';
import { applyPlace } from './applyPlace.ts';

let signalOfPage: SignalClient | undefined;

/** One for the life of the page: its instance id names this window, and must not change when staff do. */
const theSignal = (): SignalClient => (signalOfPage ??= new SignalClient({ face: 'terminal' }));

/** The terminal's one socket while staff are signed in; what it says flows into the query cache. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const { query } = useApi();
  const queryClient = useQueryClient();
  const { restart } = useTerminalIdentity();
  const signal = theSignal();

  useEffect(() => {
    const refetch = (...keys: readonly QueryKey[]) => refetchSoon(queryClient, ...keys);
    const worklist = query.clinic.worklist.key();
    const offs = [
      signal.onReconnected(() => refetch([])),
      signal.on('worklist:changed', () => refetch(worklist)),
      signal.on('appointment:changed', () => refetch(worklist)),
      signal.on('queue-entry:changed', (place) => {
        const key = query.clinic.worklist.queryKey({ input: {} });
        const known = queryClient.getQueryData(key);
        if (known === undefined) return;
        const effect = applyPlace(known, place);
        if (effect.kind === 'moved') queryClient.setQueryData(key, effect.worklist);
        if (effect.kind === 'refetch') refetch(worklist);
      }),
      signal.on('encounter:changed', ({ encounterId }) =>
        refetch(worklist, query.encounters.get.key({ input: { encounterId } })),
      ),
      signal.on('report:changed', ({ reportId, encounterId }) =>
        refetch(
          worklist,
          query.reports.get.key({ input: { reportId } }),
          query.encounters.get.key({ input: { encounterId } }),
        ),
      ),
      signal.on('device:changed', () => refetch(query.terminals.self.key())),
      signal.on('session:ended', ({ reason }) => {
        refetch(query.session.key());
        if (reason === 'terminal-revoked') restart();
      }),
    ];
    signal.connect();
    return () => {
      for (const off of offs) off();
      signal.close();
    };
  }, [signal, query, queryClient, restart]);

  return <SignalProvider signal={signal}>{children}</SignalProvider>;
}
