import { errorMessage } from '../system/StartError.ts';
import { sleep } from '../system/sleep.ts';
import type { Backoff } from './Backoff.ts';
import type { ChildLog } from './ChildLog.ts';
import { summariseLogLine } from './logSummary.ts';
import { ManagedProcess } from './ManagedProcess.ts';
import type { PidFiles } from './PidFiles.ts';
import type { ProcessSpec } from './ProcessSpec.ts';
import { RepeatFilter } from './RepeatFilter.ts';

const INTACT_POLL_MS = 2_000;
/** The same complaint is shown this often at most; the log file has them all. */
const QUIET_MS = 30_000;

export interface SupervisedChildParts {
  readonly spec: ProcessSpec;
  readonly backoff: Backoff;
  readonly pidFiles: PidFiles;
  readonly log: ChildLog;
  /** One line for the person at the console. */
  readonly tell: (line: string) => void;
}

/** Keeps one child running from its first successful start until `stop()`. */
export class SupervisedChild {
  readonly #parts: SupervisedChildParts;
  readonly #ending = new AbortController();
  readonly #news = new RepeatFilter(QUIET_MS);
  #process: ManagedProcess | undefined;
  /** The start and then the watch over it; never rejects. */
  #work: Promise<void> = Promise.resolve();

  constructor(parts: SupervisedChildParts) {
    this.#parts = parts;
  }

  get name(): string {
    return this.#parts.spec.name;
  }

  get pid(): number | undefined {
    return this.#process?.running === true ? this.#process.pid : undefined;
  }

  /** @throws StartError when the first start fails: then something is wrong that no restart heals */
  async start(): Promise<void> {
    const starting = this.#startProcess();
    this.#work = starting.then(
      (process) => this.#keepRunning(process),
      // Reported to the caller of start(); nothing runs, so there is nothing to keep running.
      () => undefined,
    );
    await starting;
  }

  async #startProcess(): Promise<ManagedProcess> {
    const { spec, pidFiles, log, tell } = this.#parts;
    this.#process = await ManagedProcess.start(
      spec,
      {
        onSpawn: (pid) => pidFiles.write(spec.name, pid, spec.stopSignal),
        onLine: (line) => {
          log.write(line);
          const summary = summariseLogLine(line);
          if (summary !== undefined && this.#news.isNews(summary)) tell(`${spec.name}: ${summary}`);
        },
      },
      this.#ending.signal,
    );
    return this.#process;
  }

  /** Until stopped: waits for the end, waits a moment, starts again. */
  async #keepRunning(first: ManagedProcess): Promise<void> {
    const { backoff, pidFiles, spec, tell } = this.#parts;
    const { signal } = this.#ending;
    let running: ManagedProcess | undefined = first;
    let failure = '';
    for (;;) {
      const servedSince = performance.now();
      if (running !== undefined) {
        const intact = this.#watchIntactness(running);
        const exit = await running.exited;
        pidFiles.remove(spec.name);
        failure = intact.lost ? `${spec.name} lost the file of its socket` : running.describeFailure(exit);
        clearInterval(intact.timer);
      }
      if (signal.aborted) return;
      const waitMs = backoff.next(running === undefined ? 0 : performance.now() - servedSince);
      tell(`${failure.replace(/\.$/, '')}; starting again in ${(waitMs / 1_000).toFixed(1)} s`);
      await sleep(waitMs, signal);
      if (signal.aborted) return;
      try {
        running = await this.#startProcess();
        tell(`${spec.name} runs again`);
      } catch (error) {
        running = undefined;
        failure = errorMessage(error);
      }
    }
  }

  /** Stops the process when it can't be reached any more; then it is started anew like one that ended by itself. */
  #watchIntactness(running: ManagedProcess): { lost: boolean; readonly timer: NodeJS.Timeout } {
    const { spec, tell } = this.#parts;
    const timer = setInterval(() => {
      if (watch.lost || spec.isIntact?.() !== false || this.#ending.signal.aborted) return;
      watch.lost = true;
      running.stop().catch((error: unknown) => tell(`${spec.name}: ${errorMessage(error)}`));
    }, INTACT_POLL_MS);
    const watch = { lost: false, timer };
    return watch;
  }

  /** Stops it for good. Idempotent. */
  async stop(): Promise<void> {
    this.#ending.abort();
    await this.#process?.stop();
    await this.#work;
    this.#parts.pidFiles.remove(this.name);
    await this.#parts.log.close();
  }

  /** SIGKILL at once, for somebody who can't wait. */
  kill(): void {
    this.#ending.abort();
    this.#process?.signal('SIGKILL');
  }
}
