import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WorkerUnavailableError, ensureWorker } from './ensureWorker.ts';
import { withLock } from './lock.ts';
import { probeWorker } from './probe.ts';

/** Says something on the worker's channel, as a worker does when it runs, then waits to be ended. */
const RUNNING_WORKER = '#!/bin/sh\necho running >&4\nexec sleep 30\n';
const BROKEN_WORKER = '#!/bin/sh\necho "libsrtp2.so.1: cannot open shared object file" >&2\nexit 127\n';

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'ensure-worker-'));
  onTestFinished(async () => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function executable(script: string, file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, script);
  await chmod(file, 0o755);
  return file;
}

/** A mirror of mediasoup's releases with one archive, which holds `script` as the worker. */
async function mirror(script: string): Promise<{ url: string; requests: string[] }> {
  const directory = await temporaryDirectory();
  await executable(script, path.join(directory, 'mediasoup-worker'));
  execFileSync('tar', ['-czf', 'worker.tgz', 'mediasoup-worker'], { cwd: directory });
  const archive = await readFile(path.join(directory, 'worker.tgz'));
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.end(archive);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, requests };
}

describe('probeWorker', () => {
  it('accepts a worker that speaks on its channel', async () => {
    const binary = await executable(RUNNING_WORKER, path.join(await temporaryDirectory(), 'worker'));
    expect(await probeWorker(binary, '3.27.1')).toEqual({ ok: true });
  });

  it("hands on the dynamic linker's complaint", async () => {
    const binary = await executable(BROKEN_WORKER, path.join(await temporaryDirectory(), 'worker'));
    expect(await probeWorker(binary, '3.27.1')).toEqual({
      ok: false,
      reason: expect.stringContaining('cannot open shared object file'),
    });
  });

  it('refuses what is no program and what is not there', async () => {
    const directory = await temporaryDirectory();
    const noProgram = await executable('\0\0\0\0 half a download', path.join(directory, 'worker'));
    expect((await probeWorker(noProgram, '3.27.1')).ok).toBe(false);
    expect((await probeWorker(path.join(directory, 'absent'), '3.27.1')).ok).toBe(false);
  });
});

describe('ensureWorker', () => {
  it('downloads once, however many ask at the same time, and serves the cache from then on', async () => {
    const cache = await temporaryDirectory();
    const { url, requests } = await mirror(RUNNING_WORKER);
    const env = { CLOUD_HOSPITAL_CACHE: cache, MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: url };
    const log = (): void => undefined;

    const paths = await Promise.all([1, 2, 3].map(async () => ensureWorker({ log, env })));
    paths.push(await ensureWorker({ log, env }));

    expect(new Set(paths).size).toBe(1);
    expect(paths[0]?.startsWith(cache)).toBe(true);
    expect(requests).toHaveLength(1);
    // Nothing temporary stays behind.
    expect((await readdir(path.dirname(paths[0] ?? ''))).sort()).toEqual(['lock', 'mediasoup-worker']);
  });

  it('replaces a cached binary that no longer runs, and says so', async () => {
    const { url, requests } = await mirror(RUNNING_WORKER);
    const env = {
      CLOUD_HOSPITAL_CACHE: await temporaryDirectory(),
      MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: url,
    };
    const messages: string[] = [];
    const log = (message: string): void => void messages.push(message);

    const binary = await ensureWorker({ log, env });
    await executable(BROKEN_WORKER, binary);
    expect(await ensureWorker({ log, env })).toBe(binary);

    expect(await readFile(binary, 'utf8')).toBe(RUNNING_WORKER);
    expect(requests).toHaveLength(2);
    expect(messages.join('\n')).toMatch(/no longer runs .*cannot open shared object file/);
  });

  it('does not quietly replace a MEDIASOUP_WORKER_BIN that does not run', async () => {
    const binary = await executable(BROKEN_WORKER, path.join(await temporaryDirectory(), 'worker'));
    const attempt = ensureWorker({ log: () => undefined, env: { MEDIASOUP_WORKER_BIN: binary } });
    await expect(attempt).rejects.toThrow(WorkerUnavailableError);
  });
});

describe('withLock', () => {
  it('lets one in at a time', async () => {
    const file = path.join(await temporaryDirectory(), 'lock');
    let inside = 0;
    let most = 0;
    const task = async (): Promise<void> => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setTimeout(resolve, 20));
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(async () => withLock(file, () => undefined, task)));
    expect(most).toBe(1);
  });

  it('is free again when its holder was killed', async () => {
    const file = path.join(await temporaryDirectory(), 'lock');
    const holder = await startHolder(file);
    const waited: boolean[] = [];
    const entered = withLock(
      file,
      () => {
        waited.push(true);
        holder.kill('SIGKILL');
      },
      async () => 'entered',
    );
    expect(await entered).toBe('entered');
    expect(waited).toEqual([true]);
  });
});

/** Another process that takes the lock and never lets go. */
async function startHolder(file: string): Promise<ChildProcess> {
  const lockModule = new URL('./lock.ts', import.meta.url).href;
  const script = `
    const { withLock } = await import(${JSON.stringify(lockModule)});
    setInterval(() => undefined, 1000);
    await withLock(${JSON.stringify(file)}, () => undefined, () => new Promise(() => console.log('held')));
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  return child;
}
