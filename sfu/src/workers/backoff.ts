/**
 * Milliseconds to wait before a worker is started again. The first restart is immediate, because people are waiting
 * for their picture; a worker that keeps dying doubles its wait from 250 ms to 10 s, so that it doesn't eat the core.
 *
 * @param failures deaths or failed starts in a row, at least 1
 */
export function restartDelayMs(failures: number): number {
  if (failures <= 1) return 0;
  return Math.min(10_000, 250 * 2 ** Math.min(failures - 2, 10));
}

/**
 * A worker that lived this long is healthy: its next death counts as the first, and is repaired at once. Starting one
 * each 3 s would cost 2 % of a core. Milliseconds.
 */
export const HEALTHY_AFTER_MS = 3_000;
