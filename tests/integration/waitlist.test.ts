import { randomUUID } from 'node:crypto';
import type { AppointmentId } from '@cloud-hospital/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cancel } from '../../signaling/src/operations/booking/cancel.ts';
import { confirm } from '../../signaling/src/operations/booking/confirm.ts';
import { expireHold } from '../../signaling/src/operations/booking/expireHold.ts';
import { hold } from '../../signaling/src/operations/booking/hold.ts';
import { listAppointments } from '../../signaling/src/operations/booking/read.ts';
import { offerFreedSlots } from '../../signaling/src/operations/booking/waitlist/offerFreedSlots.ts';
import { endOverdueWaiting } from '../../signaling/src/operations/booking/waitlist/endWaiting.ts';
import { joinWaitlist } from '../../signaling/src/operations/booking/waitlist/join.ts';
import { declineOffer, leaveWaitlist } from '../../signaling/src/operations/booking/waitlist/leave.ts';
import { listWaiting } from '../../signaling/src/operations/booking/waitlist/list.ts';
import { setPhoneVisits } from '../../signaling/src/operations/schedule/setPhoneVisits.ts';
import { offerSlot } from '../../signaling/src/operations/booking/waitlist/offerSlot.ts';
import { CareDistrict, type TestClinic, type TestResident, type TestSpecialist } from '../support/careDistrict.ts';
import { CareFlow, failure } from '../support/careFlow.ts';
import { violations } from '../support/careInvariants.ts';

let district: CareDistrict;
let clinic: TestClinic;

beforeAll(async () => {
  district = await CareDistrict.create();
  clinic = await district.clinic();
});
afterAll(() => district.close());

const DAY = 1_440;
const db = () => district.services.db;
const join = (resident: TestResident, specialist: TestSpecialist, days: { from?: string; to?: string } = {}) =>
  joinWaitlist(district.services, district.context(resident.actor), {
    patientId: resident.patientId,
    practitionerRoleId: specialist.practitionerRoleId,
    locationId: clinic.locationId,
    complaint: '胸闷三天',
    ...days,
  });
const waiting = async (resident: TestResident) =>
  (await listWaiting(district.services, district.context(resident.actor))).entries;
/** What the job of a released slot does, as often as there is one. */
async function runOffers(): Promise<void> {
  for (;;) {
    const job = await db()
      .selectFrom('job')
      .select(['id', 'subject_id'])
      .where('kind', '=', 'waitlist.offer')
      .where('state', '=', 'pending')
      .limit(1)
      .executeTakeFirst();
    if (job === undefined) return;
    await db().updateTable('job').set({ state: 'done' }).where('id', '=', job.id).execute();
    await district.asSystem((unit) => offerSlot(unit, district.services.config, job.subject_id));
  }
}
async function booked(specialist: TestSpecialist, inMinutes = 2 * DAY) {
  const resident = await district.resident();
  return { resident, appointment: await new CareFlow(district, clinic, specialist).book(resident, inMinutes) };
}
const giveUp = ({ resident, appointment }: Awaited<ReturnType<typeof booked>>) =>
  cancel(district.services, district.context(resident.actor), {
    appointmentId: appointment.appointmentId,
    version: appointment.version,
    reason: 'time-unsuitable',
  });
const residents = (count: number) => Promise.all(Array.from({ length: count }, () => district.resident()));
const expireNow = async (appointmentId: AppointmentId): Promise<void> => {
  await db()
    .updateTable('appointment')
    .set({ hold_expires_at: new Date(Date.now() - 1_000) })
    .where('id', '=', appointmentId)
    .execute();
  await district.asSystem((unit) => expireHold(unit, appointmentId));
};
const offersTo = (appointmentId: AppointmentId) =>
  db()
    .selectFrom('waitlist_offer')
    .select(['outcome', 'reason'])
    .where('appointment_id', '=', appointmentId)
    .orderBy('offered_at')
    .execute();

test('a released time goes to the first in order, as a hold of fifteen minutes, and is booked with one press', async () => {
  const specialist = await district.specialist();
  const taken = await booked(specialist);
  const [first, second] = [await district.resident(), await district.resident()];
  const [own, other] = [await join(first, specialist), await join(second, specialist)];
  expect([own.ahead, other.ahead]).toEqual([0, 1]);
  await setPhoneVisits(district.services, district.context(specialist.actor), {
    practitionerRoleId: specialist.practitionerRoleId,
    allowed: true,
  });
  await giveUp(taken);
  await runOffers();
  const [entry] = await waiting(first);
  expect([own.phoneAllowed, entry?.phoneAllowed]).toEqual([false, true]);
  expect(Date.parse(entry?.offer?.expiresAt ?? '') - Date.parse(entry?.now ?? '')).toBeGreaterThan(14 * 60_000);
  expect(entry?.offer?.start).toBe(taken.appointment.start);
  expect((await waiting(second))[0]?.offer).toBeNull();
  const told = await db()
    .selectFrom('communication')
    .select(['kind', 'phone'])
    .where('subject_id', '=', own.appointmentId)
    .execute();
  expect(told.map(({ kind }) => kind)).toEqual(['waitlist-offer']);
  const appointment = await confirm(district.services, district.context(first.actor), {
    appointmentId: own.appointmentId,
    version: entry?.version ?? 0,
    locationId: clinic.locationId,
    complaint: own.complaint,
    byPhone: true,
  });
  expect(appointment).toMatchObject({ status: 'booked', start: taken.appointment.start, phone: { chosen: true } });
  expect(appointment.ticketNumber).toMatch(/^A\d{3}$/);
  expect(await waiting(first)).toEqual([]);
  expect((await waiting(second))[0]?.ahead).toBe(0);
  expect(await offersTo(own.appointmentId)).toEqual([{ outcome: 'accepted', reason: null }]);
});

test('declined, it goes on to the next at once, and whoever declined keeps the place for other times', async () => {
  const specialist = await district.specialist();
  const taken = [await booked(specialist, 2 * DAY), await booked(specialist, 3 * DAY)];
  const [first, second] = [await district.resident(), await district.resident()];
  const [own, other] = [await join(first, specialist), await join(second, specialist)];
  if (taken[0] !== undefined) await giveUp(taken[0]);
  await runOffers();
  await declineOffer(district.services, district.context(first.actor), { appointmentId: own.appointmentId });
  await runOffers();
  expect((await waiting(second))[0]?.offer?.start).toBe(taken[0]?.appointment.start);
  const [still] = await waiting(first);
  expect(still).toMatchObject({ offer: null, ahead: 0 });
  // The declined time is not offered again; the next one is, and first to whoever waits longest.
  await declineOffer(district.services, district.context(second.actor), { appointmentId: other.appointmentId });
  await runOffers();
  expect((await waiting(first))[0]?.offer).toBeNull();
  if (taken[1] !== undefined) await giveUp(taken[1]);
  await runOffers();
  expect((await waiting(first))[0]?.offer?.start).toBe(taken[1]?.appointment.start);
  const late = await failure(
    declineOffer(district.services, district.context(second.actor), { appointmentId: other.appointmentId }),
  );
  expect(late.code).toBe('HOLD_EXPIRED');
});

test('unanswered, it goes on; after two unanswered offers the place is given up, with a word', async () => {
  const specialist = await district.specialist();
  const taken = [await booked(specialist, 2 * DAY), await booked(specialist, 3 * DAY)];
  const [first, second] = [await district.resident(), await district.resident()];
  const own = await join(first, specialist);
  await join(second, specialist);
  for (const [index, one] of taken.entries()) {
    await giveUp(one);
    await runOffers();
    expect((await waiting(first))[0]?.offer?.start).toBe(one.appointment.start);
    await expireNow(own.appointmentId);
    await runOffers();
    expect((await waiting(first)).length).toBe(index === 0 ? 1 : 0);
  }
  expect((await waiting(second))[0]?.offer?.start).toBe(taken[0]?.appointment.start);
  const kinds = await db()
    .selectFrom('communication')
    .select(['kind', 'status'])
    .where('subject_id', '=', own.appointmentId)
    .orderBy('created_at')
    .execute();
  expect(kinds.map(({ kind }) => kind)).toContain('waitlist-ended');
  // A message about an offer that ended is not sent any more.
  expect(kinds.filter(({ kind, status }) => kind === 'waitlist-offer' && status === 'pending')).toEqual([]);
});

test('between release and offer the time is nobody else’s, and an offered one is not to be had', async () => {
  const specialist = await district.specialist();
  const taken = await booked(specialist);
  const { slot_id: slotId } = await db()
    .selectFrom('appointment')
    .select('slot_id')
    .where('id', '=', taken.appointment.appointmentId)
    .executeTakeFirstOrThrow();
  await join(await district.resident(), specialist);
  await giveUp(taken);
  const quick = await district.resident();
  const grab = () =>
    failure(
      hold(district.services, district.context(quick.actor), {
        slotId: slotId as never,
        patientId: quick.patientId,
      }),
    );
  expect((await grab()).code).toBe('SLOT_TAKEN');
  await runOffers();
  expect((await grab()).code).toBe('SLOT_TAKEN');
});

test('several times released at once go to as many people in order, each once, whoever runs the jobs', async () => {
  const specialist = await district.specialist();
  const taken = await Promise.all([0, 1, 2, 3].map((index) => booked(specialist, 2 * DAY + index * 30)));
  const people = await residents(6);
  for (const person of people) await join(person, specialist);
  await Promise.all(taken.map(giveUp));
  const jobs = await db()
    .selectFrom('job')
    .select('subject_id')
    .where('kind', '=', 'waitlist.offer')
    .where('state', '=', 'pending')
    .execute();
  expect(jobs).toHaveLength(4);
  // Each job twice, all at once: as two replicas that both woke.
  await Promise.all(
    [...jobs, ...jobs].map((job) =>
      district.asSystem((unit) => offerSlot(unit, district.services.config, job.subject_id)),
    ),
  );
  await db().updateTable('job').set({ state: 'done' }).where('kind', '=', 'waitlist.offer').execute();
  const offered = await Promise.all(people.map(async (person) => (await waiting(person))[0]?.offer?.start ?? null));
  expect(offered.map((start) => start !== null)).toEqual([true, true, true, true, false, false]);
  expect(new Set(offered.slice(0, 4)).size).toBe(4);
  expect(await violations(db())).toEqual([]);
});

test('whoever could not come at that time is passed over with a reason they can see', async () => {
  const [specialist, colleague] = [await district.specialist(), await district.specialist()];
  const taken = await booked(specialist);
  const [busy, free] = [await district.resident(), await district.resident()];
  await join(busy, specialist);
  await join(free, specialist);
  await new CareFlow(district, clinic, colleague).book(busy, 2 * DAY);
  await giveUp(taken);
  await runOffers();
  const [entry] = await waiting(busy);
  expect(entry?.offer).toBeNull();
  expect(entry?.passedOver).toEqual([{ start: taken.appointment.start, reason: 'busy' }]);
  expect((await waiting(free))[0]?.offer?.start).toBe(taken.appointment.start);
});

test('only days somebody would come are offered, and counted as ahead', async () => {
  const specialist = await district.specialist();
  const day = (days: number) => new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
  const taken = await booked(specialist, 4 * DAY);
  const [early, late] = [await district.resident(), await district.resident()];
  await join(early, specialist, { to: day(2) });
  const entry = await join(late, specialist, { from: day(3), to: day(6) });
  expect(entry.ahead).toBe(0);
  await giveUp(taken);
  await runOffers();
  expect((await waiting(early))[0]?.offer).toBeNull();
  expect((await waiting(late))[0]?.offer?.start).toBe(taken.appointment.start);
  const past = await failure(join(await district.resident(), specialist, { to: day(-1) }));
  expect(past.code).toBe('BAD_REQUEST');
});

test('times that were free before somebody joined are not pressed on them; new ones of the schedule are', async () => {
  const specialist = await district.specialist();
  const before = await district.slot(specialist, 2 * DAY);
  await db()
    .updateTable('slot')
    .set({ freed_at: new Date(Date.now() - 60_000) })
    .where('id', '=', before)
    .execute();
  const person = await district.resident();
  await join(person, specialist);
  await offerFreedSlots(district.services);
  await runOffers();
  expect((await waiting(person))[0]?.offer).toBeNull();
  await district.slot(specialist, 3 * DAY);
  await offerFreedSlots(district.services);
  await runOffers();
  expect((await waiting(person))[0]?.offer).not.toBeNull();
});

test('one place a specialist, three in all, one answer a key', async () => {
  const person = await district.resident();
  const specialists = await Promise.all([1, 2, 3, 4].map(() => district.specialist()));
  const [first] = specialists;
  if (first === undefined) throw new Error('no specialist');
  const key = randomUUID();
  const request = {
    patientId: person.patientId,
    practitionerRoleId: first.practitionerRoleId,
    locationId: clinic.locationId,
    complaint: '头晕',
  };
  const answers = await Promise.all(
    [1, 2, 3].map(() => joinWaitlist(district.services, district.context(person.actor, key), request)),
  );
  expect(new Set(answers.map(({ appointmentId }) => appointmentId)).size).toBe(1);
  const again = await failure(join(person, first));
  expect(again.details?.['limit']).toBe('waitlist-once');
  const results = await Promise.allSettled(specialists.slice(1).map((specialist) => join(person, specialist)));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
});

test('leaving with an offer in hand passes it on; a foreign place answers like none', async () => {
  const specialist = await district.specialist();
  const taken = await booked(specialist);
  const [first, second] = [await district.resident(), await district.resident()];
  const own = await join(first, specialist);
  await join(second, specialist);
  await giveUp(taken);
  await runOffers();
  for (const operation of [leaveWaitlist, declineOffer]) {
    const foreign = await failure(
      operation(district.services, district.context(second.actor), { appointmentId: own.appointmentId }),
    );
    expect(foreign).toMatchObject({ code: 'NOT_FOUND', details: undefined });
  }
  await leaveWaitlist(district.services, district.context(first.actor), { appointmentId: own.appointmentId });
  await runOffers();
  expect(await waiting(first)).toEqual([]);
  expect((await waiting(second))[0]?.offer?.start).toBe(taken.appointment.start);
  const denied = await db()
    .selectFrom('audit_event')
    .select('action')
    .where('entity_id', '=', own.appointmentId)
    .where('outcome', '=', 'denied')
    .execute();
  expect(denied).toHaveLength(2);
});

test('a place ends when its last day is over, and is never shown as an appointment', async () => {
  const specialist = await district.specialist();
  const person = await district.resident();
  const own = await join(person, specialist, { to: '2999-12-31' });
  const { appointments } = await listAppointments(district.services, district.context(person.actor));
  expect(appointments).toEqual([]);
  expect(await district.asSystem((unit) => endOverdueWaiting(unit, own.appointmentId))).toBe(true);
  expect(await district.asSystem((unit) => endOverdueWaiting(unit, own.appointmentId))).toBe(false);
  expect(await waiting(person)).toEqual([]);
});
