import { execFileSync } from 'node:child_process';
import { readdirSync, readlinkSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode } from '../system/StartError.ts';

/**
 * A process that can be recognised later. Process ids are reused, so a pid alone names nobody: only pid and time of
 * start together do, and only they may be used to end a process that was noted in a file.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque: on Linux boot id and clock ticks since boot, elsewhere what `ps` says. */
  readonly startedAt: string;
}

/** Who runs under this pid now; undefined when nobody does (a zombie is nobody). */
export function identify(pid: number): ProcessIdentity | undefined {
  if (process.platform !== 'linux') return identifyByPs(pid);
  const stat = readStat(pid);
  if (stat === undefined || stat.state === 'Z' || stat.state === 'X') return undefined;
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return { pid, startedAt: `${boot}/${stat.ticks}` };
}

/** What proc(5) tells of a process; undefined when there is none. */
function readStat(pid: number): { state: string; parent: number; ticks: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in brackets and may itself hold brackets and blanks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, parent, ticks] = [fields[0], fields[1], fields[19]];
    if (state === undefined || parent === undefined || ticks === undefined) return undefined;
    return { state, parent: Number(parent), ticks };
  } catch (error) {
    // ESRCH: it ended between opening and reading.
    if (['ENOENT', 'ESRCH'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

const runningPids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

function identifyByPs(pid: number): ProcessIdentity | undefined {
  try {
    const startedAt = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return startedAt === '' ? undefined : { pid, startedAt };
  } catch {
    // ps exits with 1 when there is no such process.
    return undefined;
  }
}

export function isRunning(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

/** Sends a signal to exactly this process. @returns false when it is gone already */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ESRCH') return false;
    throw error;
  }
}

/** @returns whether it was gone within the time */
export async function waitUntilGone(identity: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (isRunning(identity)) {
    if (performance.now() > deadline) return false;
    await delay(20);
  }
  return true;
}

/** Asks with each signal in turn, giving it the time stated. @returns whether it is gone */
export async function endProcess(
  identity: ProcessIdentity,
  steps: readonly { readonly signal: NodeJS.Signals; readonly waitMs: number }[],
): Promise<boolean> {
  for (const { signal, waitMs } of steps) {
    if (!signalProcess(identity, signal)) return true;
    if (await waitUntilGone(identity, waitMs)) return true;
  }
  return !isRunning(identity);
}

/** All that this process started and that they started. Empty on systems without /proc. */
export function descendantsOf(ancestor: number): ProcessIdentity[] {
  if (process.platform !== 'linux') return [];
  const childrenOf = new Map<number, number[]>();
  for (const pid of runningPids()) {
    const parent = readStat(pid)?.parent;
    if (parent !== undefined) childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), pid]);
  }
  const found: ProcessIdentity[] = [];
  const pending = [...(childrenOf.get(ancestor) ?? [])];
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    const identity = identify(pid);
    if (identity !== undefined) found.push(identity);
    pending.push(...(childrenOf.get(pid) ?? []));
  }
  return found;
}

/** Processes whose current directory is this one (a real path). Empty on systems without /proc. */
export function processesIn(directory: string): ProcessIdentity[] {
  if (process.platform !== 'linux') return [];
  const found: ProcessIdentity[] = [];
  for (const pid of runningPids()) {
    try {
      if (readlinkSync(`/proc/${pid}/cwd`) !== directory) continue;
    } catch (error) {
      // It ended meanwhile, or belongs to somebody else and so can't be ours.
      if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) continue;
      throw error;
    }
    const identity = identify(pid);
    if (identity !== undefined) found.push(identity);
  }
  return found;
}
