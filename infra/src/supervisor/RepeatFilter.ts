/** Lines kept in mind; a child that invents new ones all the time must not fill our memory. */
const MAX_LINES = 200;

/** Lets a line through once in a while: a database that is away is news once, not ten times a second. */
export class RepeatFilter {
  readonly #quietMs: number;
  readonly #now: () => number;
  readonly #lastShown = new Map<string, number>();

  constructor(quietMs: number, now: () => number = () => performance.now()) {
    this.#quietMs = quietMs;
    this.#now = now;
  }

  /** Numbers don't make a line a different one. */
  isNews(line: string): boolean {
    const key = line.replaceAll(/\d+/g, '#');
    const now = this.#now();
    const last = this.#lastShown.get(key);
    if (last !== undefined && now - last < this.#quietMs) return false;
    if (this.#lastShown.size >= MAX_LINES) this.#lastShown.clear();
    this.#lastShown.set(key, now);
    return true;
  }
}
