export interface BackoffOptions {
  readonly firstMs: number;
  readonly maxMs: number;
  /** Running at least this long counts as well: the next failure starts over. */
  readonly stableAfterMs: number;
  /** 0 ≤ x < 1. */
  readonly random?: () => number;
}

/** Delays between restarts: doubling, ± 20 % so that children that fail together don't return together. */
export class Backoff {
  readonly #options: BackoffOptions;
  readonly #random: () => number;
  #failures = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
  }

  /**
   * @param ranForMs how long the child had served before it ended; 0 when it never did
   * @returns milliseconds to wait
   */
  next(ranForMs: number): number {
    if (ranForMs >= this.#options.stableAfterMs) this.#failures = 0;
    const delay = Math.min(this.#options.maxMs, this.#options.firstMs * 2 ** this.#failures);
    this.#failures += 1;
    return Math.round(delay * (0.8 + 0.4 * this.#random()));
  }
}
