import { AppError, ERROR_STATUS, type ErrorCode, type ErrorDetails } from '@cloud-hospital/protocol';
import { ORPCError } from '@orpc/client';

const isErrorCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(ERROR_STATUS, code);

/** Details come out of a JSON body: whatever object it is, it is JSON all the way down. */
const isDetails = (data: unknown): data is ErrorDetails =>
  typeof data === 'object' && data !== null && !Array.isArray(data);

/** For answers that are not ours, e.g. of a proxy in front of a server that restarts. */
function codeOfStatus(status: number): ErrorCode {
  if (status === 401) return 'UNAUTHENTICATED';
  if (status === 403) return 'FORBIDDEN';
  if (status === 404) return 'NOT_FOUND';
  if (status === 408 || status === 504) return 'TIMEOUT';
  if (status === 413) return 'PAYLOAD_TOO_LARGE';
  if (status === 429) return 'RATE_LIMITED';
  if (status === 502 || status === 503) return 'UNAVAILABLE';
  return status >= 400 && status < 500 ? 'BAD_REQUEST' : 'INTERNAL';
}

/**
 * Whatever a request can throw, as one of the contract's codes. No connection at all is UNAVAILABLE with
 * `details.reason === 'network'`, so that the text can speak of the person's network instead of ours.
 */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof ORPCError) {
    const code: unknown = error.code;
    const data: unknown = error.data;
    return isErrorCode(code)
      ? new AppError(code, isDetails(data) ? data : undefined, { cause: error })
      : new AppError(codeOfStatus(error.status), undefined, { cause: error });
  }
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return new AppError('TIMEOUT', undefined, { cause: error });
  }
  // `fetch` rejects with a bare TypeError when there is no connection.
  if (error instanceof TypeError) return new AppError('UNAVAILABLE', { reason: 'network' }, { cause: error });
  return new AppError('INTERNAL', undefined, { cause: error });
}

/** Whether nobody knows if the server did it: the same write may be sent again under the same idempotency key. */
export const isOutcomeUnknown = (error: AppError): boolean => error.code === 'UNAVAILABLE' || error.code === 'TIMEOUT';
