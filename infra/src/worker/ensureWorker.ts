/**
 * Obtains a mediasoup-worker that runs on this machine. mediasoup's own postinstall does it by download or by a
 * build that itself downloads, and takes `npm install` down with it when neither works; so it is switched off
 * (`allowScripts` in the root package.json) and this takes its place, with a build from the system's packages as
 * the last way.
 *
 * From the command line: `node infra/src/worker/ensureWorker.ts` prints the path; progress goes to stderr.
 */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { downloadPrebuilt } from './prebuilt.ts';
import { buildWorker } from './localBuild.ts';
import { withLock } from './lock.ts';
import type { Log } from './log.ts';
import { type Environment, type Host, binaryName, cacheKey, cacheRoot } from './naming.ts';
import { probeWorker } from './probe.ts';

/** No way led to a worker; the message says what was tried and what to do. */
export class WorkerUnavailableError extends Error {
  override name = 'WorkerUnavailableError';
}

export interface EnsureWorkerOptions {
  log: Log;
  env?: Environment;
}

const TEMPORARY_PREFIX = 'tmp-';

/**
 * @returns the absolute path of a binary that was just seen to start; hand it to mediasoup as
 *   `MEDIASOUP_WORKER_BIN` or `workerBin`.
 * @throws WorkerUnavailableError if there is none to be had.
 */
export async function ensureWorker({ log, env = process.env }: EnsureWorkerOptions): Promise<string> {
  const mediasoup = locateMediasoup();
  const host = readHost();

  // mediasoup's own variable: whoever sets it has decided, so it isn't quietly replaced if it doesn't work.
  if (env.MEDIASOUP_WORKER_BIN) {
    const chosen = path.resolve(env.MEDIASOUP_WORKER_BIN);
    const probe = await probeWorker(chosen, mediasoup.version);
    if (probe.ok) return chosen;
    throw new WorkerUnavailableError(`MEDIASOUP_WORKER_BIN is set to ${chosen}, but it does not run: ${probe.reason}`);
  }

  const directory = path.join(cacheRoot(env, os.homedir()), cacheKey(mediasoup.version, host));
  const binary = path.join(directory, binaryName(host.platform));
  if (await takeCached(binary, mediasoup.version)) return binary;

  await mkdir(directory, { recursive: true });
  const onWait = (): void => log('Another process is preparing the media worker; waiting for it.');
  return withLock(path.join(directory, 'lock'), onWait, async () => {
    // Whoever held the lock before us has probably done the work.
    if (await takeCached(binary, mediasoup.version, log)) return binary;
    await removeLeftovers(directory);
    const temporary = await mkdtemp(path.join(directory, TEMPORARY_PREFIX));
    try {
      const fresh = await obtain({ mediasoup, host, env, directory, temporary, log });
      // One step on the same file system: at this path there is a whole binary or none.
      await rename(fresh, binary);
      log(`Media worker ready: ${binary}`);
      return binary;
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  });
}

/** @returns the path, inside `temporary`, of a binary that runs. */
async function obtain(options: {
  mediasoup: Mediasoup;
  host: Host;
  env: Environment;
  directory: string;
  temporary: string;
  log: Log;
}): Promise<string> {
  const { mediasoup, host, env, directory, temporary, log } = options;

  let whyNoPrebuilt = 'skipped, as MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD asks';
  if (!env.MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD) {
    const prebuilt = await downloadPrebuilt({
      mediasoupVersion: mediasoup.version,
      host,
      env,
      directory: temporary,
      log,
    });
    if (prebuilt.ok) return prebuilt.binary;
    whyNoPrebuilt = prebuilt.reason;
    log(`No prebuilt worker: ${prebuilt.reason}`);
  }

  const build = await buildWorker({
    workerSources: path.join(mediasoup.directory, 'worker'),
    directory: temporary,
    failureLog: path.join(directory, 'build-failed.log'),
    log,
  });
  let whyNoBuild: string;
  if (build.ok) {
    const probe = await probeWorker(build.binary, mediasoup.version);
    if (probe.ok) return build.binary;
    whyNoBuild = `the built worker does not run: ${probe.reason}`;
  } else {
    whyNoBuild = build.reason;
  }
  throw new WorkerUnavailableError(
    `There is no media worker (mediasoup ${mediasoup.version}) for this machine, and without it no calls.\n` +
      `Prebuilt download: ${whyNoPrebuilt}\nLocal build: ${whyNoBuild}`,
  );
}

/** A cached binary may have stopped working (upgraded libraries, a home shared between machines): start it. */
async function takeCached(binary: string, mediasoupVersion: string, log?: Log): Promise<boolean> {
  const probe = await probeWorker(binary, mediasoupVersion);
  if (!probe.ok && !probe.reason.includes('ENOENT')) {
    log?.(`The cached worker no longer runs (${probe.reason}); getting a new one.`);
  }
  return probe.ok;
}

/** Only called under the lock: what lies here was left by a process that was killed. */
async function removeLeftovers(directory: string): Promise<void> {
  const leftovers = (await readdir(directory)).filter((name) => name.startsWith(TEMPORARY_PREFIX));
  await Promise.all(leftovers.map(async (name) => rm(path.join(directory, name), { recursive: true, force: true })));
}

interface Mediasoup {
  directory: string;
  version: string;
}

/** Finds the mediasoup that the media node will load, wherever npm put it. */
function locateMediasoup(): Mediasoup {
  const fromSfu = createRequire(new URL('../../../sfu/package.json', import.meta.url));
  // Its package.json isn't among its exports, so the way leads up from its entry point.
  let directory = path.dirname(fromSfu.resolve('mediasoup'));
  while (path.dirname(directory) !== directory) {
    const version = versionOfMediasoupAt(directory);
    if (version !== undefined) return { directory, version };
    directory = path.dirname(directory);
  }
  throw new WorkerUnavailableError('mediasoup is installed but its package.json is not to be found; run npm ci');
}

function versionOfMediasoupAt(directory: string): string | undefined {
  const text = readIfThere(path.join(directory, 'package.json'));
  if (text === undefined) return undefined;
  const manifest: unknown = JSON.parse(text);
  if (typeof manifest !== 'object' || manifest === null) return undefined;
  if (!('name' in manifest) || manifest.name !== 'mediasoup' || !('version' in manifest)) return undefined;
  return typeof manifest.version === 'string' ? manifest.version : undefined;
}

function readHost(): Host {
  return {
    platform: os.platform(),
    arch: os.arch(),
    kernelRelease: os.release(),
    osRelease: readIfThere('/etc/os-release'),
  };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

if (import.meta.main) {
  try {
    const binary = await ensureWorker({ log: (message) => process.stderr.write(`${message}\n`) });
    process.stdout.write(`${binary}\n`);
  } catch (error) {
    if (!(error instanceof WorkerUnavailableError)) throw error;
    process.stderr.write(`\n${error.message}\n`);
    process.exitCode = 1;
  }
}
