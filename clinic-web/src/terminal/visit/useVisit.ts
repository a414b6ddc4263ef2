import type { EncounterId } from '@cloud-hospital/protocol';
import type { Encounter } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';

/** The chart of one visit. Each look is audited: it is fetched when opened and when something changed, never polled. */
export function useVisit(encounterId: EncounterId) {
  const { query } = useApi();
  return useQuery(query.encounters.get.queryOptions({ input: { encounterId }, staleTime: 60_000 }));
}

/** After a write that answers with the whole visit: shows it at once, and the list follows. */
export function useShowVisit(): (visit: Encounter) => void {
  const { query } = useApi();
  const queryClient = useQueryClient();
  return (visit) => {
    const { encounterId } = visit;
    queryClient.setQueryData(query.encounters.get.queryKey({ input: { encounterId } }), visit);
    queryClient.invalidateQueries({ queryKey: query.clinic.worklist.key() }).catch(reportError);
  };
}

/** After a write that answers with a part: the visit and the list are fetched anew before going on. */
export function useRefetchVisit(): (encounterId: EncounterId) => Promise<unknown> {
  const { query } = useApi();
  const queryClient = useQueryClient();
  return (encounterId) =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: query.encounters.get.key({ input: { encounterId } }) }),
      queryClient.invalidateQueries({ queryKey: query.clinic.worklist.key() }),
    ]);
}

export function useSetReady() {
  const { query } = useApi();
  return useMutation(query.clinic.setReady.mutationOptions({ onSuccess: useShowVisit() }));
}

export function useCheckIn() {
  const { query } = useApi();
  return useMutation(query.clinic.checkIn.mutationOptions({ onSuccess: useShowVisit() }));
}
