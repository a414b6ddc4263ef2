import { randomBytes, randomUUID } from 'node:crypto';
import { AppointmentId } from '@cloud-hospital/protocol';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { SYSTEM } from '../../signaling/src/domain/Actor.ts';
import { topic } from '../../signaling/src/domain/topics.ts';
import { Browser } from '../support/Browser.ts';
import { type Replica, startReplica } from '../support/replica.ts';
import { verifiedPatient } from '../support/insertPatient.ts';
import { signedInAccount } from '../support/residentAccount.ts';
import { createTestDatabase, createTestRedis, type TestDatabase } from '../support/testDatabase.ts';

let database: TestDatabase;
let replica: Replica;
beforeAll(async () => {
  database = await createTestDatabase();
  replica = await startReplica({ database, redis: await createTestRedis() });
});
afterAll(async () => {
  await replica?.stop();
  await database?.drop();
});

const asSystem = { agent: SYSTEM, requestId: 'test' };
const db = () => replica.services.db;

const patient = () => verifiedPatient(replica.services, null);
const resident = () => signedInAccount(replica.services);

async function relation(accountId: string, patientId: string): Promise<string> {
  const { id } = await db()
    .insertInto('related_person')
    .values({
      account_id: accountId,
      relationship: 'parent',
      status: 'active',
      name: '王秀英',
      identity_hash: randomBytes(32),
      identity_masked: '110*************17',
      birth_date: '1950-01-01',
      patient_id: patientId,
      consent_method: 'desk',
      consented_at: new Date(),
      verified_at: new Date(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** Says something to the patient's topic. @returns the id it can be told by */
async function say(patientId: string): Promise<AppointmentId> {
  const appointmentId = AppointmentId.parse(randomUUID());
  await replica.services.commands.run(asSystem, (unit) => {
    unit.emit([topic.patient(patientId)], 'appointment:changed', { appointmentId, status: 'booked', version: 1 });
    return Promise.resolve();
  });
  return appointmentId;
}
const hearsOf = async (browser: Browser, patientId: string): Promise<boolean> => {
  const id = await say(patientId);
  return browser
    .hears('appointment:changed', ({ appointmentId }) => appointmentId === id, 400)
    .then(
      () => true,
      () => false,
    );
};

test('a socket hears of a family member from the consent on, and no longer once the relation ended', async () => {
  const [holder, mother] = [await resident(), await patient()];
  const browser = await Browser.connect(replica.url, holder);
  expect(await hearsOf(browser, mother)).toBe(false);

  const relationId = await relation(holder.accountId, mother);
  await replica.services.commands.run(asSystem, (unit) => {
    unit.emit([topic.account(holder.accountId)], 'related-persons:changed', {});
    return Promise.resolve();
  });
  await vi.waitFor(async () => expect(await hearsOf(browser, mother)).toBe(true), { timeout: 4_000 });

  await replica.services.commands.run(asSystem, async (unit) => {
    await unit.tx
      .updateTable('related_person')
      .set({ status: 'inactive', ended_at: unit.now, ended_by: 'member' })
      .where('id', '=', relationId)
      .execute();
    unit.emit([topic.account(holder.accountId)], 'related-persons:changed', {});
  });
  await vi.waitFor(async () => expect(await hearsOf(browser, mother)).toBe(false), { timeout: 2_500 });
  browser.close();
});

test('also when the event of the end never came: the subscription is gone within five seconds', async () => {
  const [holder, mother] = [await resident(), await patient()];
  const relationId = await relation(holder.accountId, mother);
  const browser = await Browser.connect(replica.url, holder);
  await vi.waitFor(async () => expect(await hearsOf(browser, mother)).toBe(true), { timeout: 5_000 });
  await db().updateTable('related_person').set({ status: 'inactive' }).where('id', '=', relationId).execute();
  await vi.waitFor(async () => expect(await hearsOf(browser, mother)).toBe(false), { timeout: 5_000 });
  browser.close();
});

test('a relation nobody vouched for opens no subscription', async () => {
  const [holder, mother] = [await resident(), await patient()];
  const relationId = await relation(holder.accountId, mother);
  await db().updateTable('related_person').set({ verified_at: null }).where('id', '=', relationId).execute();
  const browser = await Browser.connect(replica.url, holder);
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(await hearsOf(browser, mother)).toBe(false);
  browser.close();
});
