import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { readIfThere } from '../system/files.ts';
import { errorCode, StartError } from '../system/StartError.ts';

export interface UnixUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const OWN_USER = 'cloud-hospital';

/**
 * PostgreSQL refuses to run as root, so root needs somebody else to run it as. Whoever owns the data stays its owner;
 * else Debian's `postgres`, else a system user of ours, which is made when there is none, else `nobody`.
 * @returns undefined when we aren't root: then it runs as ourselves
 */
export function postgresUser(dataDirectory: string): UnixUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const users = readUsers();
  const owner = ownerOf(dataDirectory);
  const current = users.find((user) => user.uid === owner && user.uid !== 0);
  if (current !== undefined) return current;
  const known = users.find(({ name }) => name === 'postgres') ?? users.find(({ name }) => name === OWN_USER);
  if (known !== undefined) return known;
  const made = spawnSync('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir=/nonexistent',
    '--shell=/usr/sbin/nologin',
    OWN_USER,
  ]);
  const fallback = readUsers().find(({ name }) => name === (made.status === 0 ? OWN_USER : 'nobody'));
  if (fallback !== undefined) return fallback;
  throw new StartError(
    'PostgreSQL does not run as root and this system has no unprivileged user for it: add one (useradd --system ' +
      `${OWN_USER}), or start as a normal user.`,
  );
}

function readUsers(): UnixUser[] {
  const users: UnixUser[] = [];
  for (const line of (readIfThere('/etc/passwd') ?? '').split('\n')) {
    const [name, , uid, gid] = line.split(':');
    if (name !== undefined && uid !== undefined && gid !== undefined) {
      users.push({ name, uid: Number(uid), gid: Number(gid) });
    }
  }
  return users;
}

function ownerOf(directory: string): number | undefined {
  try {
    return statSync(directory).uid;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
