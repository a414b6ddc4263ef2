import { existsSync } from 'node:fs';
import path from 'node:path';
import { NODE, ROOT } from '../services/paths.ts';
import { prepareMachine } from '../start/prepareMachine.ts';
import type { SystemPackage } from '../system/packages.ts';
import { StartError } from '../system/StartError.ts';
import { runInForeground } from './runInForeground.ts';
import { runTask } from './runTask.ts';

/** Prepares the machine and runs a program of `tests/` with the task's own arguments. */
export async function runProgram(program: string, packages: readonly SystemPackage[]): Promise<void> {
  await runTask(async () => {
    const file = path.join(ROOT, program);
    if (!existsSync(file))
      throw new StartError(`${program} is missing: this clone is incomplete (git status shows what).`);
    const tell = (line: string): void => console.log(`  ${line}`);
    const { workerBin } = await prepareMachine(packages, { web: true, tell });
    return runInForeground(NODE, ['--disable-warning=ExperimentalWarning', file, ...process.argv.slice(2)], {
      MEDIASOUP_WORKER_BIN: workerBin,
    });
  });
}
