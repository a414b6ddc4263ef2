import type { EncounterId } from '@cloud-hospital/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callNext } from '../../signaling/src/operations/queue/callNext.ts';
import { finish } from '../../signaling/src/operations/encounter/finish.ts';
import { CallStage } from '../support/callStage.ts';
import { signedInAccount } from '../support/residentAccount.ts';

let stage: CallStage;
beforeAll(async () => {
  stage = await CallStage.start({ replicas: 2 });
});
afterAll(() => stage?.stop());

const services = () => stage.replica().services;
const db = () => services().db;
/** A visit of that resident by phone, ready, first of that specialist's queue. */
async function waiting() {
  const [clinic, specialist, who] = [
    await stage.district.clinic(),
    await stage.district.specialist(),
    await signedInAccount(services()),
  ];
  const encounterId = await stage.district.visit(clinic, specialist, 'waiting');
  await db()
    .updateTable('encounter')
    .set({ by_phone: true, device_id: null, patient_id: who.patientId })
    .where('id', '=', encounterId)
    .execute();
  await db()
    .updateTable('queue_entry')
    .set({ device_id: null, patient_id: who.patientId })
    .where('encounter_id', '=', encounterId)
    .execute();
  return { clinic, specialist, who, encounterId };
}
const refusal = (asked: Promise<unknown>): Promise<unknown> =>
  asked.then(
    () => 'it succeeded',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );
const entry = (encounterId: EncounterId) =>
  db()
    .selectFrom('queue_entry')
    .select(['state', 'last_reason'])
    .where('encounter_id', '=', encounterId)
    .executeTakeFirstOrThrow();

test('the phone that waits is rung, answers with one request, both are active, and the end reaches it', async () => {
  const { clinic, specialist, who, encounterId } = await waiting();
  const browser = await stage.connect(who, stage.replica(1));
  await browser.request('phone:here', { encounterId });
  const phone = await stage.join(browser, encounterId);
  expect(phone.joined.rights).toBe('parked');

  const terminal = await stage.connect(clinic.terminal);
  const { instanceId } = terminal;
  expect(await refusal(terminal.request('room:join', { encounterId, instanceId }))).toBe('FORBIDDEN');

  await callNext(services(), await stage.as(specialist));
  expect(await browser.hears('call:ringing')).toMatchObject({ encounterId, autoAnswerSeconds: null });
  expect(await refusal(terminal.request('call:answer', { encounterId }))).toBe('NOT_FOUND');
  const doctor = await stage.join(await stage.connect(specialist), encounterId);
  await browser.request('call:answer', { encounterId });
  await Promise.all([browser.hears('room:opened'), doctor.browser.hears('room:opened')]);
  expect((await stage.peersIn(phone.joined.roomId)).map(({ rights }) => rights)).toEqual(['active', 'active']);
  expect(doctor.joined.peers.map(({ role, displayName }) => [role, displayName])).toEqual([['resident', '王秀英']]);

  const { version } = await db()
    .selectFrom('encounter')
    .select('version')
    .where('id', '=', encounterId)
    .executeTakeFirstOrThrow();
  await finish(services(), await stage.as(specialist), { encounterId, version, outcome: 'completed' });
  expect(await browser.hears('call:ended')).toMatchObject({ encounterId, reason: 'finished' });
  expect(await refusal(browser.request('room:join', { encounterId, instanceId: browser.instanceId }))).toBe(
    'INVALID_TRANSITION',
  );
});

test('to any other resident the visit is not there, and each try leaves a trace', async () => {
  const { specialist, who, encounterId } = await waiting();
  const own = await stage.connect(who);
  await own.request('phone:here', { encounterId });
  await callNext(services(), await stage.as(specialist));
  const stranger = await stage.connect(await signedInAccount(services()));
  const { instanceId } = stranger;
  expect(await refusal(stranger.request('phone:here', { encounterId }))).toBe('NOT_FOUND');
  expect(await refusal(stranger.request('room:join', { encounterId, instanceId }))).toBe('NOT_FOUND');
  expect(await refusal(stranger.request('call:answer', { encounterId }))).toBe('NOT_FOUND');
  expect(await refusal(stranger.request('call:leave', { encounterId }))).toBe('NOT_FOUND');
  const denied = await db()
    .selectFrom('audit_event')
    .select('action')
    .where('entity_id', '=', encounterId)
    .where('outcome', '=', 'denied')
    .orderBy('id')
    .execute();
  expect(denied.map(({ action }) => action)).toEqual([
    'phone-visit:take-part',
    'room:join',
    'call:answer',
    'call:answer',
  ]);
  expect(stranger.count('call:ringing')).toBe(0);
  expect((await entry(encounterId)).state).toBe('called');
});

test('hanging up parks the visit at the head of the queue, and it is called and answered again', async () => {
  const { specialist, who, encounterId } = await waiting();
  const browser = await stage.connect(who);
  await browser.request('phone:here', { encounterId });
  await stage.join(browser, encounterId);
  const call = async () => {
    await callNext(services(), await stage.as(specialist));
    await browser.request('call:answer', { encounterId });
  };
  await call();
  await browser.request('call:leave', { encounterId });
  expect(await browser.hears('call:ended')).toMatchObject({ reason: 'parked' });
  expect(await entry(encounterId)).toEqual({ state: 'waiting', last_reason: 'resumed-later' });
  await call();
  expect((await entry(encounterId)).state).toBe('serving');
});

test('a page that left is not rung, although its socket stays', async () => {
  const { specialist, who, encounterId } = await waiting();
  const [left, stays] = [await stage.connect(who), await stage.connect(who, stage.replica(1))];
  await left.request('phone:here', { encounterId });
  await left.request('phone:here', { encounterId, here: false });
  await stays.request('phone:here', { encounterId });
  await callNext(services(), await stage.as(specialist));
  await stays.hears('call:ringing');
  // What this socket is told comes after what it would have been told before.
  await left.hears('encounter:changed');
  expect(left.count('call:ringing')).toBe(0);
});
