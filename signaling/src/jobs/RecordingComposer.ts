import { availableParallelism, loadavg } from 'node:os';
import { composeNext } from '../operations/recording/compose.ts';
import type { Services } from '../Services.ts';

const INTERVAL_MS = 5_000;

/**
 * `recording.compose`: films of consultations that are over, one at a time a machine, while it has little else to do. No
 * job of the job table: an effect there is one short transaction, and this takes minutes. The row of the film is claimed
 * for two minutes at a time instead.
 */
export class RecordingComposer {
  readonly #services: Services;
  readonly #timer: NodeJS.Timeout;
  #running = false;
  #closed = false;

  constructor(services: Services) {
    this.#services = services;
    this.#timer = setInterval(() => {
      if (this.#running) return;
      this.#running = true;
      void this.#run().finally(() => {
        this.#running = false;
      });
    }, INTERVAL_MS);
    this.#timer.unref();
  }

  /** What is being made is finished by whoever claims it next. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#timer);
  }

  async #run(): Promise<void> {
    const { config, log } = this.#services;
    try {
      while (!this.#closed && this.#isIdle(config.RECORDING_COMPOSE_LOAD)) {
        if (!(await composeNext(this.#services))) return;
      }
    } catch (error) {
      if (!this.#closed) log.warn({ err: error }, 'films of recordings put off');
    }
  }

  #isIdle(load: number): boolean {
    const [lastMinute] = loadavg();
    return (lastMinute ?? 0) / availableParallelism() <= load;
  }
}
