import type { z } from 'zod';

/**
 * Every error a client can meet, with its HTTP status. The only list there is: REST errors, socket acks and
 * the clients' texts (`error.CODE` in the catalogues) are all keyed by it.
 */
export const ERROR_STATUS = {
  BAD_REQUEST: 400,
  PAYLOAD_TOO_LARGE: 413,
  /** What was sent isn't one of the admitted kinds of file, whatever its name says, or holds more than that kind may. */
  FILE_TYPE_REFUSED: 415,
  UNAUTHENTICATED: 401,
  SIGN_IN_FAILED: 401,
  SECOND_FACTOR_REQUIRED: 401,
  CODE_WRONG: 401,
  CODE_EXPIRED: 401,
  PASSWORD_WRONG: 403,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  VERSION_CONFLICT: 409,
  INVALID_TRANSITION: 409,
  SLOT_TAKEN: 409,
  PATIENT_BUSY: 409,
  HOLD_EXPIRED: 409,
  /** Its time was taken out of the schedule: first choose another one. */
  ANSWER_NEEDED: 409,
  LIMIT_REACHED: 409,
  /** Too near to the start for the resident to change it; the clinic still can. */
  TOO_LATE_TO_CHANGE: 409,
  CONSENT_REQUIRED: 409,
  NOT_READY: 409,
  ALREADY_CALLED: 409,
  QUEUE_EMPTY: 409,
  TERMINAL_BUSY: 409,
  /** From the resident's own phone, which this specialist doesn't see anybody by. */
  NO_PHONE_VISITS: 409,
  /** Another tab of this terminal or console took the call over. */
  ATTACHED_ELSEWHERE: 409,
  ENROLMENT_CODE_INVALID: 409,
  ACTIVATION_CODE_INVALID: 409,
  /** Follows from the user name. */
  PASSWORD_WEAK: 409,
  USERNAME_TAKEN: 409,
  /** The identity number belongs to somebody who can't be this account; never says to whom. */
  IDENTITY_IN_USE: 409,
  IDEMPOTENCY_MISMATCH: 409,
  /** The room or peer is not known to the media node (any more): join again. */
  NOT_JOINED: 409,
  /** Parked peers may neither produce nor consume. */
  PARKED: 409,
  /** The room lives elsewhere by now; the epoch in the request is old. */
  STALE_EPOCH: 409,
  RATE_LIMITED: 429,
  PROTOCOL_OUTDATED: 426,
  MEDIA_UNAVAILABLE: 503,
  UNAVAILABLE: 503,
  TIMEOUT: 504,
  /** No room left to keep files: nothing of it was accepted. */
  STORAGE_FULL: 507,
  INTERNAL: 500,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** Facts a text may need, e.g. `retryAfterSeconds`, `field`, `alternatives`; never a secret or clinical text. */
export type ErrorDetails = Record<string, z.core.util.JSONType>;

/** The error thrown inside a process and mapped to HTTP or an ack at its boundary. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: ErrorDetails | undefined;

  constructor(code: ErrorCode, details?: ErrorDetails, options?: ErrorOptions) {
    super(code, options);
    this.name = 'AppError';
    this.code = code;
    this.details = details;
  }
}
