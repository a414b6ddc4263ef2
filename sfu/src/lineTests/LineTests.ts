import { AppError } from '@cloud-hospital/protocol';
import type { BitrateLimits } from '../config.ts';
import type { WorkerPool } from '../workers/WorkerPool.ts';
import { LineTest } from './LineTest.ts';

/** Tests that a node runs at once: calls come first. */
const MOST_AT_ONCE = 8;
const WORKER_PATIENCE_MS = 1_000;

/** The line tests of this node by id. */
export class LineTests {
  readonly #pool: WorkerPool;
  readonly #bitrates: BitrateLimits;
  readonly #tests = new Map<string, LineTest>();
  #starting = 0;

  constructor(pool: WorkerPool, bitrates: BitrateLimits) {
    this.#pool = pool;
    this.#bitrates = bitrates;
  }

  /** @throws AppError RATE_LIMITED when too many run, BAD_REQUEST for an id in use, MEDIA_UNAVAILABLE without a worker */
  async start(testId: string): Promise<LineTest> {
    if (this.#tests.size + this.#starting >= MOST_AT_ONCE) throw new AppError('RATE_LIMITED');
    if (this.#tests.has(testId)) throw new AppError('BAD_REQUEST', { reason: 'id in use' });
    this.#starting += 1;
    try {
      const worker = await this.#pool.awaitLeastLoaded(WORKER_PATIENCE_MS);
      if (worker === undefined) throw new AppError('MEDIA_UNAVAILABLE');
      const test = await LineTest.start(worker, this.#bitrates, () => this.#tests.delete(testId));
      this.#tests.set(testId, test);
      return test;
    } finally {
      this.#starting -= 1;
    }
  }

  /** @throws AppError NOT_FOUND once it is over */
  assertAndGet(testId: string): LineTest {
    const test = this.#tests.get(testId);
    if (test === undefined) throw new AppError('NOT_FOUND');
    return test;
  }

  /** Ending what is over succeeds. */
  end(testId: string): void {
    this.#tests.get(testId)?.close();
  }

  closeAll(): void {
    for (const test of this.#tests.values()) test.close();
  }
}
