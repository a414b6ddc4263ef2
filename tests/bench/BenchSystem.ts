import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../infra/src/system/ports.ts';

const START_TIMEOUT_MS = 180_000;
const HEALTH_TIMEOUT_MS = 2_000;
const ROOT = new URL('../..', import.meta.url).pathname;

/** The system as `npm start` runs it, with a state of its own that is removed at the end. */
export class BenchSystem {
  readonly url: string;
  readonly #port: number;
  readonly dataDirectory: string;
  readonly #args: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, dataDirectory: string, args: readonly string[]) {
    this.#port = port;
    this.dataDirectory = dataDirectory;
    this.#args = args;
    this.url = `http://127.0.0.1:${port}`;
  }

  static async create(args: readonly string[]): Promise<BenchSystem> {
    return new BenchSystem(await freePort(), await mkdtemp(join(tmpdir(), 'cloud-hospital-bench-')), args);
  }

  /** @returns milliseconds from the command to the first healthy answer */
  async start(): Promise<number> {
    const startedAt = performance.now();
    const child = spawn(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', 'infra/src/tasks/start.ts', ...this.#args],
      {
        cwd: ROOT,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: {
          ...process.env,
          PORT: String(this.#port),
          DATA_DIR: this.dataDirectory,
          // One machine makes all requests of a whole district here.
          SIGN_IN_RATE_PER_MINUTE: '100000',
          SOCKETS_PER_ADDRESS: '20000',
          MAX_ACTIVE_BOOKINGS: '1000',
          RING_SECONDS: '600',
          LOG_LEVEL: 'warn',
        },
      },
    );
    this.#process = child;
    while (performance.now() - startedAt < START_TIMEOUT_MS) {
      if (child.exitCode !== null) throw new Error('the system under measurement ended while starting');
      if (await this.#isHealthy()) return performance.now() - startedAt;
      await sleep(25);
    }
    throw new Error('the system under measurement did not become healthy');
  }

  async stop(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await exited;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.dataDirectory, { recursive: true, force: true });
  }

  async #isHealthy(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/healthz`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) })).ok;
    } catch {
      // Nothing listens yet, or nothing answers.
      return false;
    }
  }
}
