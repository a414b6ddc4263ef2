import { StartError } from '../system/StartError.ts';

/**
 * Runs a command line task. What a person can put right is said in its own sentence; only a defect of ours shows where
 * in the code it is.
 */
export async function runTask(task: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await task();
  } catch (error) {
    if (error instanceof StartError) process.stderr.write(`\n${error.message}\n`);
    else
      process.stderr.write(
        `\nThis should not have happened:\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    process.exitCode = 1;
  }
}
