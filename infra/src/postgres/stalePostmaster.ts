import { realpathSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endProcess, identify, type ProcessIdentity, processesIn } from '../supervisor/processIdentity.ts';
import { readIfThere } from '../system/files.ts';
import { StartError } from '../system/StartError.ts';

/** SIGINT is PostgreSQL's fast shutdown, SIGQUIT the immediate one, after which it recovers at the next start. */
const STEPS = [
  { signal: 'SIGINT', waitMs: 10_000 },
  { signal: 'SIGQUIT', waitMs: 5_000 },
  { signal: 'SIGKILL', waitMs: 2_000 },
] as const;

/** Backends notice the death of their postmaster by themselves, as a rule within milliseconds. */
const ORPHAN_GRACE_MS = 3_000;

/**
 * Ends what a killed predecessor left running on this data directory and removes its `postmaster.pid`.
 *
 * To be called only by the holder of the lock on the directory's DATA_DIR. Processes are recognised by their current
 * directory, which for every PostgreSQL process is its data directory: a pid from a file may be anybody's by now.
 */
export async function removeStalePostmaster(dataDirectory: string, log: (line: string) => void): Promise<void> {
  const pidFile = path.join(dataDirectory, 'postmaster.pid');
  const noted = readIfThere(pidFile);
  if (noted === undefined) return;
  const pid = Number(noted.split('\n')[0]);
  const directory = realpathSync(dataDirectory);

  const postmaster = processesIn(directory).find((process) => process.pid === pid) ?? identifyWithoutProc(pid);
  if (postmaster !== undefined) {
    log(`stopping the PostgreSQL (process ${pid}) that an earlier run left behind`);
    if (!(await endProcess(postmaster, STEPS))) {
      throw new StartError(`An earlier PostgreSQL (process ${pid}) does not end: stop it and start again.`);
    }
  }
  await endOrphans(directory, log);
  rmSync(pidFile, { force: true });
}

async function endOrphans(directory: string, log: (line: string) => void): Promise<void> {
  const deadline = performance.now() + ORPHAN_GRACE_MS;
  let orphans = processesIn(directory);
  while (orphans.length > 0 && performance.now() < deadline) {
    await delay(30);
    orphans = processesIn(directory);
  }
  if (orphans.length > 0) log(`ending ${orphans.length} orphaned database processes`);
  const ended = await Promise.all(orphans.map((orphan) => endProcess(orphan, STEPS)));
  if (ended.includes(false))
    throw new StartError('Processes of an earlier PostgreSQL do not end: stop them and start again.');
}

/**
 * Without /proc nothing but the pid is known, and that it runs is all one can say: then PostgreSQL's own check of the
 * pid file decides, and a foreign process is never touched.
 */
function identifyWithoutProc(pid: number): ProcessIdentity | undefined {
  if (process.platform === 'linux' || identify(pid) === undefined) return undefined;
  throw new StartError(`A PostgreSQL (process ${pid}) may still use the database: stop it and start again.`);
}
