import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { RedisServer } from '../../infra/src/redis/RedisServer.ts';
import { JobKind } from '../../signaling/src/domain/jobs.ts';
import { createJobHandler } from '../../signaling/src/jobs/handlers.ts';
import { JobRunner } from '../../signaling/src/jobs/JobRunner.ts';
import { createCommandRunner, type JobRequest } from '../../signaling/src/store/command.ts';
import { SYSTEM } from '../../signaling/src/domain/Actor.ts';
import { CareDistrict } from '../support/careDistrict.ts';

let district: CareDistrict;
let directory: string;
let redis: RedisServer;

beforeAll(async () => {
  district = await CareDistrict.create();
  directory = await mkdtemp(join(tmpdir(), 'job-kinds-redis-'));
  redis = RedisServer.prepare({ directory, dieWithParent: true, log: () => undefined });
  await redis.start();
});
afterAll(async () => {
  await redis.stop();
  await rm(directory, { recursive: true, force: true });
  await district.close();
});

function startRunner(): JobRunner {
  const { services } = district;
  return new JobRunner({
    db: services.db,
    redisUrl: redis.url(),
    prefix: 'kinds',
    log: services.log,
    metrics: services.metrics,
    sweepMs: 200,
    handle: createJobHandler(services),
  });
}

/** One of each kind, about something that is not there any more: every effect looks first and finds nothing to do. */
async function scheduleEach(runner: JobRunner, dueInMs: number): Promise<ReadonlyMap<JobKind, string>> {
  const subjects = new Map<JobKind, string>(JobKind.options.map((kind) => [kind, randomUUID()]));
  // Roles never vanish: this one is simply not on a break.
  subjects.set('availability.break-end', (await district.specialist()).practitionerRoleId);
  let scheduled: readonly (JobRequest & { id: string })[] = [];
  const commands = createCommandRunner(district.services.db, {
    onEvents: () => undefined,
    onJobs: (jobs) => {
      scheduled = jobs;
    },
  });
  await commands.run({ agent: SYSTEM, requestId: 'test' }, (unit) => {
    for (const [kind, subjectId] of subjects) {
      unit.schedule({ kind, subjectId, token: randomUUID(), dueAt: new Date(unit.now.getTime() + dueInMs) });
    }
    return Promise.resolve();
  });
  runner.enqueue(scheduled);
  return subjects;
}

async function states(subjects: ReadonlyMap<JobKind, string>): Promise<Record<string, string>> {
  const rows = await district.services.db
    .selectFrom('job')
    .select(['kind', 'state', 'last_error'])
    .where('subject_id', 'in', [...subjects.values()])
    .execute();
  return Object.fromEntries(rows.map(({ kind, state, last_error }) => [kind, last_error ?? state]));
}

test('jobs of every kind run although Redis was killed, wiped and came back empty', async () => {
  const runner = startRunner();
  try {
    // The runner has handed over what there was, so that only a missing marker makes it do so again.
    await runner.sweep();
    const subjects = await scheduleEach(runner, 1_500);
    await redis.stop();
    const written = (await readdir(directory)).filter((name) => !name.endsWith('.conf'));
    await Promise.all(written.map((name) => rm(join(directory, name), { recursive: true, force: true })));
    await redis.start();
    const allDone = Object.fromEntries(JobKind.options.map((kind) => [kind, 'done']));
    await vi.waitFor(async () => expect(await states(subjects)).toEqual(allDone), { timeout: 20_000, interval: 200 });
  } finally {
    await runner.close();
  }
}, 60_000);
