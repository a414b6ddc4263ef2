export { type Api, type ApiClient, type ApiOptions, createApi } from './createApi.ts';
export { isOutcomeUnknown, toAppError } from './errors.ts';
export { createQueryClient } from './queryClient.ts';
export { refetchSoon } from './refetchSoon.ts';
export {
  ApiProvider,
  sessionQuery,
  useApi,
  type UseSession,
  useSession,
  useSessionStarted,
  useSignOut,
} from './session.tsx';
