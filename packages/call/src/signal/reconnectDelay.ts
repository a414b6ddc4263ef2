/** The first retry comes this soon at the latest, milliseconds: a short blip must not be felt in a call. */
export const FIRST_RETRY_MS = 300;
/** No retry waits longer, milliseconds: after a blackout the consultation is back within 3 s of the link. */
export const RETRY_CAP_MS = 2_000;
/** The same during a call: few clients are in one, and each second counts there. */
export const RETRY_CAP_IN_CALL_MS = 600;

/**
 * Milliseconds before the next connection attempt: full jitter over the upper half of a doubling window, so that the
 * browsers of a dead replica don't return in one wave.
 * @param attempt attempts that failed since the socket was last up, from 0
 * @param random a number in [0, 1)
 * @param capMs longest wait, milliseconds
 */
export function reconnectDelay(attempt: number, random: number, capMs: number = RETRY_CAP_MS): number {
  const window = Math.min(capMs, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10));
  return attempt === 0 ? window * random : window * (0.5 + 0.5 * random);
}
