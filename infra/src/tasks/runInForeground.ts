import { spawn } from 'node:child_process';
import { ROOT } from '../services/paths.ts';
import { StartError } from '../system/StartError.ts';

/**
 * Runs a program in our terminal to its end and passes signals on.
 * @returns its exit code; 128 + n when signal n ended it, as a shell says it
 */
export async function runInForeground(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<number> {
  const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } });
  const forward = (signal: NodeJS.Signals): void => {
    child.kill(signal);
  };
  const onOrphaned = (): void => forward('SIGTERM');
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, forward);
  // The bootstrap was killed: nobody else could stop the child any more.
  process.on('disconnect', onOrphaned);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.on('error', (error) => reject(new StartError(`${command} can't be started: ${error.message}.`)));
      child.on('exit', (code, signal) =>
        resolve(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGKILL' ? 137 : 143)),
      );
    });
  } finally {
    for (const signal of signals) process.off(signal, forward);
    process.off('disconnect', onOrphaned);
  }
}
