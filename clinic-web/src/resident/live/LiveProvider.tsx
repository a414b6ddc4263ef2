import type { SignalClient } from '@cloud-hospital/call';
import type { ConnectionState } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';

interface Live {
  readonly state: ConnectionState;
  /** Server time in milliseconds at which the socket last said something; null before. */
  readonly heardAt: number | null;
  /** The page's one socket; null until its code is there. */
  readonly signal: SignalClient | null;
}

const LiveContext = createContext<Live>({ state: 'idle', heardAt: null, signal: null });
export const useLive = (): Live => useContext(LiveContext);

/** Keeps what a signed-in resident sees up to date. The socket's code is loaded after the page, never before it. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const api = useApi();
  const queryClient = useQueryClient();
  const [state, setState] = useState<ConnectionState>('idle');
  const [heardAt, setHeardAt] = useState<number | null>(null);
  const [signal, setSignal] = useState<SignalClient | null>(null);
  useEffect(() => {
    let unmounted = false;
    let close: (() => void) | undefined;
    import('./openSignal.ts').then(
      ({ openSignal }) => {
        if (unmounted) return;
        const opened = openSignal({ api, queryClient, onState: setState, onHeard: setHeardAt });
        close = opened.close;
        setSignal(opened.signal);
      },
      (error: unknown) => {
        // Without the socket the pages still refetch by themselves; say that they are not live.
        setState('lost');
        reportError(error);
      },
    );
    return () => {
      unmounted = true;
      close?.();
    };
  }, [api, queryClient]);
  const live = useMemo(() => ({ state, heardAt, signal }), [state, heardAt, signal]);
  return <LiveContext value={live}>{children}</LiveContext>;
}
