import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A small disk of its own at the directory, until the function that it returns is called. */
export async function mountTmpfs(directory: string, megabytes: number): Promise<() => Promise<unknown>> {
  await mkdir(directory, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory]);
  return () => run('umount', ['--lazy', directory]);
}

/** Why none can be mounted here, if so. */
export async function tmpfsRefusal(): Promise<string | undefined> {
  const directory = await mkdtemp(path.join(tmpdir(), 'ch-tmpfs-'));
  try {
    const unmount = await mountTmpfs(directory, 1);
    await unmount();
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n').findLast((line) => line !== '') ?? '') : String(error);
  } finally {
    await rmdir(directory);
  }
}
