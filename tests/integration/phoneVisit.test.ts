import assert from 'node:assert/strict';
import type { EncounterId, StillRequestId } from '@cloud-hospital/protocol';
import type { Appointment } from '@cloud-hospital/protocol/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { acceptInvitation } from '../../signaling/src/operations/callPeople/answerInvitation.ts';
import { inviteColleague } from '../../signaling/src/operations/callPeople/inviteColleague.ts';
import { completeUpload } from '../../signaling/src/operations/attachment/complete.ts';
import { readAttachment } from '../../signaling/src/operations/attachment/read.ts';
import { appendUpload, createUpload } from '../../signaling/src/operations/attachment/upload.ts';
import { confirm } from '../../signaling/src/operations/booking/confirm.ts';
import { remind } from '../../signaling/src/operations/booking/remind.ts';
import { hold } from '../../signaling/src/operations/booking/hold.ts';
import { recordConsent } from '../../signaling/src/operations/clinic/recordConsent.ts';
import { setReady } from '../../signaling/src/operations/clinic/setReady.ts';
import { beginEncounter } from '../../signaling/src/operations/encounter/beginEncounter.ts';
import { finish } from '../../signaling/src/operations/encounter/finish.ts';
import { getEncounter } from '../../signaling/src/operations/encounter/get.ts';
import { declineStill } from '../../signaling/src/operations/exchange/declineStill.ts';
import { getExchange } from '../../signaling/src/operations/exchange/get.ts';
import { markRead } from '../../signaling/src/operations/exchange/markRead.ts';
import { requestStill } from '../../signaling/src/operations/exchange/requestStill.ts';
import { sendMessage } from '../../signaling/src/operations/exchange/sendMessage.ts';
import { endRelation } from '../../signaling/src/operations/family/end.ts';
import { checkInByPhone } from '../../signaling/src/operations/phoneVisit/checkIn.ts';
import { notePhones, noteSilentPhones } from '../../signaling/src/operations/phoneVisit/presence.ts';
import { setPhoneReady } from '../../signaling/src/operations/phoneVisit/setReady.ts';
import { answerCall } from '../../signaling/src/operations/queue/answerCall.ts';
import { callNext } from '../../signaling/src/operations/queue/callNext.ts';
import { setPool } from '../../signaling/src/operations/queue/setPool.ts';
import { handOver } from '../../signaling/src/operations/queue/handOver.ts';
import { substitutes } from '../../signaling/src/operations/queue/substitutes.ts';
import { readSchedule } from '../../signaling/src/operations/schedule/readSchedule.ts';
import { setPhoneVisits } from '../../signaling/src/operations/schedule/setPhoneVisits.ts';
import { clinicLoadsAt } from '../../signaling/src/store/clinicLoad.ts';
import { queueView } from '../../signaling/src/store/queue.view.ts';
import { jpeg } from '../support/files.ts';
import { CareFlow, failure } from '../support/careFlow.ts';
import { joinFamily } from '../support/familyFlow.ts';
import { CareDistrict, type TestClinic, type TestResident, type TestSpecialist } from '../support/careDistrict.ts';

let district: CareDistrict;
let clinic: TestClinic;
beforeAll(async () => {
  // The whole day before: whatever time it is, the start is another matter than what is tried here.
  district = await CareDistrict.create({ PHONE_CHECK_IN_SECONDS: '86400', DEMO_DISTRICT: '1' });
  clinic = await district.clinic();
});
afterAll(() => district.close());

const allow = (specialist: TestSpecialist, allowed = true, actor = specialist.actor) =>
  setPhoneVisits(district.services, district.context(actor), {
    practitionerRoleId: specialist.practitionerRoleId,
    allowed,
  });
/** A specialist who sees residents at their phone. */
async function allowing(): Promise<TestSpecialist> {
  const specialist = await district.specialist();
  await allow(specialist);
  return specialist;
}
/** By phone unless said otherwise, for a time of today that comes soon. */
async function book(
  resident: TestResident,
  specialist: TestSpecialist,
  byPhone = true,
  booker = resident,
): Promise<Appointment> {
  const { services } = district;
  const context = district.context(booker.actor);
  const slotId = await district.slotToday(specialist, 1);
  const held = await hold(services, context, { slotId, patientId: resident.patientId });
  return confirm(services, context, {
    appointmentId: held.appointmentId,
    version: held.version,
    locationId: clinic.locationId,
    complaint: '胸闷三天',
    byPhone,
  });
}
const checkIn = ({ appointmentId }: Appointment, who: TestResident, recording = false) =>
  checkInByPhone(district.services, district.context(who.actor), { appointmentId, consultation: true, recording });
const ready = ({ appointmentId }: Appointment, who: TestResident, isReady = true) =>
  setPhoneReady(district.services, district.context(who.actor), { appointmentId, ready: isReady });
const order = (specialist: TestSpecialist) =>
  queueView(district.services.db, specialist.practitionerRoleId, new Date()).then(({ entries }) => entries[0]);
const idOf = ({ encounterId }: Appointment) => {
  if (encounterId === null) throw new Error('not checked in');
  return encounterId;
};
const db = () => district.services.db;
const told = async (subjectId: string): Promise<string[]> => {
  const rows = await db().selectFrom('communication').select('kind').where('subject_id', '=', subjectId).execute();
  return rows.map(({ kind }) => kind);
};

test('only where the specialist or the coordinator allows it', async () => {
  const specialist = await district.specialist();
  const resident = await district.resident();
  const refused = await failure(book(resident, specialist));
  expect(refused).toMatchObject({ code: 'NO_PHONE_VISITS' });
  expect((await failure(allow(specialist, true, (await district.specialist()).actor))).code).toBe('NOT_FOUND');
  await allow(specialist);
  const { practitionerRoleId } = specialist;
  const schedule = await readSchedule(district.services, district.context(specialist.actor), {
    practitionerRoleId,
    weeks: 1,
  });
  expect(schedule.phoneVisits).toBe(true);
  const booked = await book(await district.resident(), await allowing());
  expect(booked.phone).toMatchObject({ allowed: true, chosen: true, ready: false });
  expect(booked.clinic?.locationId).toBe(clinic.locationId);
  expect(await told(booked.appointmentId)).toEqual(['appointment-booked-phone']);
  await district.asSystem((unit) => remind(unit, booked.appointmentId, 'PT10M'));
  expect(await told(booked.appointmentId)).toContain('appointment-reminder-late-phone');
  // No terminal is needed for it.
  const { slot_id: slotId } = await db()
    .selectFrom('appointment')
    .select('slot_id')
    .where('id', '=', booked.appointmentId)
    .executeTakeFirstOrThrow();
  expect(await clinicLoadsAt(db(), district.services.config, slotId ?? '')).toEqual([]);
});

test('check-in on the phone: both consents as they were given, a place without a terminal, once', async () => {
  const specialist = await allowing();
  const resident = await district.resident();
  const appointment = await book(resident, specialist);
  const checkedIn = await checkIn(appointment, resident);
  expect(checkedIn).toMatchObject({ status: 'checked-in', phone: { chosen: true, ready: false } });
  const again = await checkIn(appointment, resident);
  expect(again.encounterId).toBe(checkedIn.encounterId);
  const consents = await db()
    .selectFrom('consent')
    .select(['purpose', 'status', 'method', 'recorded_by_name'])
    .where('encounter_id', '=', idOf(checkedIn))
    .orderBy('purpose')
    .execute();
  expect(consents).toEqual([
    { purpose: 'consultation', status: 'active', method: 'phone', recorded_by_name: resident.name },
    { purpose: 'recording', status: 'rejected', method: 'phone', recorded_by_name: resident.name },
  ]);
  expect(await order(specialist)).toMatchObject({ readiness: { consent: true, ready: false, byPhone: true } });
});

test('too early, not by phone and somebody else’s: refused, the last as if it did not exist', async () => {
  const specialist = await allowing();
  const resident = await district.resident();
  const appointment = await book(resident, specialist);
  const stranger = await district.resident();
  expect((await failure(checkIn(appointment, stranger))).code).toBe('NOT_FOUND');
  expect((await failure(ready(appointment, stranger))).code).toBe('NOT_FOUND');
  const { services } = district;
  const late = { ...services, config: { ...services.config, PHONE_CHECK_IN_SECONDS: 10 } };
  const early = await failure(
    checkInByPhone(late, district.context(resident.actor), {
      appointmentId: appointment.appointmentId,
      consultation: true,
      recording: false,
    }),
  );
  expect(early.details).toMatchObject({ reason: 'too-early' });
  const other = await district.resident();
  const atClinic = await book(other, await allowing(), false);
  expect((await failure(checkIn(atClinic, other))).details).toMatchObject({ reason: 'not-by-phone' });
});

test('callable while the page is there; lost it keeps its place, and comes back', async () => {
  const specialist = await allowing();
  const resident = await district.resident();
  const appointment = await checkIn(await book(resident, specialist), resident);
  const encounterId = idOf(appointment);
  expect((await failure(callNext(district.services, district.context(specialist.actor)))).code).toBe('QUEUE_EMPTY');
  await ready(appointment, resident);
  expect(await order(specialist)).toMatchObject({ position: 1, readiness: { ready: true, terminalOnline: true } });

  const seen = (secondsAgo: number) =>
    db()
      .updateTable('encounter')
      .set({ phone_seen_at: new Date(Date.now() - secondsAgo * 1000) })
      .where('id', '=', encounterId)
      .execute();
  await seen(5);
  await noteSilentPhones(district.services);
  expect(await order(specialist)).toMatchObject({ readiness: { terminalOnline: true } });
  await seen(60);
  await noteSilentPhones(district.services);
  expect(await order(specialist)).toMatchObject({ position: 1, readiness: { terminalOnline: false } });
  expect((await failure(callNext(district.services, district.context(specialist.actor)))).code).toBe('QUEUE_EMPTY');

  const accountId = resident.actor.userId;
  expect(await notePhones(district.services, [{ accountId, encounterId }])).toEqual([]);
  expect(await order(specialist)).toMatchObject({ position: 1, readiness: { terminalOnline: true } });
  const stranger = { accountId: (await district.resident()).actor.userId, encounterId };
  expect(await notePhones(district.services, [stranger])).toEqual([stranger]);
  const called = await callNext(district.services, district.context(specialist.actor));
  expect(called.encounterId).toBe(encounterId);
  const rows = await db()
    .selectFrom('outbox')
    .select('topics')
    .where('name', '=', 'call:ringing')
    .orderBy('id')
    .execute();
  expect(rows.at(-1)?.topics).toEqual([`phone:${encounterId}`]);
});

test('whoever comes to the clinic after all is seated there, and the phone is out of it', async () => {
  const specialist = await allowing();
  const resident = await district.resident();
  const flow = new CareFlow(district, clinic, specialist);
  const appointment = await checkIn(await book(resident, specialist), resident);
  await ready(appointment, resident);
  const encounterId = idOf(appointment);
  await setReady(district.services, district.context(clinic.nurse), { encounterId, ready: true });
  expect(await order(specialist)).toMatchObject({ readiness: { ready: true, byPhone: false, terminalOnline: true } });
  expect((await failure(ready(appointment, resident))).code).toBe('NOT_FOUND');
  const accountId = resident.actor.userId;
  expect(await notePhones(district.services, [{ accountId, encounterId }])).toHaveLength(1);
  await callNext(district.services, district.context(specialist.actor));
  await flow.answer(encounterId);
});

test('the resident takes the consent to be recorded back, and nobody else’s', async () => {
  const specialist = await allowing();
  const resident = await district.resident();
  const appointment = await checkIn(await book(resident, specialist), resident, true);
  const withdraw = (who: TestResident) =>
    recordConsent(district.services, district.context(who.actor), {
      encounterId: idOf(appointment),
      purpose: 'recording',
      decision: 'inactive',
      method: 'phone',
    });
  expect((await failure(withdraw(await district.resident()))).code).toBe('NOT_FOUND');
  expect((await withdraw(resident)).status).toBe('inactive');
});

test('family who booked holds the phone, until the relation ends', async () => {
  const specialist = await allowing();
  const [mother, daughter, neighbour] = [
    await district.resident(),
    await district.resident(),
    await district.resident(),
  ];
  const { relatedPersonId, version } = await joinFamily(district, daughter, mother);
  await joinFamily(district, neighbour, mother, 'other');
  const appointment = await checkIn(await book(mother, specialist, true, daughter), daughter);
  await ready(appointment, daughter);
  expect((await failure(ready(appointment, neighbour))).code).toBe('NOT_FOUND');
  const held = { accountId: daughter.actor.userId, encounterId: idOf(appointment) };
  expect(await notePhones(district.services, [held])).toEqual([]);
  await endRelation(district.services, district.context(daughter.actor), { relatedPersonId, version });
  expect(await notePhones(district.services, [held])).toEqual([held]);
  expect((await failure(ready(appointment, daughter))).code).toBe('NOT_FOUND');
});

/** A consultation that runs on the resident's own phone. */
async function consulting() {
  const [specialist, resident] = [await allowing(), await district.resident()];
  const appointment = await checkIn(await book(resident, specialist), resident);
  await ready(appointment, resident);
  const encounterId = idOf(appointment);
  const { services } = district;
  await callNext(services, district.context(specialist.actor));
  await services.commands.run(district.context(resident.actor), (unit) =>
    answerCall(unit, resident.actor, encounterId),
  );
  await district.asSystem((unit) => beginEncounter(unit, encounterId));
  return { specialist, resident, encounterId };
}
const exchange = ({ actor }: Pick<TestResident, 'actor'>, encounterId: EncounterId) =>
  getExchange(district.services, district.context(actor), { encounterId });
const say = ({ actor }: Pick<TestResident, 'actor'>, encounterId: EncounterId, text: string) =>
  sendMessage(district.services, district.context(actor), { encounterId, text });
async function send({ actor }: Pick<TestResident, 'actor'>, encounterId: EncounterId, stillRequestId?: StillRequestId) {
  const { services } = district;
  const content = jpeg();
  const attachmentId = await createUpload(services, district.context(actor), {
    encounterId,
    kind: stillRequestId === undefined ? 'file' : 'still',
    title: '化验单',
    bytes: content.length,
    ...(stillRequestId === undefined ? {} : { stillRequestId }),
  });
  await appendUpload(services, district.context(actor), attachmentId, { offset: 0, content });
  await completeUpload(services, district.context(actor), attachmentId);
  return attachmentId;
}

test('resident and specialist write to each other; what the clinic reads is not read by the resident', async () => {
  const { specialist, resident, encounterId } = await consulting();
  const question = await say(specialist, encounterId, '请把手放到镜头前');
  await say(resident, encounterId, '好的');
  const topics = await db()
    .selectFrom('outbox')
    .select('topics')
    .where('name', '=', 'chat:message')
    .where((eb) => eb(eb.ref('data', '->>').key('encounterId'), '=', encounterId))
    .execute();
  const both = [`phone:${encounterId}`, `practitioner-role:${specialist.practitionerRoleId}`];
  expect(topics.map((row) => row.topics.toSorted())).toEqual([both, both]);
  await markRead(district.services, district.context(clinic.nurse), { encounterId, messageId: question.messageId });
  const { messages, receipts } = await exchange(resident, encounterId);
  expect(messages.map(({ text, author }) => [text, author.role])).toEqual([
    ['请把手放到镜头前', 'specialist'],
    ['好的', 'resident'],
  ]);
  expect(receipts.map(({ side }) => side)).toEqual(['clinic']);
  await markRead(district.services, district.context(resident.actor), { encounterId, messageId: question.messageId });
  expect((await exchange(specialist, encounterId)).receipts.map(({ side }) => side).toSorted()).toEqual([
    'clinic',
    'resident',
  ]);
  const stranger = await district.resident();
  expect((await failure(exchange(stranger, encounterId))).code).toBe('NOT_FOUND');
  expect((await failure(say(stranger, encounterId, '在吗'))).code).toBe('NOT_FOUND');
  const denied = await db()
    .selectFrom('audit_event')
    .select('action')
    .where('entity_id', '=', encounterId)
    .where('outcome', '=', 'denied')
    .orderBy('id')
    .execute();
  expect(denied.map(({ action }) => action)).toEqual(['exchange:read', 'chat:write']);
});

test('the still is asked of the phone; files go both ways, and to no other resident', async () => {
  const { specialist, resident, encounterId } = await consulting();
  const { services } = district;
  const ask = () => requestStill(services, district.context(specialist.actor), { encounterId });
  const asked = await ask();
  const { topics } = await db()
    .selectFrom('outbox')
    .select('topics')
    .where('name', '=', 'still:requested')
    .where((eb) => eb(eb.ref('data', '->>').key('encounterId'), '=', encounterId))
    .executeTakeFirstOrThrow();
  expect(topics).toEqual([`phone:${encounterId}`]);
  const still = await send(resident, encounterId, asked.stillRequestId);
  expect((await exchange(specialist, encounterId)).stillRequest?.status).toBe('taken');
  const again = await ask();
  const kept = await declineStill(services, district.context(resident.actor), {
    stillRequestId: again.stillRequestId,
    reason: 'discarded',
  });
  expect(kept.status).toBe('discarded');

  const letter = await send(specialist, encounterId);
  const stranger = await district.resident();
  for (const attachmentId of [still, letter]) {
    const read = (who: Pick<TestResident, 'actor'>) =>
      readAttachment(services, district.context(who.actor), attachmentId);
    expect((await read(resident)).contentType).toBe('image/jpeg');
    expect((await read(specialist)).contentType).toBe('image/jpeg');
    expect((await failure(read(stranger))).code).toBe('NOT_FOUND');
  }
  expect((await failure(send(stranger, encounterId))).code).toBe('NOT_FOUND');
  const attachments = (await exchange(resident, encounterId)).attachments;
  expect(attachments.map(({ author, status, width }) => [author.role, status, width])).toEqual([
    ['resident', 'completed', 1920],
    ['specialist', 'completed', 1920],
  ]);

  const context = district.context(specialist.actor);
  const { version } = await getEncounter(services, context, { encounterId });
  await finish(services, context, { encounterId, version, outcome: 'completed' });
  expect((await failure(say(resident, encounterId, '谢谢'))).code).toBe('INVALID_TRANSITION');
  expect((await exchange(resident, encounterId)).attachments).toHaveLength(2);
});

test('handed over only to a specialist who sees residents so, never into a pool, and kept by phone there', async () => {
  const [specialist, resident] = [await allowing(), await district.resident()];
  const [refusing, willing] = [await district.specialist(), await allowing()];
  await setPool(district.services, district.context(refusing.actor), { takesPool: true });
  const appointment = await checkIn(await book(resident, specialist), resident);
  await ready(appointment, resident);
  const { queueEntryId, version } = (await order(specialist)) ?? assert.fail('not in the queue');
  const hand = (to: TestSpecialist | null) =>
    handOver(district.services, district.context(specialist.actor), {
      queueEntryId,
      version,
      practitionerRoleId: to?.practitionerRoleId ?? null,
      reason: 'workload',
    });
  const offered = await substitutes(district.services, district.context(specialist.actor), {});
  const allows = new Map(offered.substitutes.map((one) => [one.practitionerRoleId, one.phoneVisits]));
  expect([refusing, willing].map((one) => allows.get(one.practitionerRoleId))).toEqual([false, true]);
  expect((await failure(hand(refusing))).code).toBe('NO_PHONE_VISITS');
  expect((await failure(hand(null))).code).toBe('NO_PHONE_VISITS');
  expect(await order(specialist)).toMatchObject({ version, readiness: { byPhone: true } });
  await hand(willing);
  expect(await told(queueEntryId)).toEqual(['handed-over-phone']);
  expect(await order(willing)).toMatchObject({ readiness: { byPhone: true, ready: true } });
});

test('a running call is asked for an opinion of anybody, and taken over by whoever sees residents so', async () => {
  const { specialist, encounterId } = await consulting();
  const [refusing, willing] = [await district.specialist(), await allowing()];
  const invite = (to: TestSpecialist, purpose: 'consult' | 'transfer') =>
    inviteColleague(district.services, district.context(specialist.actor), {
      encounterId,
      practitionerRoleId: to.practitionerRoleId,
      purpose,
      reason: 'clinical',
      note: '',
    });
  expect((await failure(invite(refusing, 'transfer'))).code).toBe('NO_PHONE_VISITS');
  await invite(refusing, 'consult');
  const { invitationId } = await invite(willing, 'transfer');
  const accept = () => acceptInvitation(district.services, district.context(willing.actor), { invitationId });
  // Turned off while it rang, and on again.
  await allow(willing, false);
  expect((await failure(accept())).code).toBe('NO_PHONE_VISITS');
  await allow(willing);
  await accept();
  expect(await exchange(willing, encounterId)).toMatchObject({ messages: [] });
});
