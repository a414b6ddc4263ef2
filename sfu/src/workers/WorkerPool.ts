import type { Logger } from 'pino';
import type { SfuConfig } from '../config.ts';
import { inBackground } from '../inBackground.ts';
import { HEALTHY_AFTER_MS, restartDelayMs } from './backoff.ts';
import { MediaWorker } from './MediaWorker.ts';

type Slot = {
  readonly index: number;
  worker: MediaWorker | undefined;
  /** Deaths or failed starts in a row. */
  failures: number;
  restartTimer: NodeJS.Timeout | undefined;
};

const PROBE_INTERVAL_MS = 1_000;
/** How late the probe timer may be before this process itself counts as held up. */
const STALL_MS = 1_000;

/**
 * One worker a core. Each dies alone: its rooms close, the others don't notice, and it is started again with backoff.
 */
export class WorkerPool {
  readonly #config: SfuConfig;
  readonly #logger: Logger;
  readonly #onDeath: () => void;
  readonly #slots: Slot[];
  readonly #waiting = new Set<() => void>();
  #probeTimer: NodeJS.Timeout | undefined;
  #lastProbeAt = performance.now();
  #closed = false;

  private constructor(config: SfuConfig, logger: Logger, onDeath: () => void) {
    this.#config = config;
    this.#logger = logger;
    this.#onDeath = onDeath;
    this.#slots = Array.from({ length: config.workers }, (_, index) => ({
      index,
      worker: undefined,
      failures: 0,
      restartTimer: undefined,
    }));
  }

  /**
   * Starts all workers in parallel. At this moment a failure is a mistake of the configuration (no binary, a taken
   * port) and is thrown; later ones are retried.
   *
   * @param onDeath called for each death of a worker, after its rooms have closed
   */
  static async start(config: SfuConfig, logger: Logger, onDeath: () => void): Promise<WorkerPool> {
    const pool = new WorkerPool(config, logger, onDeath);
    try {
      await Promise.all(pool.#slots.map((slot) => pool.#start(slot)));
    } catch (error) {
      pool.close();
      throw error;
    }
    pool.#probeTimer = setInterval(() => {
      pool.#probe();
    }, PROBE_INTERVAL_MS);
    return pool;
  }

  /** The workers that are up. */
  get workers(): readonly MediaWorker[] {
    return this.#slots.flatMap(({ worker }) => (worker === undefined ? [] : [worker]));
  }

  /** CPU use of the busiest worker, 0–1 of a core. */
  get load(): number {
    return Math.max(0, ...this.workers.map(({ cpu }) => cpu));
  }

  /** The worker with the fewest rooms; among equals the one with the least CPU. */
  leastLoaded(): MediaWorker | undefined {
    return this.workers.toSorted((a, b) => a.rooms - b.rooms || a.cpu - b.cpu)[0];
  }

  /**
   * Like `leastLoaded`, but waits when all workers are down: a restart takes some 100 ms, less than a client's retry.
   *
   * @param patienceMs milliseconds after which there is none
   */
  async awaitLeastLoaded(patienceMs: number): Promise<MediaWorker | undefined> {
    if (this.leastLoaded() === undefined && !this.#closed) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, patienceMs);
      this.#waiting.add(resolve);
      await promise;
      clearTimeout(timer);
      this.#waiting.delete(resolve);
    }
    return this.leastLoaded();
  }

  /** Ends all workers; idempotent. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#probeTimer);
    for (const slot of this.#slots) {
      clearTimeout(slot.restartTimer);
      slot.worker?.close();
      slot.worker = undefined;
    }
    this.#wakeWaiting();
  }

  async #start(slot: Slot): Promise<void> {
    const { rtc, workerBin } = this.#config;
    const worker = await MediaWorker.start(
      {
        index: slot.index,
        listenIp: rtc.listenIp,
        announcedAddress: rtc.announcedAddress,
        port: rtc.basePort === 0 ? 0 : rtc.basePort + slot.index,
        workerBin,
        logger: this.#logger,
      },
      (dead) => {
        this.#died(slot, dead);
      },
    );
    if (this.#closed) {
      worker.close();
      return;
    }
    slot.worker = worker;
    this.#wakeWaiting();
  }

  #died(slot: Slot, worker: MediaWorker): void {
    slot.worker = undefined;
    if (performance.now() - worker.startedAt > HEALTHY_AFTER_MS) slot.failures = 0;
    this.#logger.error({ worker: slot.index, workerPid: worker.pid }, 'worker died');
    this.#restartLater(slot);
    this.#onDeath();
  }

  #restartLater(slot: Slot): void {
    if (this.#closed) return;
    slot.failures += 1;
    slot.restartTimer = setTimeout(() => {
      inBackground(this.#restart(slot), this.#logger);
    }, restartDelayMs(slot.failures));
  }

  async #restart(slot: Slot): Promise<void> {
    try {
      await this.#start(slot);
      this.#logger.info({ worker: slot.index, workerPid: slot.worker?.pid }, 'worker started again');
    } catch (error) {
      this.#logger.error({ worker: slot.index, err: error }, 'worker did not start');
      this.#restartLater(slot);
    }
  }

  #probe(): void {
    const now = performance.now();
    const stalled = now - this.#lastProbeAt > PROBE_INTERVAL_MS + STALL_MS;
    this.#lastProbeAt = now;
    for (const worker of this.workers) worker.probe(stalled);
  }

  #wakeWaiting(): void {
    for (const wake of this.#waiting) wake();
  }
}
