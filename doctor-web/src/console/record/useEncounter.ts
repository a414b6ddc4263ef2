import { useNotification } from '@cloud-hospital/call/react';
import type { EncounterId } from '@cloud-hospital/protocol';
import { refetchSoon, useApi } from '@cloud-hospital/ui/api';
import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';

/** The chart of one visit; refetched when the server says that it changed. Every read of it is audited. */
export function useEncounter(encounterId: EncounterId | null) {
  const { query } = useApi();
  return useQuery(
    query.encounters.get.queryOptions({ input: encounterId === null ? skipToken : { encounterId }, staleTime: 60_000 }),
  );
}

/** Keeps the charts on the page true. Used once, by the record column. */
export function useEncounterNews(): void {
  const { query } = useApi();
  const queryClient = useQueryClient();
  const refetch = (encounterId: EncounterId): void => {
    refetchSoon(queryClient, query.encounters.get.key({ input: { encounterId } }));
  };
  useNotification('encounter:changed', ({ encounterId, version }) => {
    const known = queryClient.getQueryData(query.encounters.get.queryKey({ input: { encounterId } }));
    if (known !== undefined && known.version < version) refetch(encounterId);
  });
  useNotification('report:changed', ({ encounterId }) => refetch(encounterId));
}
