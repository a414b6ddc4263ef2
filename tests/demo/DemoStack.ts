import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { NODE, ROOT } from '../../infra/src/services/paths.ts';
import { freePort } from '../../infra/src/system/ports.ts';
import { StartError } from '../../infra/src/system/StartError.ts';

const START = path.join(ROOT, 'infra/src/tasks/start.ts');
/** The first start lays a database in and fills it with the district. */
const START_TIMEOUT_MS = 180_000;
const POLL_MS = 100;

export interface DemoStackOptions {
  readonly replicas: number;
  readonly sfuNodes: number;
}

/** What `npm start` starts, on a port and with data of its own, beside whatever else runs on this machine. */
export class DemoStack {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #dataDirectory: string;
  readonly #exited: Promise<unknown>;

  private constructor(url: string, child: ChildProcess, dataDirectory: string) {
    this.url = url;
    this.#child = child;
    this.#dataDirectory = dataDirectory;
    this.#exited = once(child, 'exit');
  }

  /** @throws StartError with what the start itself says when it fails */
  static async start({ replicas, sfuNodes }: DemoStackOptions): Promise<DemoStack> {
    const port = await freePort();
    const dataDirectory = await mkdtemp(path.join(tmpdir(), 'cloud-hospital-demo-'));
    const args = ['--replicas', String(replicas), '--sfu', String(sfuNodes)];
    const child = spawn(NODE, ['--disable-warning=ExperimentalWarning', START, ...args], {
      cwd: ROOT,
      // With the channel the start notices our death and stops what it started.
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        ...process.env,
        PORT: String(port),
        HOST: '127.0.0.1',
        DATA_DIR: dataDirectory,
        MEDIA_BASE_PORT: undefined,
      },
    });
    const stack = new DemoStack(`http://localhost:${port}`, child, dataDirectory);
    const lines: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        lines.push(...text.split('\n').filter((line) => line.trim() !== ''));
      });
    }
    try {
      await stack.#untilHealthy(lines);
      return stack;
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  async #untilHealthy(lines: readonly string[]): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (!(await this.#isHealthy())) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
        throw new StartError(`The demonstration’s own start failed: ${lines.at(-1) ?? 'it said nothing'}`);
      }
      if (performance.now() > deadline) throw new StartError('The demonstration’s own start took too long.');
      await delay(POLL_MS);
    }
  }

  #isHealthy(): Promise<boolean> {
    return fetch(`${this.url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    if (this.#child.exitCode === null && this.#child.signalCode === null) await this.#exited;
    await rm(this.#dataDirectory, { recursive: true, force: true });
  }
}
