import { Backoff } from './Backoff.ts';
import { ChildLog } from './ChildLog.ts';
import { PidFiles } from './PidFiles.ts';
import type { ProcessSpec } from './ProcessSpec.ts';
import { SupervisedChild } from './SupervisedChild.ts';

export interface SupervisorOptions {
  /** For pid files. */
  readonly runDirectory: string;
  readonly logDirectory: string;
  /** One line for the person at the console. */
  readonly tell: (line: string) => void;
  readonly restart?: { readonly firstMs: number; readonly maxMs: number; readonly stableAfterMs: number };
}

/** The first restart is quick, because people are in a call; what keeps failing is tried each half minute. */
const RESTART = { firstMs: 100, maxMs: 30_000, stableAfterMs: 30_000 } as const;

/**
 * Runs children in stages (database and Redis, media nodes, signaling, proxy): each stage starts when the one before
 * serves, and stopping goes the other way. A child that ends by itself is started again.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #pidFiles: PidFiles;
  readonly #stages: SupervisedChild[][] = [];
  #stopping: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#pidFiles = new PidFiles(options.runDirectory);
  }

  /** Children by name, with the pid of those that run. */
  get children(): { readonly name: string; readonly pid: number | undefined }[] {
    return this.#stages.flat().map(({ name, pid }) => ({ name, pid }));
  }

  /** Ends what a killed predecessor left running. @returns the names */
  async endLeftovers(): Promise<string[]> {
    return this.#pidFiles.endLeftovers();
  }

  /**
   * Starts a stage and waits until all of it serves.
   * @throws the first StartError; the other children of the stage are left to `stop()`
   */
  async startStage(specs: readonly ProcessSpec[]): Promise<void> {
    if (this.#stopping !== undefined) throw new Error('the supervisor is stopping');
    const stage = specs.map((spec) => this.#adopt(spec));
    this.#stages.push(stage);
    const outcomes = await Promise.allSettled(stage.map((child) => child.start()));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  #adopt(spec: ProcessSpec): SupervisedChild {
    const { tell } = this.#options;
    return new SupervisedChild({
      spec,
      backoff: new Backoff(this.#options.restart ?? RESTART),
      pidFiles: this.#pidFiles,
      log: new ChildLog(this.#options.logDirectory, spec.name, tell),
      tell,
    });
  }

  /** Stops everything, the last stage first. Calling it again awaits the same end. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopStages();
    return this.#stopping;
  }

  async #stopStages(): Promise<void> {
    for (const stage of this.#stages.toReversed()) await Promise.all(stage.map((child) => child.stop()));
  }

  /** For somebody who asked twice. PostgreSQL recovers from it at the next start. */
  kill(): void {
    for (const child of this.#stages.flat()) child.kill();
  }
}
