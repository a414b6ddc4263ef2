import { randomUUID } from 'node:crypto';
import { AppointmentId, PatientId, RelatedPersonId } from '@cloud-hospital/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cancel } from '../../signaling/src/operations/booking/cancel.ts';
import { hold } from '../../signaling/src/operations/booking/hold.ts';
import { getAppointment, listAppointments, listPatients } from '../../signaling/src/operations/booking/read.ts';
import { confirm } from '../../signaling/src/operations/booking/confirm.ts';
import { checkIn } from '../../signaling/src/operations/clinic/checkIn.ts';
import { addMember } from '../../signaling/src/operations/family/add.ts';
import { recordRelation, searchRelations } from '../../signaling/src/operations/family/atDesk.ts';
import { confirmMember } from '../../signaling/src/operations/family/confirm.ts';
import { endRelation } from '../../signaling/src/operations/family/end.ts';
import { listFamily } from '../../signaling/src/operations/family/list.ts';
import { requestMemberCode } from '../../signaling/src/operations/family/requestCode.ts';
import { listInbox } from '../../signaling/src/operations/inbox/list.ts';
import { place } from '../../signaling/src/operations/queue/place.ts';
import {
  CareDistrict,
  randomIdentityNumber,
  type TestClinic,
  type TestResident,
  type TestSpecialist,
} from '../support/careDistrict.ts';
import { CareFlow, failure } from '../support/careFlow.ts';
import { childNumber, joinFamily, memberCode, newestText, randomPhone } from '../support/familyFlow.ts';

let district: CareDistrict;
let clinic: TestClinic;
let specialist: TestSpecialist;
let flow: CareFlow;
let minutes = 60;

beforeAll(async () => {
  district = await CareDistrict.create({ DEMO_DISTRICT: '1', LOGIN_CODE_RESEND_SECONDS: '1' });
  [clinic, specialist] = await Promise.all([district.clinic(), district.specialist()]);
  flow = new CareFlow(district, clinic, specialist);
});
afterAll(() => district.close());

const db = () => district.services.db;
const as = (resident: TestResident) => district.context(resident.actor);
const nurse = () => district.context(clinic.nurse);
const auditsOf = async (entityId: string): Promise<string[]> =>
  (
    await db()
      .selectFrom('audit_event')
      .select(['action', 'outcome'])
      .where('entity_id', '=', entityId)
      .orderBy('id')
      .execute()
  ).map(({ action, outcome }) => `${action} ${outcome}`);
const nextSlot = () => {
  minutes += 20;
  return district.slot(specialist, minutes);
};
/** Of a specialist of its own: the others' lie further and further ahead. */
const slotToday = async () => district.slotToday(await district.specialist(), 1);

async function bookFor(booker: TestResident, patientId: TestResident['patientId'], slot = nextSlot()) {
  const held = await hold(district.services, as(booker), { slotId: await slot, patientId });
  return confirm(district.services, as(booker), {
    appointmentId: held.appointmentId,
    version: held.version,
    locationId: clinic.locationId,
    complaint: '胸闷三天',
  });
}

const ask = (holder: TestResident, member: { name: string; identityNumber: string; phone?: string }, key?: string) =>
  addMember(district.services, district.context(holder.actor, key), {
    name: member.name,
    identityNumber: member.identityNumber,
    relationship: 'parent',
    guardian: false,
    ...(member.phone === undefined ? {} : { phone: member.phone }),
  });

describe('adding somebody', () => {
  test('opens nothing before the member consents, and everything booked by the account afterwards', async () => {
    const [daughter, mother] = [await district.resident(), await district.resident({ verified: true })];
    const before = await bookFor(mother, mother.patientId);
    const asked = await ask(daughter, mother);
    expect(asked).toMatchObject({ status: 'proposed', patientId: null, historyVisible: false });
    const holdHers = async () =>
      hold(district.services, as(daughter), { slotId: await nextSlot(), patientId: mother.patientId });
    expect((await failure(holdHers())).code).toBe('NOT_FOUND');
    expect((await failure(getAppointment(district.services, as(daughter), before))).code).toBe('NOT_FOUND');
    expect((await listPatients(district.services, as(daughter))).patients).toHaveLength(1);

    const code = await memberCode(district, mother.phone);
    const active = await confirmMember(district.services, as(daughter), { ...asked, code });
    // The phone is the one the mother signs in with, and her card was seen.
    expect(active).toMatchObject({ status: 'active', patientId: mother.patientId, historyVisible: true });
    expect((await listPatients(district.services, as(daughter))).patients).toMatchObject([
      { patientId: daughter.patientId, relationship: null },
      { patientId: mother.patientId, relationship: 'parent' },
    ]);
    expect(await getAppointment(district.services, as(daughter), before)).toMatchObject({ bookedBy: null });
    const booked = await bookFor(daughter, mother.patientId);
    expect(booked).toMatchObject({
      bookedByProxy: true,
      bookedBy: { name: daughter.name, role: 'resident' },
      patient: { patientId: mother.patientId },
    });
    expect(await auditsOf(asked.relatedPersonId)).toEqual([
      'related-person:add success',
      'related-person:send-code success',
      'related-person:activate success',
    ]);
  });

  test('answers the same for a known and an unknown number, and a wrong name or phone reaches nobody', async () => {
    const [holder, known] = [await district.resident(), await district.resident()];
    const unknown = { name: '赵新', identityNumber: randomIdentityNumber(), phone: randomPhone() };
    const wrongPhone = { ...known, phone: randomPhone() };
    const shape = (answer: object) =>
      Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, value === null ? null : typeof value]));
    const answers = [await ask(holder, unknown), await ask(holder, wrongPhone)];
    expect(shape(answers[1] ?? {})).toEqual(shape(answers[0] ?? {}));
    expect(await newestText(district, unknown.phone, 'family-code')).toContain(holder.name);
    expect(await newestText(district, wrongPhone.phone, 'family-code')).toBeUndefined();
    expect(await newestText(district, known.phone, 'family-code')).toBeUndefined();
    const guess = confirmMember(district.services, as(holder), {
      relatedPersonId: RelatedPersonId.parse(answers[1]?.relatedPersonId),
      code: '123456',
    });
    expect((await failure(guess)).code).toBe('CODE_WRONG');
  });

  test('refuses oneself, the own phone, an adult without phone, and a minor without a guardian’s word', async () => {
    const holder = await district.resident();
    const adult = { name: '赵新', identityNumber: randomIdentityNumber() };
    const reason = async (member: Parameters<typeof ask>[1]) =>
      (await failure(ask(holder, member))).details?.['reason'];
    expect(await reason({ ...holder, phone: randomPhone() })).toBe('oneself');
    expect(await reason({ ...adult, phone: holder.phone })).toBe('own-phone');
    expect(await reason(adult)).toBe('phone');
    expect(await reason({ ...adult, identityNumber: childNumber(9) })).toBe('guardian-declaration');
  });

  test('sent twice under one key is one request with one message; two accounts may ask for the same person', async () => {
    const [son, daughter, mother] = [await district.resident(), await district.resident(), await district.resident()];
    const key = randomUUID();
    const twice = await Promise.all([ask(son, mother, key), ask(son, mother, key)]);
    expect(twice[0]).toEqual(twice[1]);
    await Promise.all([ask(daughter, mother), ask(daughter, mother)]);
    const { count } = await db()
      .selectFrom('related_person')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .where('identity_hash', '=', district.services.identityCipher.hash(mother.identityNumber))
      .executeTakeFirstOrThrow();
    expect(count).toBe('2');
    const messages = await db()
      .selectFrom('communication')
      .select('id')
      .where('phone', '=', mother.phone)
      .where('kind', '=', 'family-code')
      .execute();
    expect(messages).toHaveLength(2);
  });

  test('of two accounts that bring the same new person at once both get the one patient', async () => {
    const member = { name: '孙新', identityNumber: randomIdentityNumber(), phone: randomPhone() };
    const holders = [await district.resident(), await district.resident()];
    const asked = [];
    for (const holder of holders) {
      const { relatedPersonId } = await ask(holder, member);
      asked.push({ holder, relatedPersonId, code: await memberCode(district, member.phone) });
    }
    const active = await Promise.all(
      asked.map(({ holder, ...input }) => confirmMember(district.services, as(holder), input)),
    );
    expect(active[0]?.patientId).toBe(active[1]?.patientId);
    // A phone that only the holders named proves nothing about whose card that is.
    expect(active.map(({ historyVisible }) => historyVisible)).toEqual([false, false]);
  });

  test('costs a stranger’s phone at most five codes a day', async () => {
    const member = { name: '孙新', identityNumber: randomIdentityNumber(), phone: randomPhone() };
    for (let index = 0; index < 5; index += 1) await ask(await district.resident(), member);
    expect((await failure(ask(await district.resident(), member))).code).toBe('RATE_LIMITED');
  });

  test('is possible eight times a day', async () => {
    const holder = await district.resident();
    const one = () => ask(holder, { name: '孙新', identityNumber: randomIdentityNumber(), phone: randomPhone() });
    for (let index = 0; index < 8; index += 1) await one();
    expect((await failure(one())).code).toBe('LIMIT_REACHED');
  });
});

describe('the code', () => {
  test('is good for five tries, until a new one is asked for', async () => {
    const [holder, member] = [await district.resident(), await district.resident()];
    const { relatedPersonId } = await ask(holder, member);
    const code = await memberCode(district, member.phone);
    const wrong = code === '000000' ? '111111' : '000000';
    const attempt = (tried: string) => confirmMember(district.services, as(holder), { relatedPersonId, code: tried });
    for (let index = 0; index < 5; index += 1) expect((await failure(attempt(wrong))).code).toBe('CODE_WRONG');
    expect((await failure(attempt(code))).code).toBe('CODE_EXPIRED');
    await db()
      .updateTable('related_person')
      .set({ code_sent_at: new Date(Date.now() - 5_000) })
      .where('id', '=', relatedPersonId)
      .execute();
    await requestMemberCode(district.services, as(holder), { relatedPersonId });
    expect((await failure(attempt(code))).code).toBe('CODE_WRONG');
    expect((await attempt(await memberCode(district, member.phone))).status).toBe('active');
  });

  test('confirmed twice at once is one consent with one notice', async () => {
    const [holder, member] = [await district.resident(), await district.resident()];
    const { relatedPersonId } = await ask(holder, member);
    const code = await memberCode(district, member.phone);
    const both = await Promise.all(
      [1, 2].map(() => confirmMember(district.services, as(holder), { relatedPersonId, code })),
    );
    expect(both.map(({ status }) => status)).toEqual(['active', 'active']);
    expect((await auditsOf(relatedPersonId)).filter((one) => one.includes('activate'))).toHaveLength(1);
  });

  test('of another account’s request is nobody’s business: the same 404 as for none, and a trace', async () => {
    const [holder, member, stranger] = [
      await district.resident(),
      await district.resident(),
      await district.resident(),
    ];
    const { relatedPersonId, version } = await ask(holder, member);
    const code = await memberCode(district, member.phone);
    for (const attempt of [
      () => confirmMember(district.services, as(stranger), { relatedPersonId, code }),
      () => requestMemberCode(district.services, as(stranger), { relatedPersonId }),
      () => endRelation(district.services, as(stranger), { relatedPersonId, version }),
    ]) {
      const foreign = await failure(attempt());
      expect([foreign.code, foreign.details]).toEqual(['NOT_FOUND', undefined]);
    }
    expect((await auditsOf(relatedPersonId)).filter((one) => one.endsWith('denied'))).toHaveLength(3);
  });
});

describe('a minor', () => {
  const declare = (guardian: TestResident, identityNumber: string, name = '小明') =>
    addMember(district.services, as(guardian), { name, identityNumber, relationship: 'child', guardian: true });

  test('is represented by a guardian’s declaration, without history until staff have seen both', async () => {
    const mother = await district.resident();
    const child = await declare(mother, childNumber(8));
    expect(child).toMatchObject({ status: 'active', minor: true, consentMethod: 'guardian', historyVisible: false });
    if (child.patientId === null) throw new Error('an active relation has a patient');
    expect((await bookFor(mother, child.patientId)).bookedByProxy).toBe(true);
  });

  test('whom somebody answers for already waits for the desk', async () => {
    const [mother, other] = [await district.resident(), await district.resident()];
    const number = childNumber(7);
    await declare(mother, number);
    const second = await declare(other, number);
    expect(second.status).toBe('proposed');
    const [, relation] = (await searchRelations(district.services, nurse(), { identityNumber: number })).relations;
    if (relation === undefined) throw new Error('staff see both');
    await recordRelation(district.services, nurse(), { ...relation, identityNumber: number, decision: 'active' });
    expect((await listFamily(district.services, as(other))).members).toMatchObject([
      { status: 'active', consentMethod: 'desk', historyVisible: true },
    ]);
  });

  test('who comes of age is represented no more', async () => {
    const mother = await district.resident();
    const child = await declare(mother, childNumber(17));
    if (child.patientId === null) throw new Error('an active relation has a patient');
    await db()
      .updateTable('related_person')
      .set({ birth_date: '2000-01-01' })
      .where('id', '=', child.relatedPersonId)
      .execute();
    expect((await failure(bookFor(mother, child.patientId))).code).toBe('NOT_FOUND');
    expect((await listFamily(district.services, as(mother))).members).toEqual([]);
  });
});

describe('at the desk', () => {
  test('staff with the card record a consent, which also shows the history', async () => {
    const [daughter, mother] = [await district.resident(), await district.resident()];
    const { identityNumber } = mother;
    await ask(daughter, { ...mother, phone: randomPhone() });
    const { relations } = await searchRelations(district.services, nurse(), { identityNumber });
    expect(relations).toMatchObject([{ status: 'proposed', holderName: daughter.name, memberName: mother.name }]);
    const [relation] = relations;
    if (relation === undefined) throw new Error('staff see the request');
    const otherCard = recordRelation(district.services, nurse(), {
      ...relation,
      identityNumber: daughter.identityNumber,
      decision: 'active',
    });
    expect((await failure(otherCard)).code).toBe('NOT_FOUND');
    await recordRelation(district.services, nurse(), { ...relation, identityNumber, decision: 'active' });
    expect((await listFamily(district.services, as(daughter))).members).toMatchObject([
      { status: 'active', consentMethod: 'desk', historyVisible: true, patientId: mother.patientId },
    ]);
    const again = recordRelation(district.services, nurse(), { ...relation, identityNumber, decision: 'active' });
    expect((await failure(again)).code).toBe('VERSION_CONFLICT');
  });

  test('a member who does not want it is asked once', async () => {
    const [holder, member] = [await district.resident(), await district.resident()];
    const { relatedPersonId, version } = await ask(holder, member);
    const code = await memberCode(district, member.phone);
    await recordRelation(district.services, nurse(), {
      relatedPersonId,
      version,
      identityNumber: member.identityNumber,
      decision: 'rejected',
    });
    const late = confirmMember(district.services, as(holder), { relatedPersonId, code });
    expect((await failure(late)).code).toBe('INVALID_TRANSITION');
  });

  test('a relation by a phone that nobody vouches for shows only what the account booked', async () => {
    const daughter = await district.resident();
    const mother = { name: '孙新', identityNumber: randomIdentityNumber(), phone: randomPhone() };
    const { relatedPersonId } = await ask(daughter, mother);
    const code = await memberCode(district, mother.phone);
    const { patientId } = await confirmMember(district.services, as(daughter), { relatedPersonId, code });
    if (patientId === null) throw new Error('an active relation has a patient');
    const own = await bookFor(daughter, patientId);
    // She also booked by herself at the desk, where staff saw her card.
    const { appointmentId } = await bookFor(daughter, patientId);
    await db()
      .updateTable('appointment')
      .set({ booked_by_account: clinic.nurse.userId, booked_by_role: 'nurse' })
      .where('id', '=', appointmentId)
      .execute();
    await db().updateTable('patient').set({ identity_verified_at: new Date() }).where('id', '=', patientId).execute();
    expect((await getAppointment(district.services, as(daughter), own)).status).toBe('booked');
    expect((await failure(getAppointment(district.services, as(daughter), { appointmentId }))).code).toBe('NOT_FOUND');
  });
});

describe('the end of a relation', () => {
  test.each(['holder', 'member'] as const)('by the %s takes everything away at once', async (side) => {
    const [daughter, mother] = [await district.resident(), await district.resident({ verified: true })];
    const relation = await joinFamily(district, daughter, mother);
    const appointment = await bookFor(daughter, mother.patientId);
    await db()
      .updateTable('communication')
      .set({ status: 'sent' })
      .where('subject_id', '=', appointment.appointmentId)
      .execute();
    const inbox = async () => (await listInbox(district.services, as(daughter))).messages.map(({ kind }) => kind);
    expect(await inbox()).toContain('appointment-booked-proxy');

    const by = side === 'holder' ? daughter : mother;
    const { version } = (await listFamily(district.services, as(by)))[
      side === 'holder' ? 'members' : 'representatives'
    ][0] ?? {
      version: 0,
    };
    await endRelation(district.services, as(by), { relatedPersonId: relation.relatedPersonId, version });

    const missing = AppointmentId.parse(randomUUID());
    const nobody = PatientId.parse(randomUUID());
    const slotId = await nextSlot();
    const { appointmentId } = appointment;
    const context = as(daughter);
    for (const attempt of [
      (id: AppointmentId) => getAppointment(district.services, context, { appointmentId: id }),
      (id: AppointmentId) =>
        cancel(district.services, context, { ...appointment, appointmentId: id, reason: 'patient-request' }),
      (id: AppointmentId) =>
        hold(district.services, context, { slotId, patientId: id === missing ? nobody : mother.patientId }),
    ]) {
      const [foreign, unknown] = [await failure(attempt(appointmentId)), await failure(attempt(missing))];
      expect([foreign.code, foreign.details]).toEqual([unknown.code, unknown.details]);
      expect(foreign.code).toBe('NOT_FOUND');
    }
    expect((await listAppointments(district.services, as(daughter))).appointments).toEqual([]);
    expect(await inbox()).not.toContain('appointment-booked-proxy');
    // The mother keeps her appointment.
    expect((await getAppointment(district.services, as(mother), appointment)).status).toBe('booked');
    expect(await auditsOf(relation.relatedPersonId)).toContain('related-person:end success');
  });

  test('also takes the place in the queue away', async () => {
    const [daughter, mother] = [await district.resident(), await district.resident({ verified: true })];
    const relation = await joinFamily(district, daughter, mother);
    const appointment = await bookFor(daughter, mother.patientId, slotToday());
    const visit = await flow.checkIn(appointment);
    if (visit.queueEntryId === null) throw new Error('a checked-in visit has a place');
    const { queueEntryId } = visit;
    expect((await place(district.services, as(daughter), { queueEntryId })).state).toBe('waiting');
    const stranger = await district.resident();
    expect((await failure(place(district.services, as(stranger), { queueEntryId }))).code).toBe('NOT_FOUND');
    await endRelation(district.services, as(daughter), relation);
    expect((await failure(place(district.services, as(daughter), { queueEntryId }))).code).toBe('NOT_FOUND');
    expect((await place(district.services, as(mother), { queueEntryId })).state).toBe('waiting');
  });

  test('with an old version changes nothing', async () => {
    const [daughter, mother] = [await district.resident(), await district.resident()];
    const relation = await joinFamily(district, daughter, mother);
    const old = endRelation(district.services, as(daughter), { ...relation, version: relation.version - 1 });
    expect((await failure(old)).code).toBe('VERSION_CONFLICT');
  });
});

test('both are told: the patient by her phone, the family member who booked by theirs', async () => {
  const [daughter, mother] = [await district.resident(), await district.resident()];
  await joinFamily(district, daughter, mother);
  const appointment = await bookFor(daughter, mother.patientId);
  expect(await newestText(district, mother.phone, 'appointment-booked')).toContain(appointment.ticketNumber);
  const proxy = await newestText(district, daughter.phone, 'appointment-booked-proxy');
  expect(proxy).toContain(appointment.ticketNumber);
  // Read on a lock screen: the family name is enough.
  expect(proxy).not.toContain(mother.name);
  await cancel(district.services, as(daughter), { ...appointment, reason: 'patient-request' });
  expect(await newestText(district, daughter.phone, 'appointment-cancelled-proxy')).toBeDefined();
  expect(await newestText(district, mother.phone, 'appointment-cancelled')).toBeDefined();
});

test('an appointment that family booked is checked in as any other', async () => {
  const [daughter, mother] = [await district.resident(), await district.resident()];
  await joinFamily(district, daughter, mother);
  const appointment = await bookFor(daughter, mother.patientId, slotToday());
  const visit = await checkIn(district.services, nurse(), { by: 'ticket', ticketQr: appointment.ticketQr ?? '' });
  expect(visit.patient.patientId).toBe(mother.patientId);
});
