import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { pino } from 'pino';
import { signalingSpec } from '../../infra/src/services/serviceSpecs.ts';
import { webRoot } from '../../infra/src/start/webBuild.ts';
import { freePort } from '../../infra/src/system/ports.ts';
import { createSessions } from '../../signaling/src/auth/createSessions.ts';
import { IdentityCipher } from '../../signaling/src/auth/IdentityCipher.ts';
import { LocalSigner } from '../../signaling/src/auth/LocalSigner.ts';
import { createChannels } from '../../signaling/src/channels/createChannels.ts';
import { readConfig } from '../../signaling/src/config.ts';
import { SYSTEM } from '../../signaling/src/domain/Actor.ts';
import { createJobHandler } from '../../signaling/src/jobs/handlers.ts';
import { JobRunner } from '../../signaling/src/jobs/JobRunner.ts';
import { openFiles, openRecordings } from '../../signaling/src/openFiles.ts';
import { createMetrics } from '../../signaling/src/metrics.ts';
import { beginEncounter } from '../../signaling/src/operations/encounter/beginEncounter.ts';
import type { Services } from '../../signaling/src/Services.ts';
import { sharePlaces } from '../../signaling/src/store/sharedPlaces.ts';
import { createCommandRunner } from '../../signaling/src/store/command.ts';
import { openDatabase } from '../../signaling/src/store/database.ts';
import { copyDatabase } from '../support/copyDatabase.ts';
import { StackService } from '../support/StackService.ts';
import type { TestServers } from '../support/testServers.ts';
import { SimulatedClock } from './SimulatedClock.ts';

/** So rare that it never happens while a day is simulated: what is due is run by the agenda, at its time. Seconds. */
const NEVER_SECONDS = '86400';
const STATEMENT_TIMEOUT_MS = 15_000;

export interface SimulatedSystemOptions {
  readonly servers: TestServers;
  readonly redis: { readonly url: string; readonly prefix: string };
  readonly replicas: number;
  /** Also serves the web apps, so that the day can be looked at afterwards; they must have been built. */
  readonly withPages?: boolean;
}

/**
 * The demo district's database under a simulated clock, real signaling replicas before it, and a job runner of our
 * own, because only the agenda knows when the time of a job has come. No media node: see `begin`.
 */
export class SimulatedSystem {
  readonly clock: SimulatedClock;
  readonly services: Services;
  readonly urls: readonly string[];
  readonly #jobs: JobRunner;
  readonly #undo: (() => Promise<unknown>)[];

  private constructor(
    clock: SimulatedClock,
    services: Services,
    jobs: JobRunner,
    urls: readonly string[],
    undo: (() => Promise<unknown>)[],
  ) {
    this.clock = clock;
    this.services = services;
    this.urls = urls;
    this.#jobs = jobs;
    this.#undo = undo;
  }

  static async start({
    servers,
    redis,
    replicas: count,
    withPages = false,
  }: SimulatedSystemOptions): Promise<SimulatedSystem> {
    const directory = await mkdtemp(path.join(servers.directory, 'simulation-'));
    const undo: (() => Promise<unknown>)[] = [() => rm(directory, { recursive: true, force: true })];
    try {
      const database = await copyDatabase(servers.postgres, { seeded: true });
      undo.push(() => database.drop());
      const clock = await SimulatedClock.install(database);
      undo.push(() => clock.close());

      const env = {
        DEMO_DISTRICT: '1',
        REDIS_PREFIX: redis.prefix,
        SWEEP_SECONDS: NEVER_SECONDS,
        // One machine makes all requests of a whole district.
        SIGN_IN_RATE_PER_MINUTE: '1000000',
        SOCKETS_PER_ADDRESS: '100000',
        LOG_LEVEL: 'warn',
      };
      const config = readConfig({
        ...env,
        DATABASE_URL: database.url,
        REDIS_URL: redis.url,
        DATA_DIR: directory,
        SECRETS_FILE: servers.secretsFile,
        REPLICA_ID: randomUUID(),
      });
      const log = pino({ level: 'warn' }, pino.destination(2));
      const db = openDatabase({ url: database.url, poolSize: 4, statementTimeoutMs: STATEMENT_TIMEOUT_MS }, (error) =>
        log.warn({ err: error }, 'database connection lost'),
      );
      undo.push(() => db.destroy());
      const metrics = createMetrics();
      const services: Services = {
        config,
        log,
        db,
        // Whoever listens hears of it by the replicas' own polling; jobs are asked for by the agenda.
        places: sharePlaces(db),
        commands: createCommandRunner(db, { onEvents: () => undefined, onJobs: () => undefined }),
        sessions: createSessions({ db, config }),
        identityCipher: new IdentityCipher(config.secrets.identityKey),
        reportSigner: new LocalSigner(config.secrets.reportSigningKey),
        files: openFiles(config),
        recordings: openRecordings(config),
        metrics,
        channels: await createChannels(config, log),
      };
      const jobs = new JobRunner({
        db,
        redisUrl: redis.url,
        prefix: redis.prefix,
        log,
        metrics,
        sweepMs: Number(NEVER_SECONDS) * 1_000,
        handle: createJobHandler(services),
      });
      undo.push(() => jobs.close());

      const replicas = await Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const port = await freePort();
          const dataDirectory = path.join(directory, `signaling-${index + 1}`);
          await mkdir(dataDirectory);
          const spec = signalingSpec({
            name: `signaling-${index + 1}`,
            host: '127.0.0.1',
            port,
            databaseUrl: database.url,
            redisUrl: redis.url,
            dataDirectory,
            secretsFile: servers.secretsFile,
            dieWithParent: true,
            env: {
              ...env,
              ...(withPages ? { WEB_ROOT_CLINIC: webRoot('clinic-web'), WEB_ROOT_DOCTOR: webRoot('doctor-web') } : {}),
              REPLICA_ID: randomUUID(),
            },
          });
          return new StackService(spec, `http://127.0.0.1:${port}`);
        }),
      );
      undo.push(() => Promise.all(replicas.map((replica) => replica.stop())));
      await Promise.all(replicas.map((replica) => replica.start()));
      return new SimulatedSystem(
        clock,
        services,
        jobs,
        replicas.map(({ url }) => url),
        undo,
      );
    } catch (error) {
      await undoAll(undo);
      throw error;
    }
  }

  /** When the next job is due; null when none is. */
  async nextJobAt(): Promise<Date | null> {
    const row = await this.services.db
      .selectFrom('job')
      .select('due_at')
      .where('state', '=', 'pending')
      .orderBy('due_at')
      .limit(1)
      .executeTakeFirst();
    return row?.due_at ?? null;
  }

  /** Runs every job whose time has come, also those that such a job leads to. @returns how many */
  async runDueJobs(): Promise<number> {
    for (let ran = 0; ; ) {
      const due = await this.services.db
        .selectFrom('job')
        .select('id')
        .where('state', '=', 'pending')
        .where('due_at', '<=', this.clock.now)
        .orderBy('due_at')
        .execute();
      if (due.length === 0) return ran;
      for (const { id } of due) await this.#jobs.runNow(id);
      ran += due.length;
    }
  }

  /**
   * The one seam: no media flows here, so what a media node's first packet leads to (`room:media-started`, see
   * socket/RoomEvents.ts) is called directly.
   */
  async begin(encounterId: string): Promise<void> {
    await this.services.commands.run({ agent: SYSTEM, requestId: randomUUID() }, (unit) =>
      beginEncounter(unit, encounterId),
    );
  }

  stop(): Promise<void> {
    return undoAll(this.#undo);
  }
}

/** Last made, first undone. */
async function undoAll(undo: (() => Promise<unknown>)[]): Promise<void> {
  for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
}
