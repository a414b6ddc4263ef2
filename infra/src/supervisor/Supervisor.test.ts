import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { identify, isRunning } from './processIdentity.ts';
import type { ProcessSpec } from './ProcessSpec.ts';
import { Supervisor } from './Supervisor.ts';

let directory: string;
let told: string[];
let supervisor: Supervisor;

beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'supervisor-'));
  told = [];
  supervisor = makeSupervisor();
});

afterEach(async () => {
  await supervisor.stop();
  rmSync(directory, { recursive: true, force: true });
});

function makeSupervisor(): Supervisor {
  return new Supervisor({
    runDirectory: path.join(directory, 'run'),
    logDirectory: path.join(directory, 'logs'),
    tell: (line) => told.push(line),
    restart: { firstMs: 10, maxMs: 50, stableAfterMs: 10_000 },
  });
}

/** A child that writes a file when it is ready and notes in `ends` when it is asked to stop. */
function child(name: string, script = 'setInterval(() => {}, 1000)', extra: Partial<ProcessSpec> = {}): ProcessSpec {
  const ready = path.join(directory, `${name}.ready`);
  const prelude =
    `const fs = require('node:fs');` +
    `process.on('SIGTERM', () => { fs.appendFileSync(${JSON.stringify(path.join(directory, 'ends'))}, '${name} '); process.exit(0); });` +
    `fs.writeFileSync(${JSON.stringify(ready)}, String(process.pid));`;
  return {
    name,
    command: process.execPath,
    args: ['-e', `${prelude}${script}`],
    env: {},
    cwd: '/',
    beforeStart: async () => rmSync(ready, { force: true }),
    isReady: async () => existsSync(ready) && readFileSync(ready, 'utf8') !== '',
    readyTimeoutMs: 5_000,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 5_000,
    ...extra,
  };
}

const pidOf = (name: string): number | undefined => supervisor.children.find((it) => it.name === name)?.pid;

test('stages stop in the opposite order of their start', async () => {
  await supervisor.startStage([child('database')]);
  await supervisor.startStage([child('signaling')]);
  await supervisor.stop();
  expect(readFileSync(path.join(directory, 'ends'), 'utf8')).toBe('signaling database ');
});

test('a child that is killed runs again, and its pid file follows', async () => {
  await supervisor.startStage([child('media')]);
  const first = pidOf('media') ?? 0;
  process.kill(first, 'SIGKILL');
  await vi.waitFor(() => expect(told).toContain('media runs again'), { timeout: 5_000 });
  const second = pidOf('media') ?? 0;
  expect(second).not.toBe(first);
  const note: unknown = JSON.parse(readFileSync(path.join(directory, 'run/media.pid.json'), 'utf8'));
  expect(note).toMatchObject({ pid: second });
  expect(told[0]).toMatch(/^media ended \(SIGKILL\).*starting again in/);
});

test('a first start that fails is an error with the last line the child wrote, not a loop', async () => {
  const broken = child('broken', '', { args: ['-e', `console.error('no such luck'); process.exit(3)`] });
  await expect(supervisor.startStage([broken])).rejects.toThrow('broken ended (exit code 3): no such luck');
});

test('a program that is missing is an error in one sentence', async () => {
  await expect(supervisor.startStage([child('ghost', '', { command: '/no/such/program' })])).rejects.toThrow(
    "ghost can't be started",
  );
});

test('a child that never becomes ready is stopped', async () => {
  const slow = child('slow', undefined, {
    isReady: () => Promise.reject(new Error('nobody home')),
    readyTimeoutMs: 300,
  });
  await expect(supervisor.startStage([slow])).rejects.toThrow(/did not become ready within 0.3 s \(nobody home\)/);
  const pid = Number(readFileSync(path.join(directory, 'slow.ready'), 'utf8'));
  expect(identify(pid)).toBeUndefined();
});

test('a child that ignores the polite signal is killed', async () => {
  const stubborn = child(
    'stubborn',
    `process.removeAllListeners('SIGTERM'); process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)`,
    {
      stopTimeoutMs: 100,
    },
  );
  await supervisor.startStage([stubborn]);
  const pid = pidOf('stubborn') ?? 0;
  await supervisor.stop();
  expect(identify(pid)).toBeUndefined();
});

test('the next supervisor ends what a killed one left, and nobody whose pid was reused', async () => {
  await supervisor.startStage([child('orphan')]);
  const orphan = identify(pidOf('orphan') ?? 0);
  if (orphan === undefined) throw new Error('the orphan does not run');
  // As if the pid of an old child were now that of somebody else: us.
  const foreign = { pid: process.pid, startedAt: 'another boot/1', stopSignal: 'SIGTERM' };
  writeFileSync(path.join(directory, 'run/foreign.pid.json'), JSON.stringify(foreign));
  writeFileSync(path.join(directory, 'run/torn.pid.json'), '{"pid":');

  expect(await makeSupervisor().endLeftovers()).toEqual(['orphan']);
  expect(isRunning(orphan)).toBe(false);
  expect(existsSync(path.join(directory, 'run/foreign.pid.json'))).toBe(false);
});

test('stopping while a child starts leaves nothing behind', async () => {
  const slow = child('slow', undefined, { isReady: () => Promise.resolve(false), readyTimeoutMs: 10_000 });
  const starting = supervisor.startStage([slow]);
  starting.catch((error: unknown) => told.push(String(error)));
  await vi.waitFor(() => expect(existsSync(path.join(directory, 'slow.ready'))).toBe(true), { timeout: 5_000 });
  await supervisor.stop();
  await expect(starting).rejects.toThrow('was stopped while it started');
  expect(identify(Number(readFileSync(path.join(directory, 'slow.ready'), 'utf8')))).toBeUndefined();
});

test('a child whose socket was deleted is started anew', async () => {
  const media = child('media');
  const socket = path.join(directory, 'media.ready');
  await supervisor.startStage([{ ...media, isIntact: () => existsSync(socket) }]);
  const first = pidOf('media');
  rmSync(socket);
  await vi.waitFor(() => expect(told).toContain('media runs again'), { timeout: 8_000 });
  expect(told[0]).toMatch(/^media lost the file of its socket; starting again/);
  expect(pidOf('media')).not.toBe(first);
}, 10_000);

test('a child logs to its file; only warnings and worse reach the console', async () => {
  const lines = [`{"level":30,"msg":"calm"}`, `{"level":50,"msg":"trouble","err":{"message":"disk"}}`];
  const script = `${lines.map((line) => `console.log(${JSON.stringify(line)});`).join('')}setInterval(() => {}, 1000)`;
  await supervisor.startStage([child('chatty', script)]);
  await vi.waitFor(() => expect(told).toContain('chatty: trouble: disk'));
  await supervisor.stop();
  const log = readFileSync(path.join(directory, 'logs/chatty.log'), 'utf8');
  expect(log).toContain('calm');
  expect(told.join()).not.toContain('calm');
});
