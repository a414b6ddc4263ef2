import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { z } from 'zod';
import { RedisServer } from '../../../infra/src/redis/RedisServer.ts';
import { SYSTEM } from '../../../signaling/src/domain/Actor.ts';
import { finishJob } from '../../../signaling/src/jobs/finishJob.ts';
import { JobRunner } from '../../../signaling/src/jobs/JobRunner.ts';
import { createMetrics } from '../../../signaling/src/metrics.ts';
import { createCommandRunner } from '../../../signaling/src/store/command.ts';
import { openDatabase } from '../../../signaling/src/store/database.ts';
import type { BenchDatabase } from '../BenchDatabase.ts';
import type { Row } from '../Row.ts';
import { ms, percentile } from '../statistics.ts';
import { bareQueueLateness } from '../bareQueue.ts';

const Late = z.object({ late: z.number() });

const TIMED = 200;
const AT_ONCE = 100;
const FIRST_DUE_MS = 2_000;
const SPREAD_MS = 5_000;
const PATIENCE_MS = 60_000;

/**
 * Row 12: how late reminders run while very many others are scheduled, and how soon a job "at once" is done. The effect
 * is the end of the job alone, so that the way there is measured: row → BullMQ → claim → effect's transaction.
 */
export async function jobsRow(database: BenchDatabase, full: boolean): Promise<Row> {
  const scheduled = full ? 100_000 : 10_000;
  const directory = await mkdtemp(path.join(tmpdir(), 'bench-jobs-redis-'));
  const redis = RedisServer.prepare({ directory, dieWithParent: true, log: () => undefined });
  await redis.start();
  const log = pino({ level: 'error' });
  const db = openDatabase({ url: database.url, poolSize: 10, statementTimeoutMs: 15_000 }, (error) => log.error(error));
  let runner: JobRunner | undefined;
  const commands = createCommandRunner(db, {
    onEvents: () => undefined,
    onJobs: (jobs) => runner?.enqueue(jobs),
  });
  try {
    // Twelve hours away: within what BullMQ is handed, beyond what the system under measurement runs meanwhile.
    await database.rows(
      `INSERT INTO job (kind, subject_id, token, due_at)
       SELECT 'appointment.reminder', gen_random_uuid(), 'bench', now() + interval '12 hours' FROM generate_series(1, $1::int)`,
      [scheduled],
    );
    runner = new JobRunner({
      db,
      redisUrl: redis.url(),
      prefix: 'bench',
      log,
      metrics: createMetrics(),
      sweepMs: 5_000,
      handle: (job) => commands.run({ agent: SYSTEM, requestId: 'bench' }, (unit) => finishJob(unit, job)),
    });
    // With those of the seeded district.
    await until(async () => ((await runner?.queue.getDelayedCount()) ?? 0) >= scheduled);

    const lateness = async (token: string, dueInMs: (index: number) => number, count: number): Promise<number[]> => {
      for (let index = 0; index < count; index += 1) {
        await commands.run({ agent: SYSTEM, requestId: 'bench' }, (unit) => {
          unit.schedule({
            kind: 'appointment.reminder',
            subjectId: randomUUID(),
            token,
            dueAt: new Date(unit.now.getTime() + dueInMs(index)),
          });
          return Promise.resolve();
        });
      }
      const unfinished = `SELECT 0::float8 AS late FROM job WHERE token = $1 AND state <> 'done'`;
      await until(async () => (await database.rows(unfinished, [token])).length === 0);
      // finished_at is the start of the effect's transaction.
      const rows = await database.rows(
        `SELECT extract(epoch FROM finished_at - due_at)::float8 * 1000 AS late FROM job WHERE token = $1`,
        [token],
      );
      return z
        .array(Late)
        .parse(rows)
        .map(({ late }) => late);
    };
    const timed = await lateness('timed', (index) => FIRST_DUE_MS + (index / TIMED) * SPREAD_MS, TIMED);
    const atOnce = await lateness('at-once', () => 0, AT_ONCE);
    const bare = await bareQueueLateness(redis.url(), TIMED, FIRST_DUE_MS, SPREAD_MS);
    return {
      number: 12,
      metric: `jobs: ${TIMED} reminders among ${scheduled} scheduled ones; ${AT_ONCE} at once`,
      goal: 'lateness p99 ≤ 50 ms; at once p99 ≤ 100 ms',
      result:
        `late p50 ${ms(percentile(timed, 50))}, p99 ${ms(percentile(timed, 99))}; ` +
        `at once p50 ${ms(percentile(atOnce, 50))}, p99 ${ms(percentile(atOnce, 99))}`,
      yardstick: `bare BullMQ: late p50 ${ms(percentile(bare, 50))}, p99 ${ms(percentile(bare, 99))}`,
      figures: {
        scheduled,
        lateP50: percentile(timed, 50),
        lateP99: percentile(timed, 99),
        atOnceP50: percentile(atOnce, 50),
        atOnceP99: percentile(atOnce, 99),
        bareP50: percentile(bare, 50),
        bareP99: percentile(bare, 99),
      },
    };
  } finally {
    await runner?.close();
    await database.rows(`DELETE FROM job WHERE token IN ('bench', 'timed', 'at-once')`);
    await db.destroy();
    await redis.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (const giveUp = performance.now() + PATIENCE_MS; performance.now() < giveUp; await sleep(50)) {
    if (await isSo()) return;
  }
  throw new Error('the jobs did not run in time');
}
