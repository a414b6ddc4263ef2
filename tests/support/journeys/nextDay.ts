import { setTimeout as delay } from 'node:timers/promises';
import { leftOfDay } from '../restOfDay.ts';

/** The last slot of a day begins a quarter of an hour before midnight, and the journey takes minutes. */
const TOO_LATE_MS = 20 * 60_000;

/**
 * Somebody who books now must come today. In the last minutes of Shanghai's day the next time is tomorrow's: waits then
 * until it is tomorrow.
 */
export async function waitForBookableDay(tell: (line: string) => void = () => undefined): Promise<void> {
  const leftMs = leftOfDay();
  if (leftMs > TOO_LATE_MS) return;
  tell(`It is nearly midnight in Shanghai: waiting ${Math.ceil(leftMs / 60_000)} minutes for the new day’s first slot`);
  await delay(leftMs + 5_000);
}
