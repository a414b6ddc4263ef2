import path from 'node:path';
import { NODE, ROOT } from '../services/paths.ts';

/** One check of `npm test`, run as a program of its own. */
export interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

const bin = (name: string): string => path.join(ROOT, 'node_modules/.bin', name);

/** Before the tests, cheapest first. */
export const STATIC_CHECKS: readonly Check[] = [
  { name: 'format', command: bin('biome'), args: ['format', '.'] },
  { name: 'lint', command: bin('oxlint'), args: ['--type-aware', '--deny-warnings'] },
  { name: 'types (node)', command: bin('tsc'), args: ['-p', 'tsconfig.node.json'] },
  { name: 'types (web)', command: bin('tsc'), args: ['-p', 'tsconfig.web.json'] },
  { name: 'dead code', command: bin('knip'), args: ['--no-progress'] },
];

/** All test projects, with a report for people on the console and one for machines in a file. */
export const vitestCheck = (reportFile: string, args: readonly string[]): Check => ({
  name: 'tests',
  command: NODE,
  args: [
    path.join(ROOT, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportFile}`,
    ...args,
  ],
});
