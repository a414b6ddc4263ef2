import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { readMoments } from '../../support/CallProbe.ts';
import type { CallMoments } from '../../support/mediaReport.ts';

const FIRST_FRAME_TIMEOUT_MS = 20_000;

/** From the answer to the first presented picture of the other side, milliseconds. */
export interface Faces {
  readonly faceAtTerminal: number;
  readonly faceAtSpecialist: number;
}

/** Waits for the moments of one call at both ends. @returns null when one never came */
export async function untilSeen<T>(
  terminal: Page,
  console: Page,
  read: (there: CallMoments, here: CallMoments) => T | null,
): Promise<T | null> {
  for (const until = performance.now() + FIRST_FRAME_TIMEOUT_MS; performance.now() < until; await sleep(100)) {
    const [there, here] = await Promise.all([readMoments(terminal), readMoments(console)]);
    const seen = read(there, here);
    if (seen !== null) return seen;
  }
  return null;
}

export function facesOf(there: CallMoments, here: CallMoments): Faces | null {
  const { answered, 'first-frame': face } = there;
  const { 'first-frame': faceHere } = here;
  if (answered === undefined || face === undefined || faceHere === undefined) return null;
  return { faceAtTerminal: face - answered, faceAtSpecialist: faceHere - answered };
}

export const bothFaces = (calls: readonly Faces[]): number[] =>
  calls.flatMap(({ faceAtTerminal, faceAtSpecialist }) => [faceAtTerminal, faceAtSpecialist]);
