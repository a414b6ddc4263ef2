import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createJobHandler } from '../../signaling/src/jobs/handlers.ts';
import { JobRunner } from '../../signaling/src/jobs/JobRunner.ts';
import { joinWaitlist } from '../../signaling/src/operations/booking/waitlist/join.ts';
import { board } from '../../signaling/src/operations/queue/board.ts';
import { cancel } from '../../signaling/src/operations/booking/cancel.ts';
import { CareDistrict, type TestClinic } from '../support/careDistrict.ts';
import { CareFlow } from '../support/careFlow.ts';
import { createTestRedis, type TestRedis } from '../support/testDatabase.ts';

let district: CareDistrict;
let clinic: TestClinic;
let redis: TestRedis;
let runners: JobRunner[];

beforeAll(async () => {
  [district, redis] = await Promise.all([CareDistrict.create(), createTestRedis()]);
  clinic = await district.clinic();
  // As two replicas.
  runners = [1, 2].map(
    () =>
      new JobRunner({
        db: district.services.db,
        redisUrl: redis.url,
        prefix: redis.prefix,
        log: district.services.log,
        metrics: district.services.metrics,
        sweepMs: 300,
        handle: createJobHandler(district.services),
      }),
  );
});
afterAll(async () => {
  await Promise.all(runners.map((runner) => runner.close()));
  await district.close();
});

/** Redis forgets everything it was told. */
async function wipe(): Promise<void> {
  const client = createClient({ url: redis.url });
  await client.connect();
  await client.flushDb();
  client.destroy();
}
/** Two replicas and a Redis that forgot: told once means once, whenever one looks. */
const TOLD_AT_MOST_ONCE_MS = 1_500;
const messages = async (subjectId: string) =>
  (
    await district.services.db
      .selectFrom('communication')
      .select('kind')
      .where('subject_id', '=', subjectId)
      .orderBy('created_at')
      .execute()
  ).map(({ kind }) => kind);

test('a reminder that Redis forgot still comes, once, and does not claim to be late', async () => {
  const { db } = district.services;
  const appointment = await new CareFlow(district, clinic, await district.specialist()).book(
    await district.resident(),
    2_880,
  );
  const dueAt = new Date(Date.now() + 1_500);
  const start = dueAt.getTime() + 3_600_000;
  await db
    .updateTable('appointment')
    .set({ period: `[${new Date(start).toISOString()},${new Date(start + 900_000).toISOString()})` })
    .where('id', '=', appointment.appointmentId)
    .execute();
  const { id } = await db
    .updateTable('job')
    .set({ due_at: dueAt })
    .where('subject_id', '=', appointment.appointmentId)
    .where('token', '=', 'PT1H')
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const runner of runners) runner.enqueue([{ id, dueAt }]);
  await sleep(200);
  await wipe();
  const reminders = async () => (await messages(appointment.appointmentId)).filter((kind) => kind.includes('reminder'));
  await vi.waitFor(async () => expect(await reminders()).toEqual(['appointment-reminder']), { timeout: 20_000 });
  await wipe();
  await sleep(TOLD_AT_MOST_ONCE_MS);
  expect(await reminders()).toEqual(['appointment-reminder']);
});

test('a time given back while Redis is empty is offered to the waiting list all the same', async () => {
  const specialist = await district.specialist();
  const [owner, waiting] = [await district.resident(), await district.resident()];
  const taken = await new CareFlow(district, clinic, specialist).book(owner, 2_880);
  const entry = await joinWaitlist(district.services, district.context(waiting.actor), {
    patientId: waiting.patientId,
    practitionerRoleId: specialist.practitionerRoleId,
    locationId: clinic.locationId,
    complaint: '头晕',
  });
  await wipe();
  await cancel(district.services, district.context(owner.actor), {
    appointmentId: taken.appointmentId,
    version: taken.version,
    reason: 'feels-better',
  });
  await vi.waitFor(async () => expect(await messages(entry.appointmentId)).toEqual(['waitlist-offer']), {
    timeout: 20_000,
  });
});

test('a late start is noticed and told once although Redis forgets it twice', async () => {
  const { db } = district.services;
  const specialist = await district.specialist();
  const flow = new CareFlow(district, clinic, specialist);
  const [due, later] = [await district.resident(), await district.resident()];
  const appointment = await flow.book(due, 30);
  await flow.book(later, 60);
  // Nine minutes and 56 seconds ago: overdue for the alert, and in four seconds for telling everybody.
  const start = Date.now() - 596_000;
  await db
    .updateTable('appointment')
    .set({ period: `[${new Date(start).toISOString()},${new Date(start + 900_000).toISOString()})` })
    .where('id', '=', appointment.appointmentId)
    .execute();
  const dueAt = new Date(Date.now() + 500);
  const { id } = await db
    .updateTable('job')
    .set({ due_at: dueAt })
    .where('kind', '=', 'session.late-alert')
    .where('subject_id', '=', appointment.appointmentId)
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const runner of runners) runner.enqueue([{ id, dueAt }]);
  await wipe();
  const coordinator = { ...specialist.actor, role: 'coordinator' as const };
  const lateOnBoard = async () => {
    const { queues } = await board(district.services, district.context(coordinator));
    return queues.find((one) => one.practitionerRoleId === specialist.practitionerRoleId)?.lateSince;
  };
  await vi.waitFor(async () => expect(await lateOnBoard()).toBe(new Date(start).toISOString()), { timeout: 20_000 });
  const lateStarts = () =>
    db.selectFrom('late_start').selectAll().where('practitioner_role_id', '=', specialist.practitionerRoleId).execute();
  const [late] = await lateStarts();
  const tell = await db
    .selectFrom('job')
    .select(['id', 'due_at'])
    .where('kind', '=', 'session.late-tell')
    .where('subject_id', '=', late?.id ?? '')
    .executeTakeFirstOrThrow();
  for (const runner of runners) runner.enqueue([{ id: tell.id, dueAt: tell.due_at }]);
  await wipe();
  const told = async () =>
    (
      await db
        .selectFrom('communication')
        .select(['account_id', 'kind'])
        .where('subject_id', '=', late?.id ?? '')
        .execute()
    )
      .map(({ account_id: account, kind }) => `${kind} ${account}`)
      .toSorted();
  const both = [due, later].map((one) => `specialist-late ${one.actor.userId}`).toSorted();
  await vi.waitFor(async () => expect(await told()).toEqual(both), { timeout: 20_000 });
  await wipe();
  await sleep(TOLD_AT_MOST_ONCE_MS);
  expect(await told()).toEqual(both);
  expect(await lateStarts()).toHaveLength(1);
});
