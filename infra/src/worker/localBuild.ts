import { cp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from './log.ts';
import { type Patch, applyPatch, patches } from './patches.ts';
import {
  canInstallPackages,
  describeMissing,
  findMissing,
  hasAptGet,
  installPackages,
  lastLines,
} from './requirements.ts';
import { type RunOptions, run } from './run.ts';

const SHIMS = fileURLToPath(new URL('./shims', import.meta.url));
const PRECOMPILED_HEADERS = fileURLToPath(new URL('./pch', import.meta.url));

/** A translation unit of the worker takes up to about this much memory at -O3; less, and the machine swaps. */
const BYTES_PER_JOB = 1024 ** 3;
const PROGRESS_INTERVAL_MS = 5_000;

export type BuildResult = { ok: true; binary: string } | { ok: false; reason: string };

/**
 * Builds the worker from the sources in mediasoup's npm package against the system's libraries, in `directory`.
 * Needs neither GitHub nor PyPI.
 *
 * @param failureLog where the compiler's output is kept if it fails.
 * @throws PatchError if the sources aren't the ones the patches were made for.
 */
export async function buildWorker(options: {
  workerSources: string;
  directory: string;
  failureLog: string;
  log: Log;
}): Promise<BuildResult> {
  const { workerSources, directory, failureLog, log } = options;
  const lacking = await provideRequirements(log);
  if (lacking !== undefined) return { ok: false, reason: lacking };

  const source = path.join(directory, 'worker');
  const out = path.join(directory, 'out');
  await prepareSources(workerSources, source);

  const jobs = buildJobs(os.availableParallelism(), process.availableMemory());
  log(`Building the media worker with ${jobs} job(s); this takes about three minutes on two cores, once.`);
  const started = Date.now();
  const steps: { command: string; args: string[]; options?: RunOptions }[] = [
    {
      command: 'meson',
      // nodownload: a stand-in that is missing must fail here, not turn into a download.
      args: ['setup', '--buildtype', 'release', '-Db_ndebug=true', '--wrap-mode', 'nodownload', out, source],
    },
    {
      // The worker's libwebrtc includes headers made from the FlatBuffers schemas without telling Meson so; on many
      // cores it is compiled before they exist. Asking for one of them makes them all.
      command: 'ninja',
      args: ['-C', out, 'fbs/FBS/message.h'],
    },
    {
      command: 'ninja',
      args: ['-C', out, '-j', String(jobs), 'mediasoup-worker'],
      options: { onLine: reportProgress(log, started) },
    },
    { command: 'strip', args: [path.join(out, 'mediasoup-worker')] },
  ];
  let everything = '';
  for (const step of steps) {
    const result = await run(step.command, step.args, { ...step.options, env: buildEnvironment() });
    everything += `$ ${step.command} ${step.args.join(' ')}\n${result.output}\n`;
    if (result.code !== 0) {
      await writeFile(failureLog, everything);
      const how = result.signal ? `was ended by ${result.signal}` : `failed (exit ${result.code})`;
      const hint = result.signal === 'SIGKILL' || /Killed signal/.test(result.output) ? '; was memory short?' : '';
      return {
        ok: false,
        reason: `${step.command} ${how}${hint}, full log in ${failureLog}\n${lastLines(result.output, 25)}`,
      };
    }
  }
  await rm(failureLog, { force: true });
  log(`Built in ${Math.round((Date.now() - started) / 1000)} s.`);
  return { ok: true, binary: path.join(out, 'mediasoup-worker') };
}

/** @returns undefined when everything is there (by now), else what to do about it. */
async function provideRequirements(log: Log): Promise<string | undefined> {
  let missing = await findMissing();
  if (missing.length === 0) return undefined;
  let trouble = '';
  if (await canInstallPackages()) {
    const failure = await installPackages(missing, log);
    missing = await findMissing();
    if (missing.length === 0) return undefined;
    if (failure !== undefined) trouble = `apt-get could not install what is missing:\n${failure}\n`;
  }
  return trouble + describeMissing(missing, await hasAptGet());
}

/** Copies the worker's sources, lays the stand-ins for the libraries they would download, applies the patches. */
export async function prepareSources(workerSources: string, target: string): Promise<void> {
  await cp(workerSources, target, { recursive: true });
  const subprojects = path.join(target, 'subprojects');
  // All of it: a .wrap file left behind would make Meson download.
  await rm(subprojects, { recursive: true, force: true });
  await cp(SHIMS, subprojects, { recursive: true });
  await cp(PRECOMPILED_HEADERS, path.join(target, 'pch'), { recursive: true });
  // One after the other, for two of them change the same file.
  for (const patch of patches) await patchFile(target, patch);
}

async function patchFile(directory: string, patch: Patch): Promise<void> {
  const file = path.join(directory, patch.file);
  const patched = applyPatch(await readFile(file, 'utf8'), patch);
  // Replaced rather than overwritten: package managers with a shared store make their files read-only.
  await writeFile(`${file}.patched`, patched);
  await rename(`${file}.patched`, file);
}

export function buildJobs(cores: number, availableBytes: number): number {
  return Math.max(1, Math.min(cores, Math.floor(availableBytes / BYTES_PER_JOB)));
}

/** English messages for whoever reads the log; flags of the caller's shell must not slip into the build. */
function buildEnvironment(): Record<string, string | undefined> {
  return { ...process.env, LC_ALL: 'C.UTF-8', CFLAGS: undefined, CXXFLAGS: undefined, LDFLAGS: undefined };
}

/** Ninja prints `[12/261] Compiling …`; one line in some seconds is enough for a person. */
function reportProgress(log: Log, started: number): (line: string) => void {
  let last = 0;
  return (line) => {
    const match = /^\[(\d+)\/(\d+)\]/.exec(line);
    if (!match || Date.now() - last < PROGRESS_INTERVAL_MS) return;
    last = Date.now();
    const percent = Math.floor((Number(match[1]) / Number(match[2])) * 100);
    log(`  compiling: ${percent} % (${match[1]} of ${match[2]}, ${Math.round((Date.now() - started) / 1000)} s)`);
  };
}
