import { AppError } from '@cloud-hospital/protocol';
import { QueryCache, QueryClient } from '@tanstack/react-query';
import type { Api } from './createApi.ts';
import { isOutcomeUnknown } from './errors.ts';

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: AppError;
  }
}

const retry = (times: number) => (failures: number, error: AppError) =>
  failures < times && error instanceof AppError && isOutcomeUnknown(error);

/** 0.5 s, 1 s, 2 s … 8 s, with a random part so that 93 clinics don't come back in the same instant. */
const retryDelay = (failures: number): number => Math.min(500 * 2 ** failures, 8_000) * (0.75 + Math.random() / 2);

/**
 * Never retries an answer the server meant (4xx, INTERNAL); retries what got lost. A write is safe to repeat because
 * its idempotency key stays the same until it is answered.
 */
export function createQueryClient(api: Api): QueryClient {
  const sessionKey = api.query.session.read.queryKey();
  const queryClient = new QueryClient({
    queryCache: new QueryCache({
      // The session ended (expired, revoked, signed out in another tab): ask who we are, the pages follow.
      onError: (error) => {
        if (error instanceof AppError && error.code === 'UNAUTHENTICATED') {
          queryClient.invalidateQueries({ queryKey: sessionKey }).catch(reportError);
        }
      },
    }),
    defaultOptions: {
      queries: { retry: retry(3), retryDelay, staleTime: 10_000, networkMode: 'always', refetchOnReconnect: true },
      // 'always': the browser's idea of "offline" is wrong often enough; ask and say what happened.
      mutations: { retry: retry(2), retryDelay, networkMode: 'always' },
    },
  });
  return queryClient;
}
