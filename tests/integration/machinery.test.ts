import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { z } from 'zod';
import { RedisServer } from '../../infra/src/redis/RedisServer.ts';
import { ensureApplicationSecrets } from '../../infra/src/secrets/ensureSecrets.ts';
import { LocalSigner } from '../../signaling/src/auth/LocalSigner.ts';
import { SYSTEM } from '../../signaling/src/domain/Actor.ts';
import { AuditSealer } from '../../signaling/src/jobs/AuditSealer.ts';
import { finishJob } from '../../signaling/src/jobs/finishJob.ts';
import { type DueJob, JobRunner } from '../../signaling/src/jobs/JobRunner.ts';
import { createMetrics } from '../../signaling/src/metrics.ts';
import { type OutboxEvent, OutboxTail } from '../../signaling/src/socket/OutboxTail.ts';
import { checkAuditChain } from '../../signaling/src/store/auditChain.ts';
import { type CommandRunner, createCommandRunner, type JobRequest } from '../../signaling/src/store/command.ts';
import { type Db, openDatabase } from '../../signaling/src/store/database.ts';
import { createTestDatabase, type TestDatabase } from '../support/stack.ts';

const log = pino({ level: 'silent' });
const context = { agent: SYSTEM, requestId: 'test' };
const FAR = 24 * 3_600_000;

let database: TestDatabase;
let db: Db;
let owner: Db;

const open = (url: string): Db =>
  openDatabase({ url, poolSize: 6, statementTimeoutMs: 10_000 }, (error) => log.warn({ err: error }, 'pool'));

beforeAll(async () => {
  database = await createTestDatabase();
  db = open(database.url);
  owner = open(database.superuserUrl);
});
afterAll(async () => {
  await Promise.all([db.destroy(), owner.destroy()]);
  await database.drop();
});

const quietCommands = (): CommandRunner =>
  createCommandRunner(db, { onEvents: () => undefined, onJobs: () => undefined });

describe('a command', () => {
  const Answer = z.object({ number: z.number() });

  it('leaves nothing of itself when it throws: no row, no audit, no event, no job', async () => {
    const entityId = randomUUID();
    const failing = quietCommands().run(context, async (unit) => {
      unit.audit({ action: 'test:fail', entityKind: 'Test', entityId });
      unit.emit(['district'], 'worklist:changed', {});
      unit.schedule({ kind: 'appointment.no-show', subjectId: entityId, dueAt: unit.now });
      await Promise.resolve();
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    const audits = await db.selectFrom('audit_event').select('id').where('entity_id', '=', entityId).execute();
    const jobs = await db.selectFrom('job').select('id').where('subject_id', '=', entityId).execute();
    expect([audits, jobs]).toEqual([[], []]);
  });

  it('answers twins of one key alike and takes effect once, however many arrive together', async () => {
    const entityId = randomUUID();
    const commands = quietCommands();
    let runs = 0;
    const once = { action: 'test.once', request: { entityId }, response: Answer };
    const answers = await Promise.all(
      Array.from({ length: 12 }, () =>
        commands.runOnce({ ...context, idempotencyKey: `key-${entityId}` }, once, async (unit) => {
          runs += 1;
          unit.audit({ action: 'test:once', entityKind: 'Test', entityId });
          await sleep(5);
          return { number: runs };
        }),
      ),
    );
    const audits = await db.selectFrom('audit_event').select('id').where('entity_id', '=', entityId).execute();
    expect(new Set(answers.map(({ number }) => number)).size).toBe(1);
    expect(audits).toHaveLength(1);
  });

  it('refuses one key for two different requests', async () => {
    const commands = quietCommands();
    const withKey = { ...context, idempotencyKey: `key-${randomUUID()}` };
    const once = (request: number) => ({ action: 'test.once', request, response: Answer });
    await commands.runOnce(withKey, once(1), () => Promise.resolve({ number: 1 }));
    const other = commands.runOnce(withKey, once(2), () => Promise.resolve({ number: 2 }));
    await expect(other).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
  });

  it('is tried again after a deadlock and then succeeds', async () => {
    const commands = quietCommands();
    const [a, b] = [randomUUID(), randomUUID()];
    await commands.run(context, async (unit) => {
      for (const subjectId of [a, b]) {
        unit.schedule({ kind: 'appointment.no-show', subjectId, dueAt: new Date(unit.now.getTime() + FAR) });
      }
      return Promise.resolve();
    });
    const lockBoth = (first: string, second: string): Promise<void> =>
      commands.run(context, async (unit) => {
        for (const subjectId of [first, second]) {
          await unit.tx.updateTable('job').set({ attempts: 0 }).where('subject_id', '=', subjectId).execute();
          await sleep(150);
        }
      });
    await expect(Promise.all([lockBoth(a, b), lockBoth(b, a)])).resolves.toBeDefined();
  });
});

describe('the outbox tail', () => {
  it('delivers a row that commits after a later one, once, and nothing twice', async () => {
    const seen: OutboxEvent[] = [];
    const tail = await OutboxTail.create({ db, log, pollMs: 20, deliver: (event) => seen.push(event) });
    const insert = (name: string) => sql`INSERT INTO outbox (topics, name, data) VALUES ('{district}', ${name}, '{}')`;
    let commitEarly: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      commitEarly = resolve;
    });
    const early = db.transaction().execute(async (tx) => {
      await insert('early').execute(tx);
      await held;
    });
    await sleep(50);
    await insert('late').execute(db);
    await vi.waitFor(() => expect(seen.map(({ name }) => name)).toEqual(['late']));
    commitEarly?.();
    await early;
    await vi.waitFor(() => expect(seen.map(({ name }) => name)).toEqual(['late', 'early']));
    await sleep(100);
    expect(seen).toHaveLength(2);
    tail.close();
  });
});

describe('the audit trail', () => {
  it('can be neither changed nor deleted by the application', async () => {
    await expect(db.updateTable('audit_event').set({ reason: 'other' }).execute()).rejects.toThrow(/permission denied/);
    await expect(db.deleteFrom('audit_event').execute()).rejects.toThrow(/permission denied/);
    await expect(db.deleteFrom('report_version').execute()).rejects.toThrow(/permission denied/);
  });

  it('shows an edit made behind the back of the service', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'audit-'));
    const { secretsFile } = inject('servers');
    const signer = new LocalSigner(ensureApplicationSecrets(secretsFile).auditSigningKey);
    const options = { db, signer, log, metrics: createMetrics(), intervalMs: FAR, dataDir: directory };
    const [sealer, rival] = [new AuditSealer(options), new AuditSealer(options)];
    try {
      await quietCommands().run(context, async (unit) => {
        for (let count = 0; count < 20; count += 1)
          unit.audit({ action: 'test:seal', entityKind: 'Test', entityId: randomUUID() });
        return Promise.resolve();
      });
      // Two replicas seal at the same time: one of them works, no row is linked twice.
      await vi.waitFor(async () => {
        await Promise.all([sealer.seal(), rival.seal()]);
        expect(await checkAuditChain(db)).toMatchObject({ intact: true, unsealed: 0 });
      });
      const heads = (await readFile(join(directory, 'audit/heads.jsonl'), 'utf8')).trim().split('\n');
      const head = z
        .object({ hash: z.string(), signature: z.string(), keyId: z.string() })
        .parse(JSON.parse(heads.at(-1) ?? ''));
      expect(
        await signer.verify(Buffer.from(head.hash, 'hex'), Buffer.from(head.signature, 'base64url'), head.keyId),
      ).toBe(true);

      await sql`ALTER TABLE audit_event DISABLE TRIGGER audit_event_append_only`.execute(owner);
      await sql`UPDATE audit_event SET actor_name = 'somebody else' WHERE id = (SELECT max(id) - 3 FROM audit_event)`.execute(
        owner,
      );
      await sql`ALTER TABLE audit_event ENABLE TRIGGER audit_event_append_only`.execute(owner);
      expect((await checkAuditChain(db)).intact).toBe(false);
    } finally {
      await Promise.all([sealer.close(), rival.close()]);
      await rm(directory, { recursive: true });
    }
  });
});

/** All that Redis wrote, but not its configuration. */
async function wipe(directory: string): Promise<void> {
  const written = (await readdir(directory)).filter((name) => !name.endsWith('.conf'));
  await Promise.all(written.map((name) => rm(join(directory, name), { recursive: true, force: true })));
}

describe('jobs', () => {
  const runners: JobRunner[] = [];
  let redis: RedisServer;
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'jobs-redis-'));
    redis = RedisServer.prepare({ directory, dieWithParent: true, log: () => undefined });
    await redis.start();
  });
  afterEach(async () => {
    await Promise.all(runners.splice(0).map((runner) => runner.close()));
  });
  afterAll(async () => {
    await redis.stop();
    await rm(directory, { recursive: true, force: true });
  });

  function start(effects: DueJob[], handle?: (job: DueJob) => Promise<void>): JobRunner {
    const runner = new JobRunner({
      db,
      redisUrl: redis.url(),
      prefix: 'machinery',
      log,
      metrics: createMetrics(),
      sweepMs: 300,
      handle:
        handle ??
        ((job) =>
          quietCommands().run(context, async (unit) => {
            await finishJob(unit, job);
            effects.push(job);
          })),
    });
    runners.push(runner);
    return runner;
  }
  async function schedule(runner: JobRunner | null, dueInMs: number): Promise<string> {
    const subjectId = randomUUID();
    let scheduled: readonly (JobRequest & { id: string })[] = [];
    const commands = createCommandRunner(db, {
      onEvents: () => undefined,
      onJobs: (jobs) => {
        scheduled = jobs;
      },
    });
    await commands.run(context, async (unit) => {
      unit.schedule({ kind: 'appointment.no-show', subjectId, dueAt: new Date(unit.now.getTime() + dueInMs) });
      return Promise.resolve();
    });
    runner?.enqueue(scheduled);
    return subjectId;
  }
  const stateOf = async (subjectId: string): Promise<string | undefined> =>
    (await db.selectFrom('job').select('state').where('subject_id', '=', subjectId).executeTakeFirst())?.state;

  it('take effect once although two replicas and the sweep wake for them', async () => {
    const effects: DueJob[] = [];
    const [one, two] = [start(effects), start(effects)];
    const subjects = await Promise.all(
      Array.from({ length: 10 }, (_, index) => schedule(index % 2 === 0 ? one : two, 200)),
    );
    await vi.waitFor(() => expect(effects.length).toBeGreaterThanOrEqual(10), { timeout: 8_000 });
    await sleep(800);
    expect(effects.map(({ subjectId }) => subjectId).toSorted()).toEqual(subjects.toSorted());
  });

  it('survive a Redis that is killed and comes back empty', async () => {
    const effects: DueJob[] = [];
    const runner = start(effects);
    await sleep(300);
    const subject = await schedule(runner, 1_500);
    await redis.stop();
    await wipe(directory);
    await redis.start();
    await vi.waitFor(() => expect(effects.map(({ subjectId }) => subjectId)).toContain(subject), { timeout: 15_000 });
    expect(await stateOf(subject)).toBe('done');
  });

  it('run without any Redis at all', async () => {
    await redis.stop();
    const effects: DueJob[] = [];
    start(effects);
    const subject = await schedule(null, 100);
    await vi.waitFor(() => expect(effects.map(({ subjectId }) => subjectId)).toEqual([subject]), { timeout: 8_000 });
    await redis.start();
  });

  it('run once more when they are wanted again while they run, and the run under way counts', async () => {
    const effects: DueJob[] = [];
    const subjectId = randomUUID();
    const want = (atLatest: boolean, dueInMs: number) =>
      quietCommands().run(context, async (unit) => {
        const dueAt = new Date(unit.now.getTime() + dueInMs);
        unit.schedule({ kind: 'appointment.no-show', subjectId, dueAt, atLatest });
        return Promise.resolve();
      });
    start(effects, async (job) => {
      if (effects.length === 0) {
        await want(false, 200);
        // Somebody for whom later would do doesn't put it off.
        await want(true, 60_000);
      }
      await quietCommands().run(context, async (unit) => {
        await finishJob(unit, job);
        effects.push(job);
      });
    });
    await want(false, 50);
    await vi.waitFor(() => expect(effects).toHaveLength(2), { timeout: 8_000 });
    expect(effects.map((job) => job.attempts)).toEqual([1, 1]);
    await vi.waitFor(async () => expect(await stateOf(subjectId)).toBe('done'));
  });

  it('are undone whole when the lease passed to somebody else meanwhile', async () => {
    const effects: DueJob[] = [];
    const entityId = randomUUID();
    const runner = start(effects, (job) =>
      quietCommands().run(context, async (unit) => {
        unit.audit({ action: 'test:job', entityKind: 'Test', entityId });
        await unit.tx.updateTable('job').set({ lease_token: randomUUID() }).where('id', '=', job.id).execute();
        await finishJob(unit, job);
      }),
    );
    const subject = await schedule(runner, 50);
    await vi.waitFor(
      async () => {
        const job = await db
          .selectFrom('job')
          .select('attempts')
          .where('subject_id', '=', subject)
          .executeTakeFirstOrThrow();
        expect(job.attempts).toBeGreaterThanOrEqual(1);
      },
      { timeout: 8_000 },
    );
    const audits = await db.selectFrom('audit_event').select('id').where('entity_id', '=', entityId).execute();
    expect(audits).toEqual([]);
    await db.updateTable('job').set({ state: 'cancelled' }).where('subject_id', '=', subject).execute();
  });
});
