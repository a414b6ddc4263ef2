import { spawn } from 'node:child_process';

export interface CommandOptions {
  /** For its standard input. */
  readonly input?: string;
  /** Its exit code is no verdict. */
  readonly anyExit?: boolean;
}

/** Runs a program to its end. @returns what it wrote @throws Error with what it said, unless it ended well */
export async function command(
  program: string,
  args: readonly string[],
  { input = '', anyExit = false }: CommandOptions = {},
): Promise<string> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  // A program that doesn't read ends before it could be written to.
  child.stdin.on('error', () => undefined);
  let out = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (out += text));
  }
  child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0 && !anyExit) throw new Error(`${program} ${args.join(' ')}: ${out.trim() || `exit code ${code}`}`);
  return out;
}

/** Several commands of `ip` in one process. @param namespace where; the machine's own by default */
export const ip = (lines: readonly string[], namespace?: string): Promise<string> =>
  command('ip', [...(namespace === undefined ? [] : ['-n', namespace]), '-batch', '-'], {
    input: `${lines.join('\n')}\n`,
  });
