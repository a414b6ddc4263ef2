import { AppError, ERROR_STATUS } from '@cloud-hospital/protocol';
import { ORPCError } from '@orpc/server';

/** PostgreSQL's SQLSTATE classes and codes that mean "try again later", not "you did wrong". */
const UNAVAILABLE_STATES = /^(08|53|57)/;
const UNAVAILABLE_NODE_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT']);
const NUMERIC_OR_TEXT_FORMAT = /^22/;

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/** The one place where any error becomes one of the coded errors of the contract (HTTP and socket acks alike). */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof ORPCError) {
    if (error.status === 413) return new AppError('PAYLOAD_TOO_LARGE');
    if (error.status === 400) return new AppError('BAD_REQUEST', undefined, { cause: error });
    if (error.status === 404 || error.status === 405) return new AppError('NOT_FOUND');
  }
  const code = codeOf(error);
  if (code !== undefined) {
    if (code === '40001' || code === '40P01') return new AppError('UNAVAILABLE', undefined, { cause: error });
    if (UNAVAILABLE_STATES.test(code) || UNAVAILABLE_NODE_CODES.has(code)) {
      return new AppError('UNAVAILABLE', undefined, { cause: error });
    }
    if (NUMERIC_OR_TEXT_FORMAT.test(code)) return new AppError('BAD_REQUEST', undefined, { cause: error });
  }
  // node-postgres has no code for these two.
  if (error instanceof Error && /Connection terminated|timeout exceeded when trying to connect/.test(error.message)) {
    return new AppError('UNAVAILABLE', undefined, { cause: error });
  }
  return new AppError('INTERNAL', undefined, { cause: error });
}

/** How every refusal looks on the wire, as the contract's client expects it. */
export const errorBody = (error: AppError) => ({
  defined: true,
  code: error.code,
  status: ERROR_STATUS[error.code],
  message: error.code,
  data: error.details,
});
