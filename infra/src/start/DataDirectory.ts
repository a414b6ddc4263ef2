import { accessSync, constants, mkdirSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { readIfThere } from '../system/files.ts';
import { errorCode, errorMessage, StartError } from '../system/StartError.ts';

/** A new database takes some 50 MB and its write-ahead log the same again. Bytes. */
const NEEDED_BYTES = 256 * 1024 * 1024;
/** A supervisor that is stopping lets go of the lock when its children have ended. */
const STOPPING_WAIT_MS = 45_000;
const LOCK_POLL_MS = 100;
/** SQLITE_BUSY: somebody else holds the lock. */
const SQLITE_BUSY = 5;

/**
 * DATA_DIR: all state of one installation, used by one supervisor at a time.
 *
 * The lock is SQLite's on an (empty) database file, because that is a lock of the operating system's kernel, which Node
 * offers nowhere else: it ends with its holder, even by SIGKILL, so that there is no stale lock to recognise.
 */
export class DataDirectory {
  readonly path: string;
  readonly #lock: DatabaseSync;

  private constructor(directory: string, lock: DatabaseSync) {
    this.path = directory;
    this.#lock = lock;
  }

  /** @throws StartError when it can't be written, is full, or another supervisor uses it */
  static async open(directory: string, tell: (line: string) => void): Promise<DataDirectory> {
    makeWritable(directory);
    const { bavail, bsize } = statfsSync(directory);
    if (bavail * bsize < NEEDED_BYTES) {
      throw new StartError(
        `The disk that holds ${directory} is full (${Math.floor((bavail * bsize) / 1024 / 1024)} MB left, ` +
          `${NEEDED_BYTES / 1024 / 1024} MB are needed): free some space or choose another DATA_DIR.`,
      );
    }
    const lock = openLock(path.join(directory, 'supervisor.lock'));
    const deadline = performance.now() + STOPPING_WAIT_MS;
    let waited = false;
    while (!tryLock(lock)) {
      const holder = readIfThere(path.join(directory, 'supervisor.json')) ?? '';
      if (!holder.includes('"stopping"') || performance.now() > deadline) {
        lock.close();
        throw new StartError(describeHolder(directory, holder));
      }
      if (!waited) tell('waiting for the previous run to stop');
      waited = true;
      await delay(LOCK_POLL_MS);
    }
    return new DataDirectory(directory, lock);
  }

  file(...parts: string[]): string {
    return path.join(this.path, ...parts);
  }

  /** Tells a second supervisor who is here. */
  announce(state: 'starting' | 'running' | 'stopping', address: string): void {
    writeFileSync(this.file('supervisor.json'), `${JSON.stringify({ pid: process.pid, state, address })}\n`, {
      mode: 0o600,
    });
  }

  release(): void {
    rmSync(this.file('supervisor.json'), { force: true });
    this.#lock.close();
  }
}

function makeWritable(directory: string): void {
  const advice = 'give it to the user who starts this, or choose another DATA_DIR.';
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    // Root may write anywhere, but not on a file system mounted read-only.
    const probe = path.join(directory, '.write-test');
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOSPC') throw new StartError(`The disk that holds ${directory} is full: free some space.`);
    if (code === 'EEXIST' || code === 'ENOTDIR') {
      throw new StartError(`The data directory ${directory} is not a directory: choose another DATA_DIR.`);
    }
    throw new StartError(`The data directory ${directory} can't be written (${errorMessage(error)}): ${advice}`);
  }
  if (!statSync(directory).isDirectory()) {
    throw new StartError(`The data directory ${directory} is not a directory: choose another DATA_DIR.`);
  }
}

function openLock(file: string): DatabaseSync {
  try {
    return new DatabaseSync(file, { timeout: 0 });
  } catch (error) {
    throw new StartError(`The lock ${file} can't be opened (${errorMessage(error)}): remove the file and start again.`);
  }
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false;
    throw new StartError(`The data directory can't be locked (${errorMessage(error)}): choose another DATA_DIR.`);
  }
}

function describeHolder(directory: string, text: string): string {
  const [, pid] = /"pid":(\d+)/.exec(text) ?? [];
  const [, address] = /"address":"([^"]*)"/.exec(text) ?? [];
  const who = pid === undefined ? 'It' : `Process ${pid}`;
  return (
    `This already runs: ${who} uses ${directory}${address ? ` and serves ${address}` : ''}. ` +
    'Stop it first, or start with another DATA_DIR and PORT.'
  );
}
