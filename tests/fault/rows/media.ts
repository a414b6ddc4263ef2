import { setTimeout as sleep } from 'node:timers/promises';
import { programsOf } from '../../support/programsOf.ts';
import type { FaultCall } from '../FaultCall.ts';
import type { FaultRow } from '../Row.ts';

/** A worker that lived that long is started again at once (`HEALTHY_AFTER_MS` in the media node), milliseconds. */
const HEALTHY_MS = 3_200;

/** The media workers among a process's children. */
export const workersOf = (pid: number): number[] => programsOf(pid, 'mediasoup-worker');

const homeOf = (call: FaultCall) => call.system.homeOf(call.encounterId);

/** The media node or a part of it is lost: the room must stand elsewhere soon. */
export const MEDIA_ROWS: readonly FaultRow[] = [
  {
    name: 'worker-kill',
    title: 'SFU worker SIGKILL',
    goals: [{ figure: 'picture', percentile: 95, limit: 2_000 }],
    play: async (call) => {
      await sleep(HEALTHY_MS);
      const { pid } = await homeOf(call);
      const since = Date.now();
      for (const worker of workersOf(pid)) process.kill(worker, 'SIGKILL');
      await call.perceived(since);
      return call.gapsSince(since);
    },
  },
  {
    name: 'node-kill',
    title: 'SFU node SIGKILL',
    goals: [{ figure: 'picture', percentile: 95, limit: 5_000 }],
    play: async (call) => {
      const home = await homeOf(call);
      const since = Date.now();
      await home.kill();
      await call.perceived(since);
      const figures = await call.gapsSince(since);
      await home.startAgain();
      return figures;
    },
  },
  {
    name: 'node-freeze',
    title: 'SFU node SIGSTOP (with its worker), then thawed',
    goals: [{ figure: 'picture', percentile: 95, limit: 8_000 }],
    play: async (call) => {
      const home = await homeOf(call);
      const workers = workersOf(home.pid);
      const since = Date.now();
      home.freeze();
      for (const worker of workers) process.kill(worker, 'SIGSTOP');
      try {
        await call.perceived(since);
        return await call.gapsSince(since);
      } finally {
        for (const worker of workers) process.kill(worker, 'SIGCONT');
        home.thaw();
      }
    },
  },
  {
    name: 'node-stop',
    title: 'SFU node SIGTERM (drain)',
    goals: [{ figure: 'picture', percentile: 95, limit: 2_000 }],
    play: async (call) => {
      const home = await homeOf(call);
      const since = Date.now();
      await home.stop();
      await call.perceived(since);
      const figures = await call.gapsSince(since);
      await home.startAgain();
      return figures;
    },
  },
];
