import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { errorCode, StartError } from './StartError.ts';

/** Paths of Unix sockets end at some 100 bytes, so they can't lie in the data directory, which may be deep. */
const PARENT = '/tmp';
const NAME = /^\/tmp\/ch-[a-z]+-\w{6}$/;

interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/**
 * A directory for sockets that nobody but `owner` (by default we ourselves) and root can enter.
 * @param kind in its name, e.g. `pg`
 */
export function makeSocketDirectory(kind: string, owner?: Owner): string {
  const directory = mkdtempSync(path.join(PARENT, `ch-${kind}-`));
  secure(directory, owner);
  return directory;
}

/**
 * Makes it again when it was deleted meanwhile.
 * @throws StartError when somebody else has put something in its place
 */
export function restoreSocketDirectory(directory: string, owner?: Owner): void {
  try {
    mkdirSync(directory, { mode: 0o700 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    const stat = lstatSync(directory);
    if (!stat.isDirectory() || (stat.uid !== process.getuid?.() && stat.uid !== owner?.uid)) {
      throw new StartError(`${directory} belongs to somebody else: stop this and start again.`);
    }
  }
  secure(directory, owner);
}

/** Removes what a killed run left; anything that doesn't look like a directory of ours stays. */
export function removeSocketDirectory(directory: string): void {
  if (NAME.test(directory)) rmSync(directory, { recursive: true, force: true });
}

function secure(directory: string, owner: Owner | undefined): void {
  chmodSync(directory, 0o700);
  if (owner !== undefined) chownSync(directory, owner.uid, owner.gid);
}
