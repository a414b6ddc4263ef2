/** Repairs from the mildest to the strongest; a stronger one includes the milder. */
export const REPAIRS = ['attach', 'restart-ice', 'rejoin'] as const;
export type Repair = (typeof REPAIRS)[number];

/** What came of a repair: done, or which one must follow. */
export type RepairOutcome = 'done' | Repair;

/** Waits between repairs that follow one another without success, milliseconds. */
const BACKOFF_MS = [0, 200, 500, 1_000, 2_000] as const;
/** A repair that is asked for so soon after the last one didn't help, milliseconds. */
const NO_HELP_WITHIN_MS = 1_500;

const stronger = (a: Repair | null, b: Repair): Repair =>
  a !== null && REPAIRS.indexOf(a) > REPAIRS.indexOf(b) ? a : b;

/**
 * Runs one repair at a time: what is asked for meanwhile waits, and of several the strongest is taken. A repair that
 * keeps failing is spaced out; nothing ever gives up by itself, only the call's end does that.
 */
export class RepairQueue {
  readonly #perform: (repair: Repair) => Promise<RepairOutcome>;
  #wanted: Repair | null = null;
  #running: Repair | null = null;
  #failures = 0;
  #lastFinished = Number.NEGATIVE_INFINITY;
  #closed = false;
  #wake: (() => void) | undefined;

  /** @param perform must not throw; what it can't do it answers with the repair that must follow */
  constructor(perform: (repair: Repair) => Promise<RepairOutcome>) {
    this.#perform = perform;
  }

  get running(): Repair | null {
    return this.#running;
  }

  /** Idempotent while the same or a stronger repair is waiting. */
  ask(repair: Repair): void {
    if (this.#closed) return;
    this.#wanted = stronger(this.#wanted, repair);
    if (this.#running === null) void this.#run();
  }

  /** The circumstances changed (the socket is back): don't sit out the rest of a wait. */
  hurry(): void {
    this.#failures = 0;
    this.#wake?.();
  }

  close(): void {
    this.#closed = true;
    this.#wanted = null;
    this.#wake?.();
  }

  async #run(): Promise<void> {
    while (this.#wanted !== null && !this.#closed) {
      if (performance.now() - this.#lastFinished > NO_HELP_WITHIN_MS) this.#failures = 0;
      this.#running = this.#wanted;
      await this.#wait(BACKOFF_MS[Math.min(this.#failures, BACKOFF_MS.length - 1)] ?? 0);
      if (this.#closed) break;
      // Something stronger may have been asked for during the wait.
      const repair = stronger(this.#wanted, this.#running);
      this.#running = repair;
      this.#wanted = null;
      const outcome = await this.#perform(repair);
      this.#lastFinished = performance.now();
      this.#failures += 1;
      // The next rung of the ladder follows at once; the same one again has to wait.
      if (outcome !== 'done' && outcome !== repair) this.#failures = 0;
      if (outcome !== 'done' && !this.#closed) this.#wanted = stronger(this.#wanted, outcome);
    }
    this.#running = null;
  }

  #wait(milliseconds: number): Promise<void> {
    if (milliseconds === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.#wake = end;
    });
  }
}
