import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  APPLICATION_ROLE,
  ensureDatabase,
  ensureRoles,
  OWNER_ROLE,
  withClient,
} from '../../infra/src/postgres/databaseRoles.ts';
import { EmbeddedPostgres } from '../../infra/src/postgres/EmbeddedPostgres.ts';
import { RedisServer } from '../../infra/src/redis/RedisServer.ts';
import { ensureApplicationSecrets, ensureDatabaseSecrets } from '../../infra/src/secrets/ensureSecrets.ts';
import { ensureWorker } from '../../infra/src/worker/ensureWorker.ts';
import { seedDemoDistrict } from '../../signaling/src/seed/seedDemoDistrict.ts';
import { migrate } from '../../signaling/src/store/migrate.ts';

/** Facts about the servers of this run. Plain data: it travels to the processes that run the test files. */
export interface TestServers {
  readonly postgres: {
    readonly superuserUrl: string;
    readonly socketDirectory: string;
    readonly ownerPassword: string;
    readonly applicationPassword: string;
  };
  /** Without a database number; `createTestRedis` adds one. */
  readonly redisUrl: string;
  readonly secretsFile: string;
  readonly workerBin: string;
  /** Removed at the end of the run. */
  readonly directory: string;
}

/** Databases that are only copied from, never connected to. */
export const TEMPLATES = { empty: 'template_empty', seeded: 'template_seeded' } as const;

const ignore = (): void => undefined;

export interface RunningTestServers {
  readonly servers: TestServers;
  /** For faults: it may be killed and started again. */
  readonly postgres: EmbeddedPostgres;
  stop(): Promise<void>;
}

export async function startTestServers(): Promise<RunningTestServers> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'cloud-hospital-test-'));
  const secretsFile = path.join(directory, 'secrets/application.json');
  ensureApplicationSecrets(secretsFile);
  const passwords = ensureDatabaseSecrets(path.join(directory, 'secrets/database.json'));

  const postgres = await EmbeddedPostgres.prepare({
    dataDirectory: path.join(directory, 'postgres'),
    superuserPassword: passwords.superuserPassword,
    settings: { max_connections: '500' },
    durable: false,
    dieWithParent: true,
    log: ignore,
  });
  const redis = RedisServer.prepare({
    directory: path.join(directory, 'redis'),
    databases: 4_096,
    dieWithParent: true,
    log: ignore,
  });
  const stop = async (): Promise<void> => {
    await Promise.all([postgres.stop(), redis.stop()]);
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const [workerBin] = await Promise.all([
      ensureWorker({ log: (line) => process.stderr.write(`${line}\n`) }),
      postgres.start(),
      redis.start(),
    ]);
    // Read by whatever starts mediasoup inside a test's own process.
    process.env.MEDIASOUP_WORKER_BIN = workerBin;

    await ensureRoles(postgres.superuserUrl, passwords);
    await ensureDatabase(postgres.superuserUrl, TEMPLATES.empty);
    const ownerOf = (database: string): string =>
      postgres.url({ user: OWNER_ROLE, password: passwords.ownerPassword, database });
    await migrate({ ownerUrl: ownerOf(TEMPLATES.empty), applicationRole: APPLICATION_ROLE, log: ignore });

    await withClient(postgres.superuserUrl, async (client) => {
      await client.query(`CREATE DATABASE ${TEMPLATES.seeded} TEMPLATE ${TEMPLATES.empty} OWNER ${OWNER_ROLE}`);
    });
    await seedDemoDistrict({ databaseUrl: ownerOf(TEMPLATES.seeded), secretsFile });
    return {
      servers: {
        postgres: {
          superuserUrl: postgres.superuserUrl,
          socketDirectory: postgres.socketDirectory,
          ownerPassword: passwords.ownerPassword,
          applicationPassword: passwords.applicationPassword,
        },
        redisUrl: redis.url(),
        secretsFile,
        workerBin,
        directory,
      },
      postgres,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
