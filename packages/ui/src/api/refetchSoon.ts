import { hashKey, type QueryClient, type QueryKey } from '@tanstack/react-query';

/**
 * One change is told as several notifications shortly after each other (the visit, the worklist, the queue, the answer
 * of a call). Lists can wait for the last of them; what rings, and the first picture, can't wait behind lists.
 * Milliseconds.
 */
const BATCH_MS = 300;

const batches = new WeakMap<QueryClient, Map<string, QueryKey>>();

/** Makes what is shown under these keys stale and fetches it anew, once for a burst of news. */
export function refetchSoon(queryClient: QueryClient, ...keys: readonly QueryKey[]): void {
  const waiting = batches.get(queryClient);
  const batch = waiting ?? new Map<string, QueryKey>();
  for (const key of keys) batch.set(hashKey(key), key);
  if (waiting !== undefined) return;
  batches.set(queryClient, batch);
  setTimeout(() => {
    batches.delete(queryClient);
    // Never rejects: what went wrong is shown where the query is used.
    for (const queryKey of batch.values()) void queryClient.invalidateQueries({ queryKey });
  }, BATCH_MS);
}
