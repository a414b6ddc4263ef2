import { randomUUID } from 'node:crypto';
import { createNodeRedisClient, Queue, Worker } from 'bullmq';
import { sql } from 'kysely';
import type { Logger } from 'pino';
import { createClient, type RedisClientType } from 'redis';
import { JobKind } from '../domain/jobs.ts';
import type { Metrics } from '../metrics.ts';
import type { Db } from '../store/database.ts';

export interface DueJob {
  readonly id: string;
  readonly kind: JobKind;
  readonly subjectId: string;
  readonly token: string;
  readonly leaseToken: string;
  readonly attempts: number;
}

export interface JobRunnerOptions {
  readonly db: Db;
  readonly redisUrl: string;
  readonly prefix: string;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly sweepMs: number;
  /** Runs the handler; it must finish the job under `leaseToken` in the transaction of its effect (`finishJob`). */
  readonly handle: (job: DueJob) => Promise<void>;
}

/** All that a BullMQ job holds: which row of the `job` table to look at. */
interface WakeUp {
  readonly id: string;
}

const QUEUE_NAME = 'jobs';
const LEASE_SECONDS = 30;
const MAX_ATTEMPTS = 10;
const SWEEP_BATCH = 200;
/** Jobs further away than this are handed to BullMQ by a later sweep. Milliseconds. */
const HORIZON_MS = 24 * 3_600_000;
const CONCURRENCY = 8;

/**
 * Timers and slow work. PostgreSQL's `job` table says what is due; BullMQ only wakes a replica at the right moment and
 * may forget everything. Whoever wakes claims the row by a lease; the handler's transaction finishes it under that
 * lease's token, so that an effect happens once even when two replicas wake or one freezes in between. The sweep runs
 * what is overdue and fills a wiped Redis again.
 */
export class JobRunner {
  readonly #options: JobRunnerOptions;
  readonly #queue: Queue<WakeUp>;
  readonly #worker: Worker<WakeUp>;
  readonly #clients: RedisClientType[] = [];
  #sweepTimer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;
  #closed = false;
  /** Changes with each Redis: absent in there means that Redis lost our jobs. */
  readonly #markerKey: string;

  constructor(options: JobRunnerOptions) {
    this.#options = options;
    this.#markerKey = `${options.prefix}:jobs-filled`;
    const connection = (): ReturnType<typeof createNodeRedisClient> => {
      const client: RedisClientType = createClient({
        url: options.redisUrl,
        socket: { reconnectStrategy: (retries) => Math.min(100 + retries * 100, 2_000), connectTimeout: 2_000 },
      });
      client.on('error', (error: Error) => options.log.debug({ err: error }, 'redis connection of the jobs'));
      this.#clients.push(client);
      return createNodeRedisClient(client);
    };
    const prefix = `${options.prefix}:bull`;
    this.#queue = new Queue<WakeUp>(QUEUE_NAME, { connection: connection(), prefix });
    this.#worker = new Worker<WakeUp>(QUEUE_NAME, async (job) => this.runNow(job.data.id), {
      connection: connection(),
      prefix,
      concurrency: CONCURRENCY,
      autorun: true,
    });
    const onError = (error: Error): void => options.log.debug({ err: error }, 'bullmq');
    this.#queue.on('error', onError);
    this.#worker.on('error', onError);
    this.#armSweep(0);
  }

  /** Hands jobs to BullMQ after their rows were committed. Failure is harmless: the sweep finds them. */
  enqueue(jobs: readonly { readonly id: string; readonly dueAt: Date }[]): void {
    if (this.#closed || !this.#redisReady()) return;
    this.#add(jobs).catch((error: unknown) => this.#options.log.debug({ err: error }, 'jobs left to the sweep'));
  }

  /** Claims and runs one job if it is due and nobody else has it. */
  async runNow(jobId: string): Promise<void> {
    const { db, log, metrics, handle } = this.#options;
    const leaseToken = randomUUID();
    const claimed = await db
      .updateTable('job')
      .set({
        state: 'running',
        lease_token: leaseToken,
        lease_expires_at: sql<Date>`now() + make_interval(secs => ${LEASE_SECONDS})`,
        attempts: (eb) => eb('attempts', '+', 1),
      })
      .where('id', '=', jobId)
      // A replica's clock may run ahead of the database's by a little; a wake-up that is too early is repeated below.
      .where('due_at', '<=', sql<Date>`now()`)
      .where((eb) =>
        eb.or([
          eb('state', '=', 'pending'),
          eb.and([eb('state', '=', 'running'), eb('lease_expires_at', '<', sql<Date>`now()`)]),
        ]),
      )
      .returning(['id', 'kind', 'subject_id', 'token', 'attempts', 'due_at', sql<Date>`now()`.as('now')])
      .executeTakeFirst();
    if (claimed === undefined) {
      await this.#requeueIfEarly(jobId);
      return;
    }
    const kind = JobKind.parse(claimed.kind);
    metrics.jobLagSeconds.observe({ kind }, Math.max(0, (claimed.now.getTime() - claimed.due_at.getTime()) / 1000));
    try {
      await handle({
        id: claimed.id,
        kind,
        subjectId: claimed.subject_id,
        token: claimed.token,
        leaseToken,
        attempts: claimed.attempts,
      });
    } catch (error) {
      metrics.jobFailures.inc({ kind });
      const failed = claimed.attempts >= MAX_ATTEMPTS;
      log.error({ err: error, jobId, kind, attempts: claimed.attempts, failed }, 'job failed');
      await db
        .updateTable('job')
        .set({
          state: failed ? 'failed' : 'pending',
          // Quadratic back-off: 1, 4, 9 … seconds.
          due_at: sql<Date>`now() + make_interval(secs => ${claimed.attempts ** 2})`,
          last_error: error instanceof Error ? error.message.slice(0, 500) : 'unknown',
        })
        .where('id', '=', jobId)
        .where('lease_token', '=', leaseToken)
        .where('state', '=', 'running')
        .execute();
    }
  }

  /** Runs what is overdue and refills Redis if it lost its memory. */
  async sweep(): Promise<void> {
    const { db } = this.#options;
    const overdue = await db
      .selectFrom('job')
      .select('id')
      .where((eb) =>
        eb.or([
          eb.and([eb('state', '=', 'pending'), eb('due_at', '<', sql<Date>`now() - interval '1 second'`)]),
          eb.and([eb('state', '=', 'running'), eb('lease_expires_at', '<', sql<Date>`now()`)]),
        ]),
      )
      .orderBy('due_at')
      .limit(SWEEP_BATCH)
      .execute();
    for (const { id } of overdue) {
      if (this.#closed) return;
      await this.runNow(id);
    }
    await this.#refill();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#sweepTimer);
    await this.#sweeping;
    // A worker that waits for Redis would wait for ever while Redis is gone.
    const force = !this.#redisReady();
    if (!force) await this.#worker.close();
    for (const client of this.#clients) if (client.isOpen) client.destroy();
  }

  /** For the dashboard behind administrator sign-in. */
  get queue(): Queue<WakeUp> {
    return this.#queue;
  }

  #redisReady(): boolean {
    return this.#clients.every((client) => client.isReady);
  }

  async #add(jobs: readonly { readonly id: string; readonly dueAt: Date }[]): Promise<void> {
    const now = Date.now();
    const near = jobs.filter((job) => job.dueAt.getTime() - now < HORIZON_MS);
    if (near.length === 0) return;
    await this.#queue.addBulk(
      near.map((job) => ({
        name: 'due',
        data: { id: job.id },
        // Not the row's id: a rescheduled row may be queued twice, and the claim makes that harmless.
        opts: { delay: Math.max(0, job.dueAt.getTime() - now), removeOnComplete: true, removeOnFail: 100 },
      })),
    );
  }

  async #requeueIfEarly(jobId: string): Promise<void> {
    const row = await this.#options.db
      .selectFrom('job')
      .select(['id', 'due_at'])
      .where('id', '=', jobId)
      .where('state', '=', 'pending')
      .where('due_at', '>', sql<Date>`now()`)
      .executeTakeFirst();
    if (row !== undefined)
      this.enqueue([{ id: row.id, dueAt: new Date(Math.max(row.due_at.getTime(), Date.now() + 20)) }]);
  }

  async #refill(): Promise<void> {
    const marker = this.#clients[0];
    if (marker === undefined || !marker.isReady) return;
    // Expires a little before the horizon, so that far jobs come near in time.
    const first = await marker.set(this.#markerKey, '1', {
      condition: 'NX',
      expiration: { type: 'EX', value: 20 * 3600 },
    });
    if (first === null) return;
    const pending = await this.#options.db
      .selectFrom('job')
      .select(['id', 'due_at'])
      .where('state', '=', 'pending')
      .where('due_at', '<', sql<Date>`now() + interval '24 hours'`)
      .execute();
    await this.#add(pending.map((row) => ({ id: row.id, dueAt: row.due_at })));
    if (pending.length > 0) this.#options.log.info({ jobs: pending.length }, 'jobs handed to redis anew');
  }

  #armSweep(delayMs: number): void {
    if (this.#closed) return;
    this.#sweepTimer = setTimeout(() => {
      this.#sweeping = this.sweep()
        .catch((error: unknown) => this.#options.log.warn({ err: error }, 'sweep failed'))
        .finally(() => this.#armSweep(this.#options.sweepMs));
    }, delayMs);
  }
}
