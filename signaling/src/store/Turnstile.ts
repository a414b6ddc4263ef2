import { AppError } from '@cloud-hospital/protocol';

/**
 * Lets so many through at once and has the others wait outside, in order. For transactions that wait for the same lock:
 * each would hold a connection of the pool meanwhile, until nobody else's request gets one.
 */
export class Turnstile {
  readonly #longestWaitMs: number;
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(width: number, longestWaitMs: number) {
    this.#free = width;
    this.#longestWaitMs = longestWaitMs;
  }

  /** @throws AppError UNAVAILABLE when no turn comes in time */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    await this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(enter);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(enter);
        reject(new AppError('UNAVAILABLE'));
      }, this.#longestWaitMs);
      this.#waiting.add(enter);
    });
  }

  /** The place passes on to whoever waits longest. */
  #leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else next();
  }
}
