import { useNotification } from '@cloud-hospital/call/react';
import type { EncounterId } from '@cloud-hospital/protocol';
import type { IncomingInvitation } from '@cloud-hospital/protocol/rest';
import { refetchSoon, useApi } from '@cloud-hospital/ui/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';

/** Should news be lost, what rings is at most this old. Milliseconds. */
const REFRESH_MS = 15_000;

/** Who could still come into this call. */
export function usePeople(encounterId: EncounterId) {
  const { query } = useApi();
  const queryClient = useQueryClient();
  useNotification('people:changed', (changed) => {
    if (changed.encounterId === encounterId) refetchSoon(queryClient, query.callPeople.get.key());
  });
  return useQuery(query.callPeople.get.queryOptions({ input: { encounterId } }));
}

export interface OwnInvitations {
  /** Ring here now; the newest last. */
  readonly ringing: readonly IncomingInvitation[];
  /** The call one was asked into and is in. */
  readonly accepted: IncomingInvitation | null;
}

/** What one is asked into oneself. */
export function useOwnInvitations(): OwnInvitations {
  const { query } = useApi();
  const queryClient = useQueryClient();
  const incoming = useQuery(query.callPeople.incoming.queryOptions({ refetchInterval: REFRESH_MS }));
  useNotification('people:changed', () => refetchSoon(queryClient, query.callPeople.incoming.key()));
  const all = incoming.data?.invitations ?? [];
  return {
    ringing: all.filter(({ state }) => state === 'ringing'),
    accepted: all.find(({ state }) => state === 'accepted') ?? null,
  };
}
