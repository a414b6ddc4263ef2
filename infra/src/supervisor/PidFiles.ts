import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readIfThere } from '../system/files.ts';
import { endProcess, identify, isRunning, type ProcessIdentity } from './processIdentity.ts';

interface Note extends ProcessIdentity {
  readonly stopSignal: NodeJS.Signals;
}

const KILL_STEPS = [{ signal: 'SIGKILL', waitMs: 3_000 }] as const;
/** Long enough for a database's fast shutdown, short enough for somebody who waits for the start. */
const POLITE_MS = 3_000;

/** Notes who was started, so that the next start can end what a killed supervisor left behind, and nobody else. */
export class PidFiles {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }

  write(name: string, pid: number, stopSignal: NodeJS.Signals): void {
    const identity = identify(pid);
    // Gone already: its exit is reported elsewhere.
    if (identity === undefined) return;
    const note: Note = { ...identity, stopSignal };
    writeFileSync(this.#file(name), `${JSON.stringify(note)}\n`, { mode: 0o600 });
  }

  remove(name: string): void {
    rmSync(this.#file(name), { force: true });
  }

  /**
   * Ends every noted process that is still the one that was noted.
   * @returns the names of those that had to be ended
   */
  async endLeftovers(): Promise<string[]> {
    const names = readdirSync(this.#directory)
      .filter((file) => file.endsWith('.pid.json'))
      .map((file) => file.slice(0, -'.pid.json'.length));
    const ended = await Promise.all(
      names.map(async (name) => {
        const note = parseNote(readIfThere(this.#file(name)) ?? '');
        const stale = note !== undefined && isRunning(note);
        if (stale) await endProcess(note, [{ signal: note.stopSignal, waitMs: POLITE_MS }, ...KILL_STEPS]);
        this.remove(name);
        return stale ? name : undefined;
      }),
    );
    return ended.filter((name) => name !== undefined);
  }

  #file(name: string): string {
    return path.join(this.#directory, `${name}.pid.json`);
  }
}

const STOP_SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT', 'SIGUSR1'];

/** A file cut short by a full disk or a crash names nobody. */
function parseNote(text: string): Note | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (!('pid' in value) || !('startedAt' in value) || !('stopSignal' in value)) return undefined;
  const { pid, startedAt, stopSignal } = value;
  const signal = STOP_SIGNALS.find((known) => known === stopSignal);
  if (typeof pid !== 'number' || typeof startedAt !== 'string' || signal === undefined) return undefined;
  return { pid, startedAt, stopSignal: signal };
}
