import type { WorklistItem } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';

/** Without the socket the list must not stand still: seconds between looks then, and in any case. */
const REFETCH_MS = 30_000;

/** Today's people of this clinic. Kept up to date by notifications. */
export function useWorklist() {
  const { query } = useApi();
  return useQuery(query.clinic.worklist.queryOptions({ input: {}, refetchInterval: REFETCH_MS }));
}

export function useWorklistItem(find: (item: WorklistItem) => boolean): WorklistItem | undefined {
  return useWorklist().data?.items.find(find);
}
