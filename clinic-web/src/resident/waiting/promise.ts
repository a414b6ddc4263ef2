import type { QueueEntryId } from '@cloud-hospital/protocol';
import { ExpectedTime } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';

export type Promised = z.infer<typeof ExpectedTime>;

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

const keyOf = (queueEntryId: QueueEntryId) => `ch.promise.${queueEntryId}`;

/** The first time this person was told, remembered over reloads: a promise that is rewritten quietly is no promise. */
export function firstPromise(queueEntryId: QueueEntryId, current: Promised): Promised {
  const kept = sessionStorage.getItem(keyOf(queueEntryId));
  if (kept !== null) {
    const [from, to] = kept.split(' ');
    const parsed = ExpectedTime.safeParse({ from, to });
    if (parsed.success) return parsed.data;
  }
  sessionStorage.setItem(keyOf(queueEntryId), `${current.from} ${current.to}`);
  return current;
}
