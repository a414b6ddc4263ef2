import type { ExpectedTime } from '@cloud-hospital/protocol/rest';

export type Promised = Pick<ExpectedTime, 'from' | 'to'>;

/** Below this a later time is within what "expected" already says. */
const NOTABLE_MINUTES = 10;

/**
 * By how many minutes the time now expected lies behind the one first promised, or null while it is kept.
 * Measured between the ends of both intervals: the end is what people plan by.
 */
export function minutesLate(first: Promised, current: Promised): number | null {
  const minutes = Math.round((Date.parse(current.to) - Date.parse(first.to)) / 60_000);
  return minutes >= NOTABLE_MINUTES ? minutes : null;
}
