import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { NODE, ROOT } from '../../../infra/src/services/paths.ts';
import { descendantsOf, identify, isRunning } from '../../../infra/src/supervisor/processIdentity.ts';
import { freePort } from '../../../infra/src/system/ports.ts';

/** `npm start` as it is, without npm: a data directory and a port of its own, and no web apps to build. */
class Run {
  readonly #child: ChildProcess;
  #output = '';
  readonly exited: Promise<number | null>;

  constructor(dataDirectory: string, port: number, args: readonly string[] = []) {
    this.#child = spawn(NODE, [path.join(ROOT, 'infra/src/tasks/start.ts'), '--no-web', '--empty', ...args], {
      env: { ...process.env, DATA_DIR: dataDirectory, PORT: String(port), HOST: '127.0.0.1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child.stdout?.on('data', (data: Buffer) => (this.#output += data.toString()));
    this.#child.stderr?.on('data', (data: Buffer) => (this.#output += data.toString()));
    this.exited = new Promise((resolve) => this.#child.on('close', (code) => resolve(code)));
  }

  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  async up(): Promise<this> {
    const assertUp = (): void => {
      if (!this.#output.includes('Cloud Hospital runs')) throw new Error(`not up:\n${this.#output}`);
    };
    await Promise.race([vi.waitFor(assertUp, { timeout: 90_000, interval: 50 }), this.exited.then(assertUp)]);
    return this;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }
}

let directory: string;
let port: number;
let runs: Run[];

beforeEach(async () => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'start-'));
  port = await freePort();
  runs = [];
});

afterEach(async () => {
  for (const run of runs) run.signal('SIGTERM');
  await Promise.all(runs.map((run) => run.exited));
  rmSync(directory, { recursive: true, force: true });
}, 60_000);

function start(args?: readonly string[], to = port, dataDirectory = path.join(directory, 'data')): Run {
  const run = new Run(dataDirectory, to, args);
  runs.push(run);
  return run;
}

const health = async (): Promise<number> => (await fetch(`http://127.0.0.1:${port}/healthz`)).status;
const notedPid = (name: string): number =>
  z.object({ pid: z.int() }).parse(JSON.parse(readFileSync(path.join(directory, `data/run/${name}.pid.json`), 'utf8')))
    .pid;

test('what is killed returns, what the supervisor leaves is cleaned up, and stopping leaves nothing', {
  timeout: 180_000,
}, async () => {
  const first = await start().up();
  expect(await health()).toBe(200);

  const killed = notedPid('signaling-1');
  process.kill(killed, 'SIGKILL');
  await vi.waitFor(async () => expect(await health()).toBe(200), { timeout: 20_000, interval: 100 });
  expect(notedPid('signaling-1')).not.toBe(killed);

  const orphans = descendantsOf(first.pid);
  expect(orphans.length).toBeGreaterThan(4);
  first.signal('SIGKILL');
  await first.exited;

  const second = await start().up();
  expect(second.output).toMatch(/ended what an earlier run left behind: postgres, redis, sfu-1, signaling-1/);
  expect(orphans.filter(isRunning)).toEqual([]);
  expect(await health()).toBe(200);

  const all = descendantsOf(second.pid);
  second.signal('SIGTERM');
  expect(await second.exited).toBe(0);
  await vi.waitFor(() => expect(all.filter(isRunning)).toEqual([]), { timeout: 5_000 });
});

test('several replicas stand behind one address, and one of them may die', { timeout: 120_000 }, async () => {
  await start(['--replicas', '2', '--sfu', '2']).up();
  const replicas = new Set<unknown>();
  const ask = async (): Promise<void> => {
    const response = await fetch(`http://127.0.0.1:${port}/healthz`, { headers: { connection: 'close' } });
    const body = z.object({ replicaId: z.uuid() }).parse(await response.json());
    replicas.add(body.replicaId);
  };
  await vi.waitFor(async () => {
    await ask();
    expect(replicas.size).toBe(2);
  });
  expect(identify(notedPid('sfu-2'))).toBeDefined();
  expect((await fetch(`http://127.0.0.1:${port}/metrics`)).status).toBe(404);

  process.kill(notedPid('signaling-2'), 'SIGKILL');
  for (let asked = 0; asked < 20; asked += 1) expect(await health()).toBe(200);
});

test('a second start on the same data says who is there', { timeout: 120_000 }, async () => {
  const first = await start().up();
  const second = start([], await freePort());
  expect(await second.exited).toBe(1);
  expect(second.output).toContain(
    `This already runs: Process ${first.pid} uses ${directory}/data and serves http://localhost:${port}.`,
  );
  expect(second.output).not.toContain('    at ');
});

test('a taken port is one sentence', { timeout: 60_000 }, async () => {
  const squatter = createServer();
  await new Promise<void>((resolve) => squatter.listen(port, '127.0.0.1', resolve));
  const run = start();
  expect(await run.exited).toBe(1);
  squatter.close();
  expect(run.output.trim().split('\n').at(-1)).toBe(
    `Port ${port} is in use by another program: stop it, or choose another port (PORT=8090 npm start).`,
  );
});

test('a data directory that is no directory is one sentence', { timeout: 60_000 }, async () => {
  const run = start([], port, path.join(ROOT, 'package.json'));
  expect(await run.exited).toBe(1);
  expect(run.output).toContain('package.json is not a directory: choose another DATA_DIR.');
});
