import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export interface RunOptions {
  cwd?: string;
  env?: Readonly<Record<string, string | undefined>>;
  /** Called with each line of stdout and stderr as it appears. */
  onLine?: (line: string) => void;
}

export interface RunResult {
  /** Null when a signal ended it; 127, as in a shell, when the program isn't there or may not be started. */
  code: number | null;
  signal: NodeJS.Signals | null;
  /** stdout and stderr, interleaved by line. */
  output: string;
}

/** Runs a program to its end. Never rejects for what the program does: callers decide what a failure means. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const lines: string[] = [];
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      options.onLine?.(line);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', (error: NodeJS.ErrnoException) => {
      // EACCES is also what a search through PATH ends in when one of its directories is closed to us.
      if (error.code === 'ENOENT' || error.code === 'EACCES') {
        resolve({ code: 127, signal: null, output: `${command}: not found (${error.code})` });
      } else {
        reject(error);
      }
    });
    child.on('close', (code, signal) => resolve({ code, signal, output: lines.join('\n') }));
  });
}
