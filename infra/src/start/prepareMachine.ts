import { ensureSystemPackages, type SystemPackage } from '../system/packages.ts';
import { StartError } from '../system/StartError.ts';
import { ensureWorker, WorkerUnavailableError } from '../worker/ensureWorker.ts';
import { buildWebApps } from './webBuild.ts';

/**
 * Everything that has to be on the machine before processes can start: system packages, the media worker, the built
 * web apps. Does nothing that is done already.
 * @returns the path of the worker
 */
export async function prepareMachine(
  packages: readonly SystemPackage[],
  { web, tell }: { readonly web: boolean; readonly tell: (line: string) => void },
): Promise<{ readonly workerBin: string }> {
  // One after the other: the worker's build may call apt-get as well.
  await ensureSystemPackages(packages, tell);
  const [workerBin] = await Promise.all([ensureWorkerOrExplain(tell), web ? buildWebApps(tell) : undefined]);
  return { workerBin };
}

async function ensureWorkerOrExplain(tell: (line: string) => void): Promise<string> {
  try {
    return await ensureWorker({ log: tell });
  } catch (error) {
    if (error instanceof WorkerUnavailableError) throw new StartError(error.message, { cause: error });
    throw error;
  }
}
