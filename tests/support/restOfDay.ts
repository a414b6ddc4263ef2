import { setTimeout as delay } from 'node:timers/promises';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Asia/Shanghai is UTC+8 all year. */
const OFFSET_MS = 8 * 3_600_000;
/** The latest that a test's "later today" is, and its end. Minutes. */
const LATEST = 120;
const LONGEST = 15;
/** Of short minutes even the first is so far away, milliseconds: whoever books has not begun too late. */
const SOONEST_MS = 30_000;

/** Until midnight in Shanghai, milliseconds. */
export const leftOfDay = (): number => DAY_MS - ((Date.now() + OFFSET_MS) % DAY_MS);

/** Whoever is to come today needs some of it: in the day's last moments this waits for the next one. */
export async function waitForDay(neededMs: number): Promise<void> {
  const leftMs = leftOfDay();
  if (leftMs < neededMs) await delay(leftMs + 100);
}

/**
 * A time so many minutes from now that is still today, since nobody is checked in on another day than their
 * appointment's. In the last two hours the minutes become shorter, so that the latest fits into what is left of the day.
 * @param inMinutes at most 120
 */
export function laterToday(inMinutes: number, minutes = LONGEST): { readonly start: Date; readonly end: Date } {
  const now = Date.now();
  const leftMs = leftOfDay();
  const fits = leftMs > (LATEST + LONGEST) * MINUTE_MS;
  const soonestMs = fits ? 0 : Math.min(SOONEST_MS, leftMs / 2);
  const minuteMs = fits ? MINUTE_MS : (0.9 * (leftMs - soonestMs)) / (LATEST + LONGEST);
  const start = now + soonestMs + inMinutes * minuteMs;
  // Two that touch must not overlap by a rounded millisecond.
  return { start: new Date(start), end: new Date(start + (fits ? 1 : 0.9) * minutes * minuteMs) };
}
