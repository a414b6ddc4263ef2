import {
  type AppError,
  FACE_HEADER,
  type Face,
  IDEMPOTENCY_HEADER,
  type Locale,
  PROTOCOL_VERSION,
} from '@cloud-hospital/protocol';
import type { Contract } from '@cloud-hospital/protocol/rest';
import { type Client, type ClientContext, createORPCClient } from '@orpc/client';
import type { ContractRouterClient } from '@orpc/contract';
import { OpenAPILink } from '@orpc/openapi-client/fetch';
import { createTanstackQueryUtils, type RouterUtils } from '@orpc/tanstack-query';
import { serverClock } from '../time.ts';
import { contractRoutes } from './contractRoutes.ts';
import { toAppError } from './errors.ts';
import { IdempotencyKeys } from './idempotency.ts';

/** A read that has not answered by then is given up and retried; long enough for a phone on a weak network. */
const REQUEST_TIMEOUT_MS = 15_000;

/** The contract's client, except that everything it throws is an AppError. */
type ThrowingAppError<T> =
  T extends Client<infer Context extends ClientContext, infer Input, infer Output, infer _Error>
    ? Client<Context, Input, Output, AppError>
    : { [Key in keyof T]: ThrowingAppError<T[Key]> };
export type ApiClient = ThrowingAppError<ContractRouterClient<Contract>>;

export interface Api {
  readonly face: Face;
  /** `api.client.appointments.hold({ … })`: resolves to data or throws AppError. */
  readonly client: ApiClient;
  /** TanStack Query options and keys: `api.query.appointments.list.queryOptions()`, `.mutationOptions()`, `.key()`. */
  readonly query: RouterUtils<ApiClient>;
}

export interface ApiOptions {
  readonly face: Face;
  /** Asked at every request, so that a language switch needs no new client. */
  readonly locale: () => Locale;
  /** Absolute URL of the API; the page's origin + `/api` by default. */
  readonly url?: string;
}

export function createApi({ face, locale, url }: ApiOptions): Api {
  const keys = new IdempotencyKeys();

  const link = new OpenAPILink<Record<never, never>>(contractRoutes, {
    url: () => url ?? new URL('/api', window.location.origin),
    headers: () => ({
      [FACE_HEADER]: face,
      'accept-language': locale(),
      'x-protocol-version': String(PROTOCOL_VERSION),
    }),
    interceptors: [
      async (call) => {
        try {
          return await call.next();
        } catch (error) {
          // A query that nobody watches any more was taken back by us: not an error to show or to retry.
          if (call.signal?.aborted === true) throw error;
          throw toAppError(error);
        }
      },
    ],
    clientInterceptors: [
      async (call) => {
        const { request, path, input } = call;
        const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
        const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
        if (request.method === 'GET') return call.next({ ...call, request: { ...request, signal } });
        const intent = IdempotencyKeys.intentOf(path, input);
        const headers = { ...request.headers, [IDEMPOTENCY_HEADER]: keys.keyFor(intent) };
        const response = await call.next({ ...call, request: { ...request, headers, signal } });
        if (response.status < 500) keys.settle(intent);
        return response;
      },
    ],
    fetch: async (request, init) => {
      const sentAt = Date.now();
      const response = await fetch(request, { ...init, credentials: 'same-origin' });
      serverClock.observeHeader(response.headers.get('date'), sentAt, Date.now());
      return response;
    },
  });

  const client: ApiClient = createORPCClient(link);
  return { face, client, query: createTanstackQueryUtils(client) };
}
