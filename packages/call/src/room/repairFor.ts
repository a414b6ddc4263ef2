import { AppError, type ErrorCode } from '@cloud-hospital/protocol';
import type { CallEndReason } from '@cloud-hospital/protocol/states';
import type { Repair } from './RepairQueue.ts';

/** What follows from a failed request: a repair (`same`: the one that failed), the end of the call, or nothing. */
export type Consequence =
  | { readonly repair: Repair | 'same' }
  | { readonly end: CallEndReason }
  /** Nobody is expected in this room (any more, or yet): the end of a call that rang or was on. */
  | 'not-expected'
  | 'none';

/** Answers to joining or attaching that no repair can change: the call isn't ours (any more). */
const ENDINGS: Partial<Record<ErrorCode, CallEndReason>> = {
  NOT_FOUND: 'removed',
  FORBIDDEN: 'removed',
  ATTACHED_ELSEWHERE: 'attached-elsewhere',
  UNAUTHENTICATED: 'revoked',
  INVALID_TRANSITION: 'finished',
  PROTOCOL_OUTDATED: 'failed',
};

/**
 * @param during which request failed: joining or attaching (`entering`), restarting ICE (`restarting`), or one about
 *   a single producer or consumer of a joined room (`media`)
 */
export function consequenceOf(error: unknown, during: 'entering' | 'restarting' | 'media'): Consequence {
  // The browser's stack refused, e.g. a codec it can't decode: a repair would only meet the same refusal.
  if (!(error instanceof AppError))
    return during === 'media' ? 'none' : { repair: during === 'entering' ? 'same' : 'rejoin' };
  const { code } = error;
  if (code === 'NOT_JOINED' || code === 'STALE_EPOCH') return { repair: 'rejoin' };
  if (during === 'entering') {
    if (code === 'NOT_READY') return 'not-expected';
    const end = ENDINGS[code];
    return end ? { end } : { repair: 'same' };
  }
  // The socket is gone: its return brings `room:attach`. Parked meanwhile: the next opening brings everything again.
  if (code === 'UNAVAILABLE' || code === 'PARKED') return 'none';
  if (during === 'restarting') return { repair: 'rejoin' };
  // Something is other than we thought: look at what the media node has, and agree with it.
  return { repair: 'attach' };
}
