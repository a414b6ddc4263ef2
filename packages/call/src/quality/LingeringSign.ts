/** What counts for a while after it was last seen, and is said when it changes. */
export class LingeringSign {
  readonly #forMs: number;
  readonly #say: (counts: boolean) => void;
  #counts = false;
  #until = Number.NEGATIVE_INFINITY;

  /** @param forMs after it was last seen, milliseconds */
  constructor(forMs: number, say: (counts: boolean) => void) {
    this.#forMs = forMs;
    this.#say = say;
  }

  /**
   * @param at milliseconds, monotonic
   * @param applies false: it doesn't count now, whatever was seen
   */
  look(at: number, seen: boolean, applies = true): void {
    if (seen) this.#until = at + this.#forMs;
    const counts = at < this.#until && applies;
    if (counts === this.#counts) return;
    this.#counts = counts;
    this.#say(counts);
  }
}
