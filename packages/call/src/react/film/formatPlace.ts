const SECOND_MS = 1_000;
const MINUTE_S = 60;
const HOUR_S = 3_600;

/** Where something lies in a film, as players write it: 0:07, 12:40, 1:02:05. */
export function formatPlace(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / SECOND_MS);
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor((seconds % HOUR_S) / MINUTE_S);
  const rest = two(seconds % MINUTE_S);
  return seconds < HOUR_S ? `${minutes}:${rest}` : `${Math.floor(seconds / HOUR_S)}:${two(minutes)}:${rest}`;
}
