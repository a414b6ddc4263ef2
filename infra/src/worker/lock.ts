import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 300;

/** SQLITE_BUSY: somebody else holds the lock. */
const SQLITE_BUSY = 5;

/**
 * Runs `task` while holding the lock `file`; processes that ask at the same time take turns.
 *
 * The lock is SQLite's on an (empty) database file, because that is a lock of the operating system's kernel, which
 * Node offers nowhere else: it ends with its holder, even by SIGKILL or loss of power, so there is no stale lock to
 * recognise and no guessing whether a process id was recycled.
 *
 * @param onWait called once if the lock isn't free.
 */
export async function withLock<T>(file: string, onWait: () => void, task: () => Promise<T>): Promise<T> {
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    let waited = false;
    while (!tryLock(database)) {
      if (!waited) onWait();
      waited = true;
      await delay(POLL_MS);
    }
    return await task();
  } finally {
    // Closing rolls the (empty) transaction back and lets go of the lock.
    database.close();
  }
}

function tryLock(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
