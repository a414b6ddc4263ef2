import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of the repository. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

/** Node 24 from npm, which runs `.ts`; the machine's own may be older. */
export const NODE = ((): string => {
  const installed = path.join(ROOT, 'node_modules/.bin/node');
  return existsSync(installed) ? installed : process.execPath;
})();

export const SIGNALING_MAIN = path.join(ROOT, 'signaling/src/main.ts');
export const SFU_MAIN = path.join(ROOT, 'sfu/src/main.ts');

/** Where Node keeps compiled code between runs: halves the time that a process needs to start, and so to return. */
export const COMPILE_CACHE = path.join(ROOT, 'node_modules/.cache/compile');
