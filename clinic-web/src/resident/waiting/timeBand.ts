/** Where the expected interval lies on a line that starts now, in percent of its length. */
export interface Band {
  readonly left: number;
  readonly width: number;
}

/** The line never shows less than a quarter of an hour, so that the last minutes don't race. */
const SHORTEST_MS = 15 * 60_000;

/** All in milliseconds of the server's clock. */
export function timeBand(now: number, from: number, to: number): Band {
  const end = Math.max(to, now + SHORTEST_MS);
  const percent = (at: number) => (Math.min(Math.max(at, now), end) - now) / (end - now);
  const left = percent(from) * 100;
  // Never so thin that the mark of the present hides it.
  const width = Math.max(percent(to) * 100 - left, 12);
  return { left: Math.min(left, 100 - width), width };
}
