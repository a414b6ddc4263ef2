import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { createLogger } from '@cloud-hospital/sfu/logger';
import { sql } from 'kysely';
import { inject, vi } from 'vitest';
import { createSessions } from '../../signaling/src/auth/createSessions.ts';
import { IdentityCipher } from '../../signaling/src/auth/IdentityCipher.ts';
import { LocalSigner } from '../../signaling/src/auth/LocalSigner.ts';
import { createChannels } from '../../signaling/src/channels/createChannels.ts';
import { type Config, readConfig } from '../../signaling/src/config.ts';
import { createMetrics } from '../../signaling/src/metrics.ts';
import type { Services } from '../../signaling/src/Services.ts';
import { createSfuConnections, type SfuConnections } from '../../signaling/src/sfu/createSfuConnections.ts';
import { createSocketServer } from '../../signaling/src/socket/createSocketServer.ts';
import { OutboxTail } from '../../signaling/src/socket/OutboxTail.ts';
import type { SocketHub } from '../../signaling/src/socket/SocketHub.ts';
import { sharePlaces } from '../../signaling/src/store/sharedPlaces.ts';
import { createCommandRunner } from '../../signaling/src/store/command.ts';
import { openDatabase } from '../../signaling/src/store/database.ts';
import { openFiles, openRecordings } from '../../signaling/src/openFiles.ts';
import type { TestDatabase, TestRedis } from './testDatabase.ts';

export interface ReplicaOptions {
  readonly database: TestDatabase;
  readonly redis: TestRedis;
  readonly env?: Readonly<Record<string, string>>;
}

/** The socket half of one signaling replica inside the test's own process: real database, real Redis, no HTTP routes. */
export interface Replica {
  readonly url: string;
  readonly config: Config;
  readonly services: Services;
  readonly hub: SocketHub;
  readonly sfu: SfuConnections;
  stop(): Promise<void>;
}

/** @param options.env more variables, e.g. `{ SFU_STATIC_NODES: node.controlUrl, PEER_GRACE_SECONDS: '1' }` */
export async function startReplica({ database, redis, env = {} }: ReplicaOptions): Promise<Replica> {
  const servers = inject('servers');
  const directory = await mkdtemp(path.join(servers.directory, 'replica-'));
  const config = readConfig({
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: '8',
    REDIS_URL: redis.url,
    REDIS_PREFIX: redis.prefix,
    DATA_DIR: directory,
    SECRETS_FILE: servers.secretsFile,
    REPLICA_ID: randomUUID(),
    DEMO_DISTRICT: '1',
    OUTBOX_POLL_SECONDS: '0.02',
    ...env,
  });
  const log = createLogger('silent', {});
  const db = openDatabase({ url: config.DATABASE_URL, poolSize: 8, statementTimeoutMs: 15_000 }, (error) =>
    log.warn({ err: error }, 'database connection lost'),
  );
  // While other tests copy whole databases, a connection may take longer than people are made to wait for one.
  await vi.waitFor(() => sql`SELECT 1`.execute(db), { timeout: 20_000 });
  const tails: OutboxTail[] = [];
  const services: Services = {
    config,
    log,
    db,
    places: sharePlaces(db),
    commands: createCommandRunner(db, { onEvents: () => tails[0]?.wake(), onJobs: () => undefined }),
    sessions: createSessions({ db, config }),
    identityCipher: new IdentityCipher(config.secrets.identityKey),
    reportSigner: new LocalSigner(config.secrets.reportSigningKey),
    files: openFiles(config),
    recordings: openRecordings(config),
    metrics: createMetrics(),
    channels: await createChannels(config, log),
  };
  const server = createServer();
  const sfu = createSfuConnections(services);
  const hub = createSocketServer(server, services, sfu);
  const tail = await OutboxTail.create({
    db,
    log,
    pollMs: config.OUTBOX_POLL_SECONDS * 1_000,
    deliver: ({ topics, name, data }) => hub.emitToTopics(topics, name, data),
  });
  tails.push(tail);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await hub.close();
    sfu.close();
    tail.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await db.destroy();
    await rm(directory, { recursive: true, force: true });
  };
  return {
    url: `http://127.0.0.1:${address.port}`,
    config,
    services,
    hub,
    sfu,
    stop: () => (stopped ??= stop()),
  };
}
