import { existsSync } from 'node:fs';
import path from 'node:path';
import { NODE, ROOT } from '../services/paths.ts';
import { prepareMachine } from '../start/prepareMachine.ts';
import { ensureSystemPackages, type SystemPackage } from '../system/packages.ts';
import { StartError } from '../system/StartError.ts';
import { runInForeground } from './runInForeground.ts';
import { runTask } from './runTask.ts';

const tell = (line: string): void => console.log(`  ${line}`);

/**
 * Prepares the machine and runs a program of `tests/` with the task's own arguments.
 * @param wished packages without which the program does less, but runs
 */
export async function runProgram(
  program: string,
  packages: readonly SystemPackage[],
  wished: readonly SystemPackage[] = [],
): Promise<void> {
  await runTask(async () => {
    const file = path.join(ROOT, program);
    if (!existsSync(file))
      throw new StartError(`${program} is missing: this clone is incomplete (git status shows what).`);
    await installWished(wished);
    const { workerBin } = await prepareMachine(packages, { web: true, tell });
    return runInForeground(NODE, ['--disable-warning=ExperimentalWarning', file, ...process.argv.slice(2)], {
      MEDIASOUP_WORKER_BIN: workerBin,
    });
  });
}

async function installWished(packages: readonly SystemPackage[]): Promise<void> {
  for (const name of packages) {
    try {
      await ensureSystemPackages([name], tell);
    } catch (error) {
      if (!(error instanceof StartError)) throw error;
      tell(`without ${name}: ${error.message}`);
    }
  }
}
