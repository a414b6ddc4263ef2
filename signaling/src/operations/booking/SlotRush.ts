import { AppError } from '@cloud-hospital/protocol';
import { setTimeout as sleep } from 'node:timers/promises';

/** As long as anybody waits for a connection of the pool: a database that hangs is an error soon. Milliseconds. */
const LONGEST_WAIT_MS = 2_000;

/**
 * Many people want the same slot at the same moment. On each replica they take turns in memory, where waiting costs
 * nothing, instead of in transactions that hold connections and wait for the slot's lock only to be refused. The guard
 * against double booking is the database's all the same: this decides nobody's booking.
 */
export class SlotRush {
  readonly #atIt = new Map<string, Promise<unknown>>();
  readonly #longestWaitMs: number;

  constructor(longestWaitMs = LONGEST_WAIT_MS) {
    this.#longestWaitMs = longestWaitMs;
  }

  /**
   * Runs an attempt at a slot while nobody else here is at it.
   * @param isGone asked after each wait whether trying is pointless by now
   * @throws AppError SLOT_TAKEN when it is; UNAVAILABLE when no turn comes
   */
  async inTurn<T>(slotId: string, isGone: () => Promise<boolean>, attempt: () => Promise<T>): Promise<T> {
    const givesUpAt = performance.now() + this.#longestWaitMs;
    for (;;) {
      const ahead = this.#atIt.get(slotId);
      if (ahead === undefined) break;
      await endedBy(ahead, givesUpAt);
      if (await isGone()) throw new AppError('SLOT_TAKEN');
    }
    const running = attempt();
    const ended = running.then(nothing, nothing);
    this.#atIt.set(slotId, ended);
    try {
      return await running;
    } finally {
      this.#atIt.delete(slotId);
    }
  }
}

const nothing = (): void => undefined;

async function endedBy(running: Promise<unknown>, givesUpAt: number): Promise<void> {
  const gone = new AbortController();
  const late = sleep(Math.max(0, givesUpAt - performance.now()), 'late' as const, { signal: gone.signal }).catch(
    nothing,
  );
  const first = await Promise.race([running, late]);
  gone.abort();
  if (first === 'late') throw new AppError('UNAVAILABLE');
}
