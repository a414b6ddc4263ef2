import { z } from 'zod';

/**
 * Which of the faces a request comes from. `guest`: the page of one call, reached by a link. Each has its own session cookie, so that one browser can show the
 * resident's pages and the console side by side. REST sends it as the header `X-Face`, sockets in their handshake.
 */
export const Face = z.enum(['resident', 'terminal', 'console', 'guest']);
export type Face = z.infer<typeof Face>;
export const FACE_HEADER = 'x-face';

/** One key per intended write, kept over retries: the same key gives the same answer and one effect. */
export const IDEMPOTENCY_HEADER = 'idempotency-key';
