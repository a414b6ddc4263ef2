import { spawnSync } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { readIfThere } from '../system/files.ts';
import { errorCode, StartError } from '../system/StartError.ts';
import type { PostgresBinaries } from './binaries.ts';
import { explainPostgresFailure, POSTGRES_MAJOR } from './postgresFailure.ts';
import type { UnixUser } from './runAsUser.ts';

export interface InitialiseOptions {
  readonly dataDirectory: string;
  readonly binaries: PostgresBinaries;
  readonly user: UnixUser | undefined;
  readonly superuserPassword: string;
  /** Reachable by `user`; for the password file, which is gone afterwards. */
  readonly scratchDirectory: string;
  /** Flush to disk: yes, but for tests. */
  readonly durable: boolean;
  readonly log: (line: string) => void;
}

/** How a data directory is named to PostgreSQL when it is handed over as an open directory; see EmbeddedPostgres. */
export const OPEN_DIRECTORY = '/proc/self/fd/3';

/**
 * Makes the database cluster unless it is there. A cluster cut short by a crash never stands at the final path.
 * @throws StartError when the directory holds something else
 */
export function initialiseCluster(options: InitialiseOptions): void {
  const { dataDirectory, log } = options;
  assertOurs(options.user, dataDirectory);
  const version = readIfThere(path.join(dataDirectory, 'PG_VERSION'))?.trim();
  if (version === POSTGRES_MAJOR) {
    giveTo(options.user, dataDirectory);
    return;
  }
  if (version !== undefined) {
    throw new StartError(
      `The database in ${dataDirectory} was made by PostgreSQL ${version}, ${POSTGRES_MAJOR} is needed: restore a ` +
        'backup into a new DATA_DIR, or start with another DATA_DIR.',
    );
  }
  if (!isAbsentOrEmpty(dataDirectory)) {
    throw new StartError(
      `The directory ${dataDirectory} is damaged (no PG_VERSION in it): restore a backup (infra/backup), or move the ` +
        'directory away to begin with an empty one.',
    );
  }
  log('making a new database');
  const fresh = `${dataDirectory}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  if (options.user !== undefined) chownSync(fresh, options.user.uid, options.user.gid);
  runInitdb(options, fresh);
  rmSync(dataDirectory, { recursive: true, force: true });
  renameSync(fresh, dataDirectory);
}

function runInitdb(options: InitialiseOptions, directory: string): void {
  const { user, binaries, log } = options;
  const passwordFile = path.join(options.scratchDirectory, 'initdb-password');
  writeFileSync(passwordFile, `${options.superuserPassword}\n`, { mode: 0o600 });
  if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
  const handle = openSync(directory, 'r');
  try {
    const result = spawnSync(
      binaries.initdb,
      [
        `--pgdata=${user === undefined ? directory : OPEN_DIRECTORY}`,
        '--username=postgres',
        '--auth=scram-sha-256',
        `--pwfile=${passwordFile}`,
        '--encoding=UTF8',
        // The built-in provider sorts the same on every machine, whatever locales the system has.
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--no-instructions',
        ...(options.durable ? [] : ['--no-sync']),
      ],
      {
        cwd: '/',
        encoding: 'utf8',
        env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
        stdio: ['ignore', 'pipe', 'pipe', handle],
        ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
      },
    );
    if (result.error !== undefined) throw new StartError(`The database can't be made: ${result.error.message}.`);
    if (result.status !== 0) {
      const lines = result.stderr.trim().split('\n');
      for (const line of lines) log(line);
      throw new StartError(
        explainPostgresFailure(lines, options.dataDirectory) ?? `The database can't be made: ${lines.at(-1)}.`,
      );
    }
  } finally {
    closeSync(handle);
    rmSync(passwordFile, { force: true });
  }
}

/** Another user's files can't even be looked at; root can take them over. */
function assertOurs(user: UnixUser | undefined, directory: string): void {
  const owner = existsSync(directory) ? statSync(directory).uid : undefined;
  if (user !== undefined || owner === undefined || owner === process.getuid?.()) return;
  throw new StartError(
    `The database in ${directory} belongs to another user (uid ${owner}): start as that user or as root, or ` +
      'choose another DATA_DIR.',
  );
}

/** Files that root restored or moved belong to root: PostgreSQL wants them to be its user's. */
function giveTo(user: UnixUser | undefined, directory: string): void {
  if (user === undefined || statSync(directory).uid === user.uid) return;
  const result = spawnSync('chown', ['-R', `${user.uid}:${user.gid}`, directory], { encoding: 'utf8' });
  if (result.status !== 0) {
    throw new StartError(`The database in ${directory} can't be given to user ${user.name}: ${result.stderr.trim()}.`);
  }
}

function isAbsentOrEmpty(directory: string): boolean {
  try {
    return readdirSync(directory).length === 0;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true;
    throw error;
  }
}
