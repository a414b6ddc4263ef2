import { type Exit, ManagedProcess } from '../../infra/src/supervisor/ManagedProcess.ts';
import type { ProcessSpec } from '../../infra/src/supervisor/ProcessSpec.ts';

const KEPT_LINES = 2_000;

/** One process of a stack, which a test may kill, freeze and start again under the same address. */
export class StackService {
  readonly spec: ProcessSpec;
  /** `http://host:port` or the like; stays the same over restarts. */
  readonly url: string;
  /** The last lines it logged, for a test that wants to look or has to explain itself. */
  readonly log: string[] = [];
  #process: ManagedProcess | undefined;

  constructor(spec: ProcessSpec, url: string) {
    this.spec = spec;
    this.url = url;
  }

  get pid(): number {
    return this.#assertRunning().pid;
  }

  get running(): boolean {
    return this.#process?.running ?? false;
  }

  /** @throws Error with the end of the log */
  async start(): Promise<void> {
    try {
      this.#process = await ManagedProcess.start(this.spec, {
        onLine: (line) => {
          this.log.push(line);
          if (this.log.length > KEPT_LINES) this.log.shift();
        },
      });
    } catch (error) {
      throw new Error(`${this.spec.name} does not start:\n${this.log.slice(-30).join('\n')}`, { cause: error });
    }
  }

  /** As a supervisor does: a start that fails, e.g. because the database is slow on a busy machine, is tried again. */
  async startAgain(attempts = 3): Promise<void> {
    for (let left = attempts; ; left -= 1) {
      try {
        await this.start();
        return;
      } catch (error) {
        if (left <= 1) throw error;
      }
    }
  }

  /** SIGKILL, and waits until it is gone. */
  async kill(): Promise<void> {
    const running = this.#assertRunning();
    running.signal('SIGKILL');
    await running.exited;
  }

  /** The orderly way: what a deploy does. Idempotent. */
  async stop(): Promise<Exit | undefined> {
    this.thaw();
    const exit = await this.#process?.stop();
    this.#process = undefined;
    return exit;
  }

  freeze(): void {
    this.#assertRunning().signal('SIGSTOP');
  }

  thaw(): void {
    this.#process?.signal('SIGCONT');
  }

  #assertRunning(): ManagedProcess {
    if (this.#process === undefined) throw new Error(`${this.spec.name} was never started`);
    return this.#process;
  }
}
