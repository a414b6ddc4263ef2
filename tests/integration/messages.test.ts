import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { OutgoingMessage } from '../../signaling/src/channels/Channel.ts';
import { deliver } from '../../signaling/src/operations/inbox/deliver.ts';
import { listInbox } from '../../signaling/src/operations/inbox/list.ts';
import { type Notice, notify, withdrawNotices } from '../../signaling/src/operations/inbox/notify.ts';
import { requestCode } from '../../signaling/src/operations/session/requestCode.ts';
import type { Services } from '../../signaling/src/Services.ts';
import { CareDistrict } from '../support/careDistrict.ts';

let district: CareDistrict;
let services: Services;
const carried: OutgoingMessage[] = [];
let carrierIsDown = false;
beforeAll(async () => {
  // Not a demo: nothing that a stranger may not read is kept anywhere.
  district = await CareDistrict.create({ DEMO_DISTRICT: '0' });
  services = {
    ...district.services,
    channels: {
      deliver: (message) => {
        if (carrierIsDown) return Promise.reject(new Error('refused: down'));
        carried.push(message);
        return Promise.resolve();
      },
    },
  };
});
afterAll(() => district.close());

const noFinish = (): Promise<void> => Promise.resolve();
const notice = (accountId: string | null, dedupeKey: string, subjectId: string): Notice<'report-ready'> => ({
  kind: 'report-ready',
  params: { specialist: '王明远' },
  accountId,
  phone: '19011112222',
  subjectId,
  dedupeKey,
});
const communications = (subjectId: string) =>
  services.db
    .selectFrom('communication')
    .select(['id', 'status', 'text'])
    .where('subject_id', '=', subjectId)
    .execute();
const pendingJobs = async (): Promise<string[]> =>
  (
    await services.db
      .selectFrom('job')
      .select('subject_id')
      .where('kind', '=', 'communication.send')
      .where('state', '=', 'pending')
      .execute()
  ).map((row) => row.subject_id);

test('the same thing is told once, however often it is asked for', async () => {
  const subjectId = randomUUID();
  for (let round = 0; round < 3; round += 1) {
    await district.asSystem((unit) => notify(unit, notice(null, 'once', subjectId)));
  }
  expect(await communications(subjectId)).toHaveLength(1);
});

test('a message is carried by its job and then lies in the inbox, unread once', async () => {
  const { actor } = await district.resident();
  const subjectId = randomUUID();
  await district.asSystem((unit) => notify(unit, notice(actor.userId, `read:${subjectId}`, subjectId)));
  const [written] = await communications(subjectId);
  const id = written?.id ?? '';
  expect(await pendingJobs()).toContain(id);
  expect((await listInbox(services, district.context(actor))).messages).toEqual([]);
  await deliver(services, id, 'test', noFinish);
  await deliver(services, id, 'test', noFinish);
  expect(carried.filter(({ communicationId }) => communicationId === id)).toHaveLength(1);
  const read = async (): Promise<unknown> => (await listInbox(services, district.context(actor))).messages;
  expect(await read()).toMatchObject([{ kind: 'report-ready', read: false }]);
  expect(await read()).toMatchObject([{ kind: 'report-ready', read: true }]);
  const told = await services.db.selectFrom('outbox').select('topics').where('name', '=', 'inbox:changed').execute();
  expect(told.flatMap(({ topics }) => topics)).toContain(`account:${actor.userId}`);
});

test('while the carrier is down the message stays to be sent', async () => {
  const subjectId = randomUUID();
  await district.asSystem((unit) => notify(unit, notice(null, `down:${subjectId}`, subjectId)));
  const [written] = await communications(subjectId);
  carrierIsDown = true;
  try {
    await expect(deliver(services, written?.id ?? '', 'test', noFinish)).rejects.toThrow('down');
  } finally {
    carrierIsDown = false;
  }
  expect(await communications(subjectId)).toMatchObject([{ status: 'pending' }]);
});

test('what was withdrawn is sent by no job, not even by one that runs already', async () => {
  const subjectId = randomUUID();
  await district.asSystem((unit) => notify(unit, notice(null, `withdrawn:${subjectId}`, subjectId)));
  const [written] = await communications(subjectId);
  const id = written?.id ?? '';
  await district.asSystem((unit) => withdrawNotices(unit, subjectId));
  expect(await pendingJobs()).not.toContain(id);
  await deliver(services, id, 'test', noFinish);
  expect(carried.some(({ communicationId }) => communicationId === id)).toBe(false);
  expect(await communications(subjectId)).toMatchObject([{ status: 'withdrawn' }]);
});

test('outside the demo district a login code is carried, and kept nowhere', async () => {
  const phone = '19033334444';
  await requestCode(services, { requestId: 'test' }, { phone });
  const message = carried.find((one) => one.phone === phone);
  const code = z
    .string()
    .regex(/^\d{6}$/)
    .parse(message?.params['code']);
  expect(message?.text).toContain(code);
  const rows = await services.db.selectFrom('communication').selectAll().where('phone', '=', phone).execute();
  expect(rows).toHaveLength(1);
  expect(JSON.stringify(rows)).not.toContain(code);
  const jobs = await services.db.selectFrom('job').selectAll().execute();
  expect(JSON.stringify(jobs)).not.toContain(code);
});

test('a phone gets a new code after a minute, and ten a day', async () => {
  const phone = '19055556666';
  const ask = (): Promise<unknown> => requestCode(services, { requestId: 'test' }, { phone });
  expect(await ask()).toEqual({ resendAfterSeconds: 60 });
  const soon = await ask().catch((error: unknown) => error);
  expect(soon).toMatchObject({ code: 'RATE_LIMITED' });
  const { retryAfterSeconds } = z.object({ details: z.object({ retryAfterSeconds: z.number() }) }).parse(soon).details;
  expect(retryAfterSeconds).toBeGreaterThan(50);
  expect(retryAfterSeconds).toBeLessThanOrEqual(60);
  const age = (): Promise<unknown> =>
    services.db
      .updateTable('login_code')
      .set({ created_at: sql<Date>`created_at - interval '61 seconds'` })
      .where('phone', '=', phone)
      .execute();
  for (let sent = 1; sent < 10; sent += 1) {
    await age();
    await ask();
  }
  await age();
  await expect(ask()).rejects.toMatchObject({ code: 'RATE_LIMITED' });
});

test('a terminal has no inbox', async () => {
  const terminal = { ...(await district.resident()).actor, userId: null };
  expect(await listInbox(services, district.context(terminal))).toEqual({ messages: [] });
});
