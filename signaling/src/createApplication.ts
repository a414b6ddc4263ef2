import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { createSessions } from './auth/createSessions.ts';
import { IdentityCipher } from './auth/IdentityCipher.ts';
import { LocalSigner } from './auth/LocalSigner.ts';
import { createChannels } from './channels/createChannels.ts';
import type { Config } from './config.ts';
import { createHttpApp } from './http/createHttpApp.ts';
import { AuditSealer } from './jobs/AuditSealer.ts';
import { createJobHandler } from './jobs/handlers.ts';
import { Housekeeping } from './jobs/Housekeeping.ts';
import { RecordingComposer } from './jobs/RecordingComposer.ts';
import { JobRunner } from './jobs/JobRunner.ts';
import { createMetrics } from './metrics.ts';
import { openFiles, openRecordings } from './openFiles.ts';
import type { Services } from './Services.ts';
import { createSfuConnections } from './sfu/createSfuConnections.ts';
import { createSocketServer } from './socket/createSocketServer.ts';
import { createEventDelivery } from './socket/eventDelivery.ts';
import { OutboxTail } from './socket/OutboxTail.ts';
import { createCommandRunner } from './store/command.ts';
import { type Db, openDatabase } from './store/database.ts';
import { sharePlaces } from './store/sharedPlaces.ts';
import { RedisBus } from './store/RedisBus.ts';

/** Longest statement of ours; also bounds how late an outbox row can commit. Milliseconds. */
const STATEMENT_TIMEOUT_MS = 15_000;
/** A health check that waits for a hanging database is itself a hang; less than a proxy waits for it. Milliseconds. */
const HEALTH_TIMEOUT_MS = 700;
/**
 * A database that is away for shorter than this doesn't make the replica unhealthy: the proxy would cut all browsers'
 * sockets at every replica at once, in the middle of calls that need no database. Milliseconds.
 */
const DATABASE_GRACE_MS = 10_000;

export interface Application {
  readonly server: Server;
  readonly services: Services;
  listen(): Promise<{ port: number }>;
  /** Health turns red and browsers are asked to reconnect elsewhere; requests are still served. */
  drain(graceMs: number): Promise<void>;
  /** Top-down and idempotent: sockets, media links, jobs, database. */
  close(): Promise<void>;
}

function createServer(config: Config): Server {
  if (config.TLS_CERT_FILE === undefined || config.TLS_KEY_FILE === undefined) return createHttpServer();
  return createHttpsServer({ cert: readFileSync(config.TLS_CERT_FILE), key: readFileSync(config.TLS_KEY_FILE) });
}

async function answers(db: Db): Promise<boolean> {
  const asked = sql`SELECT 1`.execute(db).then(
    () => true,
    () => false,
  );
  return Promise.race([asked, sleep(HEALTH_TIMEOUT_MS, false, { ref: false })]);
}

/**
 * Puts one signaling replica together. Nothing listens before `listen()`.
 * @throws when the database can't be reached: without it there is nothing to serve
 */
export async function createApplication(config: Config, log: Logger): Promise<Application> {
  const db = openDatabase(
    { url: config.DATABASE_URL, poolSize: config.DATABASE_POOL_SIZE, statementTimeoutMs: STATEMENT_TIMEOUT_MS },
    (error) => log.warn({ err: error }, 'database connection lost'),
  );
  const metrics = createMetrics();

  // The runner's hooks reach parts that need the services themselves, so these are set just below.
  // oxlint-disable-next-line prefer-const
  let tail: OutboxTail | undefined;
  // oxlint-disable-next-line prefer-const
  let jobs: JobRunner | undefined;
  const bus = RedisBus.create(config.REDIS_URL, config.REDIS_PREFIX, log, () => tail?.wake());
  const commands = createCommandRunner(db, {
    onEvents: () => {
      tail?.wake();
      bus.wakeOthers();
    },
    onJobs: (scheduled) => jobs?.enqueue(scheduled),
  });
  const services: Services = {
    config,
    log,
    db,
    commands,
    places: sharePlaces(db),
    sessions: createSessions({ db, config }),
    identityCipher: new IdentityCipher(config.secrets.identityKey),
    reportSigner: new LocalSigner(config.secrets.reportSigningKey),
    files: openFiles(config),
    recordings: openRecordings(config),
    metrics,
    channels: await createChannels(config, log),
  };

  let draining = false;
  let silentSince: number | undefined;
  const server = createServer(config);
  server.on(
    'request',
    createHttpApp({
      services,
      isReady: async () => {
        if (await answers(db)) silentSince = undefined;
        else silentSince ??= performance.now();
        return !draining && (silentSince === undefined || performance.now() - silentSince < DATABASE_GRACE_MS);
      },
      jobQueue: () => jobs?.queue,
    }),
  );

  const sfu = createSfuConnections(services);
  const hub = createSocketServer(server, services, sfu);
  tail = await OutboxTail.create({
    db,
    log,
    pollMs: config.OUTBOX_POLL_SECONDS * 1_000,
    deliver: createEventDelivery(services, hub),
  });
  jobs = new JobRunner({
    db,
    redisUrl: config.REDIS_URL,
    prefix: config.REDIS_PREFIX,
    log,
    metrics,
    sweepMs: config.SWEEP_SECONDS * 1_000,
    handle: createJobHandler(services),
  });
  const sealer = new AuditSealer({
    db,
    signer: new LocalSigner(config.secrets.auditSigningKey),
    log,
    metrics,
    intervalMs: config.SEAL_SECONDS * 1_000,
    dataDir: config.DATA_DIR,
  });
  const housekeeping = new Housekeeping(services);
  const composer = new RecordingComposer(services);

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    housekeeping.close();
    composer.close();
    await hub.close();
    sfu.close();
    await Promise.all([jobs?.close(), sealer.close()]);
    tail?.close();
    bus.close();
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
    await db.destroy();
  };
  return {
    server,
    services,
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(config.PORT, config.HOST, () => {
          server.off('error', reject);
          const address = server.address();
          resolve({ port: typeof address === 'object' && address !== null ? address.port : config.PORT });
        });
      }),
    drain: async (graceMs) => {
      draining = true;
      hub.drain();
      await sleep(graceMs);
    },
    close: () => (closing ??= close()),
  };
}
