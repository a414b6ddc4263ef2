import { DataDirectory } from '../start/DataDirectory.ts';
import { readStartOptions, type StartOptions } from '../start/options.ts';
import { Platform } from '../start/Platform.ts';
import { prepareMachine } from '../start/prepareMachine.ts';
import { describeRunning } from '../start/summary.ts';
import { descendantsOf, signalProcess } from '../supervisor/processIdentity.ts';
import { ensureSystemPackages, type SystemPackage } from '../system/packages.ts';
import { StartError } from '../system/StartError.ts';
import { runTask } from './runTask.ts';

/** A second signal within this time is the same key press, seen by npm, the bootstrap and us. */
const SAME_SIGNAL_MS = 1_000;

const tell = (line: string): void => console.log(`  ${line}`);

await runTask(async () => {
  const options = readStartOptions(process.argv.slice(2), process.env);
  if ('usage' in options) {
    console.log(options.usage);
    return 0;
  }
  return run(options);
});

/** Calls need no ffmpeg, only their recording does: without it everything else works. */
async function ensureRecorder(): Promise<void> {
  try {
    await ensureSystemPackages(['ffmpeg'], tell);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    tell(`consultations can't be recorded: ${error.message}`);
  }
}

async function run(options: StartOptions): Promise<number> {
  const startedAt = performance.now();
  console.log('Cloud Hospital is starting');
  const data = await DataDirectory.open(options.dataDirectory, tell);
  data.announce('starting', '');
  const stopped = Promise.withResolvers<undefined>();
  let platform: Platform | undefined;
  let stoppingSince: number | undefined;
  const onStop = (): void => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > SAME_SIGNAL_MS) platform?.kill();
      return;
    }
    stoppingSince = performance.now();
    data.announce('stopping', '');
    console.log('\nStopping');
    stopped.resolve(undefined);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onStop);
  // The bootstrap (or npm above it) was killed: nobody could stop us any more.
  process.on('disconnect', onStop);

  try {
    const starting = (async (): Promise<void> => {
      const packages: SystemPackage[] = [
        ...(options.redisUrl === undefined ? (['redis-server'] as const) : []),
        ...(options.replicas > 1 ? (['haproxy'] as const) : []),
      ];
      const { workerBin } = await prepareMachine(packages, { web: options.web, tell });
      await ensureRecorder();
      if (stoppingSince !== undefined) return;
      platform = new Platform({ options, data, workerBin, tell });
      await platform.start();
    })();
    await Promise.race([starting, stopped.promise]);
    if (stoppingSince === undefined) {
      const address = `${options.https ? 'https' : 'http'}://localhost:${options.port}`;
      data.announce('running', address);
      const seconds = (performance.now() - startedAt) / 1_000;
      console.log(describeRunning(options, { seconds, administratorCode: platform?.administratorCode ?? null }));
      await stopped.promise;
    } else {
      // What is starting is told to stop below and then rejects; that it was stopped is no news.
      starting.catch(() => undefined);
    }
    return 0;
  } finally {
    await platform?.stop();
    data.release();
    process.off('disconnect', onStop);
    if (process.connected) process.disconnect();
    if (stoppingSince !== undefined) {
      // A build or an installation that was under way: neither may it keep us, nor go on without us.
      for (const leftover of descendantsOf(process.pid)) signalProcess(leftover, 'SIGTERM');
      process.exit(0);
    }
  }
}
