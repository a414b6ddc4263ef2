import { setTimeout as delay } from 'node:timers/promises';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Asia/Shanghai is UTC+8 all year. */
const OFFSET_MS = 8 * 3_600_000;
/** The latest that a test's "later today" is, and its end. Minutes. */
const LATEST = 120;
const LONGEST = 15;

/** Until midnight in Shanghai, milliseconds. */
export const leftOfDay = (): number => DAY_MS - ((Date.now() + OFFSET_MS) % DAY_MS);

/** Whoever is to come today needs some of it: in the day's last moments this waits for the next one. */
export async function waitForDay(neededMs: number): Promise<void> {
  const leftMs = leftOfDay();
  if (leftMs < neededMs) await delay(leftMs + 100);
}

/**
 * A time so many minutes from now that is still today, since nobody is checked in on another day than their
 * appointment's. In the last two hours all of them move together, in the same order, into what is left of the day.
 * @param inMinutes at most 120
 */
export function laterToday(inMinutes: number, minutes = LONGEST): { readonly start: Date; readonly end: Date } {
  const now = Date.now();
  const leftMs = leftOfDay();
  if (leftMs > (LATEST + LONGEST) * MINUTE_MS) {
    const start = now + inMinutes * MINUTE_MS;
    return { start: new Date(start), end: new Date(start + minutes * MINUTE_MS) };
  }
  const minuteMs = (0.4 * leftMs) / LATEST;
  const start = now + leftMs / 2 + inMinutes * minuteMs;
  // Two that touch must not overlap by a rounded millisecond.
  return { start: new Date(start), end: new Date(start + 0.9 * minutes * minuteMs) };
}
