import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'redis';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createJobHandler } from '../../signaling/src/jobs/handlers.ts';
import { JobRunner } from '../../signaling/src/jobs/JobRunner.ts';
import { joinWaitlist } from '../../signaling/src/operations/booking/waitlist/join.ts';
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
  await sleep(1_500);
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
