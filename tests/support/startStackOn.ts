import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { RedisServer } from '../../infra/src/redis/RedisServer.ts';
import { ensureApplicationSecrets } from '../../infra/src/secrets/ensureSecrets.ts';
import { sfuSpec, signalingSpec } from '../../infra/src/services/serviceSpecs.ts';
import { freePort } from '../../infra/src/system/ports.ts';
import { StackService } from './StackService.ts';
import { copyDatabase, type TestDatabase } from './copyDatabase.ts';
import type { TestServers } from './testServers.ts';

export interface StackOptions {
  /** Signaling replicas; 1 by default. */
  readonly replicas?: number;
  /** Media nodes; 1 by default, 0 where no call is made. */
  readonly sfuNodes?: number;
  /** Whether the database holds the demo district; yes by default. */
  readonly seeded?: boolean;
  /** More variables for signaling, e.g. `{ HOLD_SECONDS: '1' }`. */
  readonly env?: Readonly<Record<string, string>>;
  /** More variables for the media nodes, e.g. `{ SFU_GHOST_AFTER_MS: '2000' }`. */
  readonly sfuEnv?: Readonly<Record<string, string>>;
}

/** Everything the product runs, on ephemeral ports, with a database and a Redis of its own. */
export interface Stack {
  readonly database: TestDatabase;
  /** Nobody else uses it: a test may kill and wipe it (`redis.process`, `redis.start()`). */
  readonly redis: RedisServer;
  readonly replicas: readonly StackService[];
  readonly sfuNodes: readonly StackService[];
  /** Of the first replica. */
  readonly url: string;
  readonly dataDirectory: string;
  stop(): Promise<void>;
}

/**
 * Starts a stack as child processes, so that they can be killed and frozen. Whoever starts it stops it.
 * @param servers of this run; programs without vitest start their own
 */
export async function startStackOn(servers: TestServers, options: StackOptions = {}): Promise<Stack> {
  const { linkSecret } = ensureApplicationSecrets(servers.secretsFile);
  const dataDirectory = await mkdtemp(path.join(servers.directory, 'stack-'));
  const undo: (() => Promise<unknown>)[] = [() => rm(dataDirectory, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    // Last started, first stopped: signaling, media nodes, Redis, database.
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    const database = await copyDatabase(servers.postgres, { seeded: options.seeded ?? true });
    undo.push(() => database.drop());
    const redis = RedisServer.prepare({
      directory: path.join(dataDirectory, 'redis'),
      dieWithParent: true,
      log: () => undefined,
    });
    undo.push(() => redis.stop());
    await redis.start();

    const sfuNodes = await startAll(undo, options.sfuNodes ?? 1, async (index) => {
      const controlPort = await freePort();
      const spec = sfuSpec({
        nodeId: `sfu-${index + 1}`,
        controlPort,
        redisUrl: redis.url(),
        linkSecret,
        workerBin: servers.workerBin,
        recordsInto: path.join(dataDirectory, 'signaling'),
        dieWithParent: true,
        env: { SFU_RTC_BASE_PORT: '0', SFU_WORKERS: '1', ...options.sfuEnv },
      });
      return new StackService(spec, `ws://127.0.0.1:${controlPort}`);
    });
    const replicas = await startAll(undo, options.replicas ?? 1, async (index) => {
      const port = await freePort();
      // As `npm start` has it: one directory for all, so that each serves every file.
      const directory = path.join(dataDirectory, 'signaling');
      await mkdir(directory, { recursive: true });
      const spec = signalingSpec({
        name: `signaling-${index + 1}`,
        host: '127.0.0.1',
        port,
        databaseUrl: database.url,
        redisUrl: redis.url(),
        dataDirectory: directory,
        secretsFile: servers.secretsFile,
        dieWithParent: true,
        env: { REPLICA_ID: randomUUID(), DEMO_DISTRICT: '1', DATABASE_POOL_SIZE: '10', ...options.env },
      });
      return new StackService(spec, `http://127.0.0.1:${port}`);
    });
    return { database, redis, replicas, sfuNodes, url: replicas[0]?.url ?? '', dataDirectory, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Makes and starts `count` services at once; those that did start are stopped even when another did not. */
async function startAll(
  undo: (() => Promise<unknown>)[],
  count: number,
  make: (index: number) => Promise<StackService>,
): Promise<StackService[]> {
  const services = await Promise.all(Array.from({ length: count }, (_, index) => make(index)));
  undo.push(() => Promise.all(services.map((service) => service.stop())));
  await Promise.all(services.map((service) => service.start()));
  return services;
}
