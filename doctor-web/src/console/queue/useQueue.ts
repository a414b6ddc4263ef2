import { useNotification } from '@cloud-hospital/call/react';
import { refetchSoon, useApi } from '@cloud-hospital/ui/api';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';

/** Should news be lost, the queue is at most this old. Milliseconds. */
const REFRESH_MS = 30_000;

/** The specialist's queue, refetched when the server says that it changed. */
export function useQueue() {
  const { query } = useApi();
  const queryClient = useQueryClient();
  const queue = useQuery(query.queue.mine.queryOptions({ refetchInterval: REFRESH_MS }));
  const refetch = useCallback(() => {
    refetchSoon(queryClient, query.queue.mine.key());
  }, [query, queryClient]);
  useNotification('queue:changed', ({ queueId, version }) => {
    const known = queryClient.getQueryData(query.queue.mine.queryKey());
    // The pool's news come under its own number.
    if (known === undefined || known.queueId !== queueId || known.version < version) refetch();
  });
  useNotification('availability:changed', refetch);
  useNotification('worklist:changed', refetch);
  return queue;
}
