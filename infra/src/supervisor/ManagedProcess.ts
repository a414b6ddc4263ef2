import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { accessSync, closeSync, constants, openSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage, StartError } from '../system/StartError.ts';
import type { ProcessSpec } from './ProcessSpec.ts';

const READY_POLL_MS = 15;
const KEPT_LINES = 40;
/** How long to wait for the last lines of a child that has ended. */
const OUTPUT_GRACE_MS = 200;
const SETPRIV = '/usr/bin/setpriv';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ManagedProcessEvents {
  readonly onLine?: (line: string) => void;
  /** As soon as it has a pid, before it is ready: so that a pid file is never missing. */
  readonly onSpawn?: (pid: number) => void;
}

/** One running child. It isn't restarted: that is the Supervisor's job. */
export class ManagedProcess {
  readonly spec: ProcessSpec;
  readonly pid: number;
  /** Settles when the process has ended; never rejects. */
  readonly exited: Promise<Exit>;
  readonly #child: ChildProcess;
  readonly #lastLines: string[];
  #ended = false;

  private constructor(spec: ProcessSpec, child: ChildProcess, pid: number, lastLines: string[]) {
    this.spec = spec;
    this.pid = pid;
    this.#child = child;
    this.#lastLines = lastLines;
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#ended = true;
        // `close` follows when its output is read to the end, or never if a grandchild still holds the pipe.
        const timer = setTimeout(() => resolve({ code, signal }), OUTPUT_GRACE_MS);
        child.once('close', () => {
          clearTimeout(timer);
          resolve({ code, signal });
        });
      });
    });
  }

  get running(): boolean {
    return !this.#ended;
  }

  /**
   * Starts the child and waits until it serves.
   * @param signal stops it while it starts
   * @throws StartError when it can't be started, ends, or isn't ready in time; nothing is left running then
   */
  static async start(
    spec: ProcessSpec,
    events: ManagedProcessEvents = {},
    signal?: AbortSignal,
  ): Promise<ManagedProcess> {
    await spec.beforeStart?.();
    const started = await ManagedProcess.#spawn(spec, events);
    const ended = started.exited.then((exit) => ({ exit }));
    const deadline = performance.now() + spec.readyTimeoutMs;
    let lastProblem = 'no answer';
    for (;;) {
      const outcome = await Promise.race([
        ended,
        spec.isReady().catch((error: unknown) => {
          lastProblem = errorMessage(error);
          return false;
        }),
      ]);
      if (outcome === true) return started;
      if (typeof outcome === 'object') throw new StartError(started.describeFailure(outcome.exit));
      if (signal?.aborted === true) {
        await started.stop();
        throw new StartError(`${spec.name} was stopped while it started.`);
      }
      if (performance.now() > deadline) {
        await started.stop();
        throw new StartError(
          `${spec.name} did not become ready within ${spec.readyTimeoutMs / 1000} s (${lastProblem}); see its log.`,
        );
      }
      await Promise.race([ended, delay(READY_POLL_MS)]);
    }
  }

  static async #spawn(spec: ProcessSpec, events: ManagedProcessEvents): Promise<ManagedProcess> {
    const directory = spec.openDirectory === undefined ? undefined : openSync(spec.openDirectory, 'r');
    try {
      const stdio: StdioOptions = [spec.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'];
      if (directory !== undefined) stdio.push(directory);
      const [command, args] = spec.dieWithParent === true ? withParentDeathSignal(spec) : [spec.command, spec.args];
      const child = spawn(command, args, {
        cwd: spec.cwd,
        env: spec.env,
        stdio,
        // A process group of its own: Ctrl-C in the terminal reaches only us, who then stop the children in order.
        detached: true,
        ...(spec.user === undefined || command !== spec.command ? {} : { uid: spec.user.uid, gid: spec.user.gid }),
      });
      const lastLines: string[] = [];
      for (const stream of [child.stdout, child.stderr]) {
        if (stream === null) continue;
        createInterface({ input: stream }).on('line', (line) => {
          lastLines.push(line);
          if (lastLines.length > KEPT_LINES) lastLines.shift();
          events.onLine?.(line);
        });
      }
      const pid = await new Promise<number>((resolve, reject) => {
        child.once('error', (error) => reject(new StartError(`${spec.name} can't be started: ${error.message}.`)));
        child.once('spawn', () => {
          if (child.pid !== undefined) resolve(child.pid);
        });
      });
      const started = new ManagedProcess(spec, child, pid, lastLines);
      events.onSpawn?.(pid);
      if (spec.stdin !== undefined && child.stdin !== null) {
        // A child that dies at once breaks the pipe; its exit is what gets reported.
        child.stdin.on('error', (error) => lastLines.push(`stdin: ${error.message}`));
        child.stdin.end(spec.stdin);
      }
      return started;
    } finally {
      if (directory !== undefined) closeSync(directory);
    }
  }

  /** What to tell a person about an end that nobody asked for. */
  describeFailure(exit: Exit): string {
    // Killed from outside: what it logged last has nothing to do with it.
    if (exit.signal !== null) return `${this.spec.name} ended (${exit.signal})`;
    const explained = this.spec.explainFailure?.(this.#lastLines);
    if (explained !== undefined) return explained;
    const last = this.#lastLines.at(-1);
    return `${this.spec.name} ended (exit code ${exit.code})${last === undefined ? '' : `: ${last}`}`;
  }

  signal(signal: NodeJS.Signals): void {
    if (!this.#ended) this.#child.kill(signal);
  }

  /** Asks it to stop, kills it when it doesn't. Idempotent. */
  async stop(): Promise<Exit> {
    this.signal(this.spec.stopSignal);
    const timer = setTimeout(() => this.signal('SIGKILL'), this.spec.stopTimeoutMs);
    try {
      return await this.exited;
    } finally {
      clearTimeout(timer);
    }
  }
}

/**
 * Node can't ask the kernel for a signal at the parent's death (prctl PR_SET_PDEATHSIG); util-linux' setpriv can, and
 * it replaces itself by the command, so pid and pipes stay the same. Changing the user clears the request, so both
 * are done there. Where it is missing the child is started plainly.
 */
function withParentDeathSignal(spec: ProcessSpec): [string, readonly string[]] {
  try {
    accessSync(SETPRIV, constants.X_OK);
  } catch {
    return [spec.command, spec.args];
  }
  const user =
    spec.user === undefined ? [] : [`--reuid=${spec.user.uid}`, `--regid=${spec.user.gid}`, '--clear-groups'];
  return [SETPRIV, [...user, `--pdeathsig=${spec.stopSignal}`, '--', spec.command, ...spec.args]];
}
