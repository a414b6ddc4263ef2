import { setTimeout as delay } from 'node:timers/promises';

const DAY_MS = 86_400_000;
/** Asia/Shanghai is UTC+8 all year. */
const OFFSET_MS = 8 * 3_600_000;
/** The last slot of a day begins a quarter of an hour before midnight, and the journey takes minutes. */
const TOO_LATE_MS = 20 * 60_000;

/**
 * Somebody who books now must come today. In the last minutes of Shanghai's day the next time is tomorrow's: waits then
 * until it is tomorrow.
 */
export async function waitForBookableDay(tell: (line: string) => void = () => undefined): Promise<void> {
  const leftMs = DAY_MS - ((Date.now() + OFFSET_MS) % DAY_MS);
  if (leftMs > TOO_LATE_MS) return;
  tell(`It is nearly midnight in Shanghai: waiting ${Math.ceil(leftMs / 60_000)} minutes for the new day’s first slot`);
  await delay(leftMs + 5_000);
}
