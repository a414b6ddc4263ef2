import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import { until } from '../FaultSystem.ts';
import type { FaultRow } from '../Row.ts';

/** A frozen process is thawed again when nobody needs it any more, milliseconds. */
const THAW_AFTER_MS = 1_000;
const DOWN_MS = 1_000;

/** Long enough for the slowest of these faults, milliseconds. */
const CONTROL_MS = 4_000;

/** What happens behind the pages: media must not notice. */
export const SIGNALING_ROWS: readonly FaultRow[] = [
  {
    name: 'nothing',
    title: 'no fault at all: what the machine and the measuring do',
    goals: [],
    play: async (call) => {
      const since = Date.now();
      await sleep(CONTROL_MS);
      await call.perceived(since);
      return call.gapsSince(since);
    },
  },
  {
    name: 'replica-kill',
    title: 'signaling replica SIGKILL',
    goals: [
      { figure: 'socket', percentile: 95, limit: 3_000 },
      { figure: 'socket', percentile: 99, limit: 5_000 },
      { figure: 'picture', percentile: 95, limit: 500 },
    ],
    play: async (call) => {
      const replica = await call.system.busiestReplica();
      const since = Date.now();
      await replica.kill();
      await call.perceived(since);
      const figures = await call.gapsSince(since);
      await replica.startAgain();
      return figures;
    },
  },
  {
    name: 'replica-freeze',
    title: 'signaling replica SIGSTOP, then thawed',
    goals: [
      { figure: 'socket', percentile: 100, limit: 10_000 },
      { figure: 'picture', percentile: 95, limit: 500 },
    ],
    play: async (call) => {
      const replica = await call.system.busiestReplica();
      const since = Date.now();
      replica.freeze();
      try {
        // Nobody has noticed yet; then somebody has.
        await sleep(500);
        await until('socket at the other replica', 30_000, async () => {
          const { terminal, console } = await call.reports(since);
          return [terminal, console].some(({ signs }) => signs.some(({ kind }) => kind === 'socket'));
        });
        await call.perceived(since);
        return await call.gapsSince(since);
      } finally {
        await sleep(THAW_AFTER_MS);
        replica.thaw();
        await sleep(THAW_AFTER_MS);
      }
    },
  },
  {
    name: 'replica-stop',
    title: 'signaling replica SIGTERM (deploy)',
    goals: [
      { figure: 'socket', percentile: 95, limit: 3_000 },
      { figure: 'picture', percentile: 95, limit: 500 },
    ],
    play: async (call) => {
      const replica = await call.system.busiestReplica();
      const since = Date.now();
      await replica.stop();
      await call.perceived(since);
      const figures = await call.gapsSince(since);
      await replica.startAgain();
      return figures;
    },
  },
  {
    name: 'sockets-cut',
    title: 'HAProxy SIGKILL: all sockets cut',
    goals: [
      { figure: 'socket', percentile: 95, limit: 3_000 },
      { figure: 'picture', percentile: 95, limit: 500 },
    ],
    play: async (call) => {
      const { proxy } = call.system;
      await proxy.kill();
      await proxy.startAgain();
      const since = Date.now();
      await call.perceived(since);
      return call.gapsSince(since);
    },
  },
  {
    name: 'redis-wipe',
    title: 'Redis SIGKILL, wiped',
    goals: [
      { figure: 'presence', percentile: 100, limit: 5_000 },
      { figure: 'picture', percentile: 95, limit: 500 },
    ],
    play: async (call) => {
      const { redis } = call.system.stack;
      const since = Date.now();
      redis.process?.signal('SIGKILL');
      await redis.process?.exited;
      await sleep(DOWN_MS);
      await redis.start();
      const client = createClient({ url: redis.url() });
      client.on('error', () => undefined);
      await client.connect();
      try {
        const presence = await until('both media nodes announced', 30_000, async () => {
          return (await client.keys('sfu:node:*')).length === 2;
        });
        await call.perceived(since);
        return { ...(await call.gapsSince(since)), presence };
      } finally {
        await client.close();
      }
    },
  },
  {
    name: 'postgres-kill',
    title: 'PostgreSQL SIGKILL',
    goals: [
      { figure: 'served', percentile: 100, limit: 5_000 },
      { figure: 'picture', percentile: 95, limit: 500 },
    ],
    play: async (call) => {
      const { postgres } = call.system.servers;
      const since = Date.now();
      postgres.process?.signal('SIGKILL');
      await postgres.process?.exited;
      await sleep(DOWN_MS);
      await postgres.start();
      const served = await call.untilReadable(30_000);
      await call.perceived(since);
      return { ...(await call.gapsSince(since)), served };
    },
  },
];
