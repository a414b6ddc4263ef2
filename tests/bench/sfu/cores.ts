import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** The cores that this process may use. */
export function allowedCores(): number[] {
  const list = /^Cpus_allowed_list:\s*(.+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  return list.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number);
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
}

const run = promisify(execFile);

/**
 * Whether a program may have real-time priority here (sched(7)): a latency is then the SFU's own, and not that of
 * whatever else its core does.
 */
const mayGoFirst = (): Promise<boolean> =>
  run('chrt', ['--rr', '1', 'true']).then(
    () => true,
    () => false,
  );

/** Binds all threads of a process to one core, where it goes before other programs if that is allowed. */
export async function pin(pid: number, core: number): Promise<void> {
  await run('taskset', ['-acp', String(core), String(pid)]);
  if (await mayGoFirst()) await run('chrt', ['--rr', '-a', '-p', '1', String(pid)]);
}

/** What a command begins with that is to be bound so from its start. */
export const pinned = async (core: number): Promise<string[]> => [
  ...['taskset', '-c', String(core)],
  ...((await mayGoFirst()) ? ['chrt', '--rr', '1'] : []),
];

/** Of all threads of a process together, nanoseconds (schedstat; Linux' sched-stats.rst). */
export interface ThreadTimes {
  readonly ran: number;
  /** Ready to run, while something else had the core: another program, or another thread of its own. */
  readonly waited: number;
}

export function threadTimes(pid: number): ThreadTimes {
  const times = { ran: 0, waited: 0 };
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const [ran, waited] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ');
    times.ran += Number(ran);
    times.waited += Number(waited);
  }
  return times;
}
