import { readFileSync } from 'node:fs';

/** Process ids of the programs that a process started and whose command line has that word in it. */
export function programsOf(pid: number, word: string): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
  return children.filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes(word));
}
