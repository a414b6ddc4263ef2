import { DeviceId, QueueEntryId } from '@cloud-hospital/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { getEncounter } from '../../signaling/src/operations/encounter/get.ts';
import { parkEncounter } from '../../signaling/src/operations/encounter/parkEncounter.ts';
import { callEntry } from '../../signaling/src/operations/queue/callEntry.ts';
import { callNext } from '../../signaling/src/operations/queue/callNext.ts';
import { returnUnanswered } from '../../signaling/src/operations/queue/endCall.ts';
import { mine } from '../../signaling/src/operations/queue/mine.ts';
import { place } from '../../signaling/src/operations/queue/place.ts';
import { computePlaces } from '../../signaling/src/operations/queue/places.ts';
import { setAvailability } from '../../signaling/src/operations/queue/setAvailability.ts';
import { sharePlaces } from '../../signaling/src/store/sharedPlaces.ts';
import type { TestSpecialist } from '../support/careDistrict.ts';
import { failure } from '../support/careFlow.ts';
import { violations } from '../support/careInvariants.ts';
import { PoolDistrict } from '../support/pool.ts';

let pool: PoolDistrict;
let first: TestSpecialist;
let second: TestSpecialist;

beforeEach(async () => {
  pool = await PoolDistrict.create();
  first = pool.lead;
  second = await pool.member();
});
afterEach(async () => {
  const broken = await violations(pool.db);
  await pool.district.close();
  if (broken.length > 0) throw new Error(broken.join('\n'));
});

const services = () => pool.district.services;
const context = (specialist: TestSpecialist) => pool.district.context(specialist.actor);
const next = (specialist: TestSpecialist) => callNext(services(), context(specialist));

describe('one order over the own queue and the pool', () => {
  test('the person who is due first is called, from whichever of both', async () => {
    const pooled = await pool.waiting(30);
    const own = await pool.flow(first).walkIn();
    await pool.shift(own, -40);
    await pool.seat(own);
    expect((await next(first)).encounterId).toBe(own.encounterId);
    // The other specialist has nobody of their own.
    expect((await next(second)).encounterId).toBe(pooled.encounterId);
  });

  test('whoever calls somebody from the pool becomes their specialist, and only then', async () => {
    const visit = await pool.waiting(10);
    expect(await pool.encounter(visit)).toMatchObject({ practitioner_role_id: null, practitioner_id: null });
    await next(second);
    expect(await pool.encounter(visit)).toMatchObject({
      practitioner_role_id: second.practitionerRoleId,
      practitioner_id: second.practitionerId,
    });
    const seen = await getEncounter(services(), { ...context(second), publicOrigin: '' }, visit);
    expect(seen.specialist?.practitionerRoleId).toBe(second.practitionerRoleId);
    const participants = await pool.db
      .selectFrom('participant')
      .select('practitioner_role_id')
      .where('encounter_id', '=', visit.encounterId)
      .where('role', '=', 'specialist')
      .where('removed_at', 'is', null)
      .execute();
    expect(participants).toEqual([{ practitioner_role_id: second.practitionerRoleId }]);
  });

  test('until then the chart is nobody’s, and who does not take part can’t call from the pool', async () => {
    const visit = await pool.waiting(10);
    const record = { ...context(first), publicOrigin: '' };
    expect((await failure(getEncounter(services(), record, visit))).code).toBe('NOT_FOUND');
    const outside = await pool.district.specialist();
    const entry = await pool.entry(visit);
    const call = { queueEntryId: QueueEntryId.parse(entry.id), reason: 'other' as const };
    expect((await failure(callEntry(services(), context(outside), call))).code).toBe('NOT_FOUND');
    expect((await failure(callNext(services(), context(outside)))).code).toBe('QUEUE_EMPTY');
    const denied = await pool.db
      .selectFrom('audit_event')
      .select('action')
      .where('outcome', '=', 'denied')
      .where('entity_id', '=', entry.id)
      .execute();
    expect(denied).toEqual([{ action: 'queue:call' }]);
    expect((await callEntry(services(), context(second), call)).encounterId).toBe(visit.encounterId);
  });

  test('whoever is passed, in either queue, is recorded with the reason', async () => {
    const notReady = await pool.waiting(60, { ready: false });
    const own = await pool.flow(first).walkIn();
    await pool.shift(own, -40);
    await pool.seat(own);
    await next(first);
    expect(await pool.overtaken(notReady)).toEqual(['consent']);
  });

  test('many who look at once see what one sees alone, from few readings', async () => {
    await pool.waiting(40);
    const own = await pool.flow(first).walkIn();
    await pool.seat(own);
    let readings = 0;
    const counting = pool.db.withPlugin({
      transformQuery: ({ node }) => node,
      transformResult: ({ result }) => {
        readings += 1;
        return Promise.resolve(result);
      },
    });
    const places = sharePlaces(counting);
    const look = (specialist: TestSpecialist) => mine({ ...services(), places }, context(specialist));
    const alone = await look(first);
    const statements = readings;
    readings = 0;
    const together = await Promise.all(
      Array.from({ length: 40 }, (_, index) => look(index % 2 === 0 ? first : second)),
    );
    expect(readings).toBeLessThanOrEqual(2 * statements);
    const tickets = (view: typeof alone) => view.entries.map((entry) => `${entry.ticketNumber} ${entry.position}`);
    expect(tickets(alone).length).toBe(2);
    for (const [index, view] of together.entries()) {
      expect(tickets(view)).toEqual(index % 2 === 0 ? tickets(alone) : [tickets(alone)[0]]);
    }
  });

  test('people of the pool who are called first count as ahead, and the reason says so', async () => {
    await pool.waiting(40);
    const own = await pool.flow(first).walkIn();
    await pool.shift(own, -20);
    const { queue_id } = await pool.entry(own);
    const [seen] = await computePlaces(pool.db, queue_id);
    expect(seen).toMatchObject({ position: 2, ahead: 1, orderReason: 'pool-first' });
    await next(second);
    const [after] = await computePlaces(pool.db, queue_id);
    expect(after).toMatchObject({ position: 1, ahead: 0, orderReason: 'first-come' });
    expect(after?.version).toBeGreaterThan(seen?.version ?? 0);
  });

  test('a colleague who calls from the pool promises nothing to the people of a specialist who is away', async () => {
    const pooled = await pool.waiting(10);
    const own = await pool.flow(first).walkIn();
    await setAvailability(services(), context(second), { state: 'available' });
    await setAvailability(services(), context(first), { state: 'break' });
    const [theirs] = await computePlaces(pool.db, (await pool.entry(own)).queue_id);
    expect(theirs).toMatchObject({ expected: null, noPromise: 'break' });
    const [pools] = await computePlaces(pool.db, (await pool.entry(pooled)).queue_id);
    expect(pools?.noPromise).toBeNull();
    expect(pools?.expected).not.toBeNull();
  });

  test('the console shows both in calling order; the clinic sees a place without a specialist', async () => {
    const pooled = await pool.waiting(30);
    const own = await pool.flow(first).walkIn();
    await pool.shift(own, -40);
    const view = await mine(services(), context(first));
    expect(view.entries.map(({ encounterId, pooled: inPool, position }) => [encounterId, inPool, position])).toEqual([
      [own.encounterId, false, 1],
      [pooled.encounterId, true, 2],
    ]);
    const { id } = await pool.entry(pooled);
    const seen = await place(services(), pool.district.context(pool.clinic.nurse), { queueEntryId: id });
    expect(seen).toMatchObject({ specialistName: null, departmentName: { zh: '心内科' }, position: 1 });
  });
});

describe('a call from the pool', () => {
  test('goes back to the pool when nobody answers, with the place kept and without a specialist', async () => {
    const visit = await pool.waiting(30);
    const later = await pool.waiting(10);
    await next(first);
    const called = await pool.entry(visit);
    await pool.district.asSystem((unit) => returnUnanswered(unit, called.id, called.lease_token ?? '', 'no-answer'));
    const back = await pool.entry(visit);
    expect(back).toMatchObject({ state: 'waiting', pool_id: null, last_reason: 'no-answer' });
    expect(back.queue_id).toBe((await pool.entry(later)).queue_id);
    expect((await pool.encounter(visit)).practitioner_role_id).toBeNull();
    const places = await computePlaces(pool.db, back.queue_id);
    expect(places.map((one) => one.encounterId)).toEqual([visit.encounterId, later.encounterId]);
    expect(places[0]?.orderReason).toBe('kept-place');
  });

  test('stays with the specialist once it was answered: a dropped call is resumed by the same one', async () => {
    const visit = await pool.waiting(30);
    await next(first);
    const deviceId = DeviceId.parse((await pool.entry(visit)).device_id);
    const nurse = { ...pool.clinic.nurse, deviceId };
    await pool.flow(first).begin(visit.encounterId, { ...pool.clinic, nurse });
    await pool.district.asSystem((unit) => parkEncounter(unit, visit.encounterId, services().config));
    expect((await failure(next(second))).code).toBe('QUEUE_EMPTY');
    expect((await mine(services(), context(first))).entries[0]).toMatchObject({
      encounterId: visit.encounterId,
      pooled: false,
      orderReason: 'returned-after-drop',
    });
  });
});

test('the share of a clinic stays counted in the line it used, whoever calls its people', async () => {
  const crowd = [];
  for (const minutes of [20, 19, 18, 17, 16, 15]) crowd.push(await pool.waiting(minutes));
  const other = await pool.district.clinic();
  const single = await pool.waiting(10, { clinic: other });
  const { queue_id } = await pool.entry(single);
  const order = async () => (await computePlaces(pool.db, queue_id)).map((one) => one.encounterId);
  const before = await order();
  expect(before.indexOf(single.encounterId)).toBe(2);
  expect((await next(first)).encounterId).toBe(crowd[0]?.encounterId);
  expect(await order()).toEqual(before.slice(1));
});

describe('many at once', () => {
  let big: PoolDistrict;
  beforeAll(async () => {
    big = await PoolDistrict.create();
  });
  afterAll(() => big.district.close());

  test('twenty specialists who call from one pool at the same moment get twenty different people, the first twenty', async () => {
    const specialists = [big.lead];
    while (specialists.length < 20) specialists.push(await big.member());
    const visits: string[] = [];
    for (let minutes = 125; minutes > 0; minutes -= 5) {
      visits.push((await big.waiting(minutes, { clinic: await big.district.clinic() })).encounterId);
    }
    const calls = await Promise.all(
      specialists.map((one) => callNext(big.district.services, big.district.context(one.actor))),
    );
    const called = calls.map((call) => String(call.encounterId));
    expect(new Set(called).size).toBe(20);
    expect(called.toSorted()).toEqual(visits.slice(0, 20).toSorted());
    expect(await violations(big.db)).toEqual([]);
    const waiting = await big.db.selectFrom('queue_entry').select('id').where('state', '=', 'waiting').execute();
    expect(waiting.length).toBe(5);
  });
});
