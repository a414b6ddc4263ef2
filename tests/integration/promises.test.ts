import type { Encounter } from '@cloud-hospital/protocol/rest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectedTime } from '../../signaling/src/operations/booking/expectedTime.ts';
import { keepPromises } from '../../signaling/src/operations/promise/keepPromises.ts';
import { callNext } from '../../signaling/src/operations/queue/callNext.ts';
import { place } from '../../signaling/src/operations/queue/place.ts';
import { setAvailability } from '../../signaling/src/operations/queue/setAvailability.ts';
import { promiseStatistics } from '../../signaling/src/store/promiseStatistics.ts';
import { CareDistrict, type TestClinic, type TestSpecialist } from '../support/careDistrict.ts';
import { CareFlow, failure } from '../support/careFlow.ts';

const MINUTE_MS = 60_000;

let district: CareDistrict;
let clinic: TestClinic;
let specialist: TestSpecialist;
let flow: CareFlow;

beforeAll(async () => {
  district = await CareDistrict.create();
});
beforeEach(async () => {
  [clinic, specialist] = await Promise.all([district.clinic(), district.specialist()]);
  flow = new CareFlow(district, clinic, specialist);
});
afterAll(() => district.close());

const db = () => district.services.db;
const asSpecialist = () => district.context(specialist.actor);
const entryOf = (visit: Encounter) =>
  db().selectFrom('queue_entry').selectAll().where('encounter_id', '=', visit.encounterId).executeTakeFirstOrThrow();
async function promisesOf(visit: Encounter) {
  const entry = await entryOf(visit);
  return db().selectFrom('promise').selectAll().where('queue_entry_id', '=', entry.id).orderBy('made_at').execute();
}
async function keep(visit: Encounter): Promise<number> {
  const { queue_id: queueId } = await entryOf(visit);
  return district.asSystem((unit) => keepPromises(unit, queueId));
}
/** Makes what was promised long past. */
async function missPromise(visit: Encounter): Promise<void> {
  const entry = await entryOf(visit);
  await db()
    .updateTable('promise')
    .set({
      made_at: new Date(Date.now() - 30 * MINUTE_MS),
      expected_from: new Date(Date.now() - 20 * MINUTE_MS),
      expected_to: new Date(Date.now() - 10 * MINUTE_MS),
    })
    .where('queue_entry_id', '=', entry.id)
    .execute();
}
const messagesAbout = async (visit: Encounter) => {
  const entry = await entryOf(visit);
  return db()
    .selectFrom('communication')
    .select(['kind', 'text'])
    .where('subject_id', '=', entry.id)
    .where('kind', 'like', 'promise-%')
    .execute();
};
const placeOf = async (visit: Encounter) => {
  if (visit.queueEntryId === null) throw new Error('no entry');
  return place(district.services, asSpecialist(), { queueEntryId: visit.queueEntryId });
};

describe('a stored promise', () => {
  test('is made once and settled by the call, whoever calls', async () => {
    const visit = await flow.walkIn();
    await setAvailability(district.services, asSpecialist(), { state: 'available' });
    expect(await keep(visit)).toBe(1);
    expect(await keep(visit)).toBe(0);
    const [first, ...others] = await promisesOf(visit);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ kind: 'first', called_at: null, broken_at: null });
    const seen = await placeOf(visit);
    expect(seen.promise?.first.to).toBe(first?.expected_to.toISOString());
    expect(seen.expected?.sureness).toBeDefined();
    await flow.ready(visit.encounterId);
    await callNext(district.services, asSpecialist());
    const [settled] = await promisesOf(visit);
    expect(settled?.called_at).toEqual((await entryOf(visit)).called_at);
  });

  test('is not made while nobody knows when the specialist is there', async () => {
    const visit = await flow.walkIn();
    await setAvailability(district.services, asSpecialist(), { state: 'break' });
    expect(await keep(visit)).toBe(0);
    expect(await placeOf(visit)).toMatchObject({ expected: null, noPromise: 'break', promise: null });
  });

  test('that breaks is told once, with the new time and the reason, and marks the entry', async () => {
    const visit = await flow.walkIn();
    await setAvailability(district.services, asSpecialist(), { state: 'available' });
    await keep(visit);
    await missPromise(visit);
    expect(await keep(visit)).toBe(1);
    expect(await keep(visit)).toBe(0);
    const promises = await promisesOf(visit);
    expect(promises.map(({ kind, broken_because: because }) => [kind, because])).toEqual([
      ['first', 'not-ready'],
      ['renewed', null],
    ]);
    const entry = await entryOf(visit);
    expect(entry.promise_breached_at).not.toBeNull();
    const told = await messagesAbout(visit);
    expect(told.map(({ kind }) => kind)).toEqual(['promise-moved']);
    expect(told[0]?.text).toContain('就诊准备还没有完成');
    expect((await placeOf(visit)).promise).toMatchObject({ reason: 'not-ready' });
  });

  test('that breaks while the specialist is away says so, and the new time follows when there is one', async () => {
    const visit = await flow.walkIn();
    await setAvailability(district.services, asSpecialist(), { state: 'available' });
    await keep(visit);
    await setAvailability(district.services, asSpecialist(), { state: 'break' });
    await missPromise(visit);
    await keep(visit);
    expect((await messagesAbout(visit)).map(({ kind }) => kind)).toEqual(['promise-open']);
    expect((await promisesOf(visit)).map(({ broken_because: because }) => because)).toEqual(['specialist-away']);
    await setAvailability(district.services, asSpecialist(), { state: 'available' });
    await keep(visit);
    expect((await promisesOf(visit)).map(({ kind }) => kind)).toEqual(['first', 'renewed']);
  });

  test('names somebody urgent who was taken first', async () => {
    const visit = await flow.walkIn();
    await flow.ready(visit.encounterId);
    await setAvailability(district.services, asSpecialist(), { state: 'available' });
    await keep(visit);
    await missPromise(visit);
    const urgent = await flow.walkIn({ urgent: true });
    const elsewhere = await district.clinic();
    await db()
      .updateTable('queue_entry')
      .set({ device_id: elsewhere.deviceId, location_id: elsewhere.locationId })
      .where('encounter_id', '=', urgent.encounterId)
      .execute();
    await flow.ready(urgent.encounterId);
    await callNext(district.services, asSpecialist());
    await keep(visit);
    const [broken] = await promisesOf(visit);
    expect(['urgent-before', 'terminal-busy']).toContain(broken?.broken_because);
  });

  test('counts as kept or broken in the day’s statistics', async () => {
    const start = new Date(Date.now() - 60 * MINUTE_MS);
    const end = new Date(Date.now() + MINUTE_MS);
    const before = await promiseStatistics(db(), start, end);
    const [kept, broken] = [await flow.walkIn(), await flow.walkIn()];
    await setAvailability(district.services, asSpecialist(), { state: 'available' });
    await keep(kept);
    await missPromise(broken);
    await keep(broken);
    await flow.ready(kept.encounterId);
    await callNext(district.services, asSpecialist());
    const after = await promiseStatistics(db(), start, end);
    expect([after.settled - before.settled, after.kept - before.kept]).toEqual([2, 1]);
    expect(after.share).toBeCloseTo(after.kept / after.settled);
  });
});

describe('whoever is booked and not here yet', () => {
  test('hears on the day when they will be called, others hear nothing', async () => {
    const resident = await district.resident();
    const booked = await flow.bookToday(resident, 2);
    await flow.walkIn();
    await setAvailability(district.services, asSpecialist(), { state: 'available' });
    const ask = (actor = resident.actor) =>
      expectedTime(district.services, district.context(actor), { appointmentId: booked.appointmentId });
    const told = await ask();
    expect(Date.parse(told.expected?.to ?? '')).toBeGreaterThan(Date.now());
    const stranger = await district.resident();
    expect((await failure(ask(stranger.actor))).code).toBe('NOT_FOUND');
  });
});
