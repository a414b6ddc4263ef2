import type { AppError } from '@cloud-hospital/protocol';
import type { Session, SessionState } from '@cloud-hospital/protocol/rest';
import { hashKey, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext } from 'react';
import type { Api } from './createApi.ts';

const ApiContext = createContext<Api | null>(null);

export const ApiProvider = ({ api, children }: { api: Api; children: ReactNode }) => (
  <ApiContext value={api}>{children}</ApiContext>
);

export function useApi(): Api {
  const api = useContext(ApiContext);
  if (api === null) throw new TypeError('useApi outside of <ApiProvider>');
  return api;
}

type SignedState = { readonly device: SessionState['device']; readonly demo: boolean };
export type UseSession =
  | { readonly status: 'loading' }
  | { readonly status: 'error'; readonly error: AppError; readonly retry: () => void }
  | ({ readonly status: 'signed-out' } & SignedState)
  | ({ readonly status: 'signed-in'; readonly session: Session } & SignedState);

/** Several components ask; one that appears because the answer failed must not ask again and hide the failure. */
export const sessionQuery = ({ query }: Api) =>
  query.session.read.queryOptions({ staleTime: 60_000, retryOnMount: false });

/** Who is signed in on this face. One request for the whole app; refreshed when the page is looked at again. */
export function useSession(): UseSession {
  const state = useQuery(sessionQuery(useApi()));
  if (state.data !== undefined) {
    const { session, device, demo } = state.data;
    return session === null ? { status: 'signed-out', device, demo } : { status: 'signed-in', session, device, demo };
  }
  if (state.isError) return { status: 'error', error: state.error, retry: () => void state.refetch() };
  return { status: 'loading' };
}

/** For a sign-in that succeeded: shows the new session at once, forgets what the previous person's pages held. */
export function useSessionStarted(): (session: Session) => void {
  const { query } = useApi();
  const queryClient = useQueryClient();
  return useCallback(
    (session) => {
      const key = query.session.read.queryKey();
      const own = hashKey(key);
      queryClient.removeQueries({ predicate: ({ queryHash }) => queryHash !== own });
      queryClient.setQueryData(key, (previous) =>
        previous === undefined
          ? { session, device: null, demo: session.demo, now: new Date().toISOString() }
          : { ...previous, session },
      );
      // The device of this browser isn't in the answer.
      return void queryClient.invalidateQueries({ queryKey: key });
    },
    [query, queryClient],
  );
}

/** Ends the session on the server, then drops everything this browser has cached of it. */
export function useSignOut() {
  const { query } = useApi();
  const queryClient = useQueryClient();
  return useMutation(
    query.session.signOut.mutationOptions({
      onSuccess: async () => {
        const key = query.session.read.queryKey();
        queryClient.setQueryData(key, (previous) =>
          previous === undefined ? previous : { ...previous, session: null },
        );
        await queryClient.invalidateQueries({ queryKey: key });
        queryClient.removeQueries({ type: 'inactive' });
      },
    }),
  );
}
