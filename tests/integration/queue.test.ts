import { randomUUID } from 'node:crypto';
import { EncounterId, QueueEntryId } from '@cloud-hospital/protocol';
import type { Encounter } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parkEncounter } from '../../signaling/src/operations/encounter/parkEncounter.ts';
import { interruptEncounter } from '../../signaling/src/operations/encounter/interruptEncounter.ts';
import { finish } from '../../signaling/src/operations/encounter/finish.ts';
import { getEncounter } from '../../signaling/src/operations/encounter/get.ts';
import { callEntry } from '../../signaling/src/operations/queue/callEntry.ts';
import { callNext } from '../../signaling/src/operations/queue/callNext.ts';
import { cancelCall } from '../../signaling/src/operations/queue/cancelCall.ts';
import { returnUnanswered } from '../../signaling/src/operations/queue/endCall.ts';
import { mine } from '../../signaling/src/operations/queue/mine.ts';
import { place } from '../../signaling/src/operations/queue/place.ts';
import { setAvailability } from '../../signaling/src/operations/queue/setAvailability.ts';
import { skip } from '../../signaling/src/operations/queue/skip.ts';
import { recordConsent } from '../../signaling/src/operations/clinic/recordConsent.ts';
import { setReady } from '../../signaling/src/operations/clinic/setReady.ts';
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
const asSpecialist = (key?: string) => district.context(specialist.actor, key);
const next = (key?: string) => callNext(district.services, asSpecialist(key));
const queueNow = () => mine(district.services, asSpecialist());
const order = async (): Promise<string[]> =>
  (await queueNow()).entries.filter((entry) => entry.position !== null).map((entry) => entry.encounterId);
const entryOf = (encounterId: string) =>
  db().selectFrom('queue_entry').selectAll().where('encounter_id', '=', encounterId).executeTakeFirstOrThrow();
const overtaken = async (encounterId: string): Promise<string[]> => {
  const rows = await db()
    .selectFrom('queue_overtaking')
    .innerJoin('queue_entry', 'queue_entry.id', 'queue_overtaking.queue_entry_id')
    .select('reason')
    .where('queue_entry.encounter_id', '=', encounterId)
    .orderBy('queue_overtaking.id')
    .execute();
  return rows.map((row) => row.reason);
};
/** Moves a visit's check-in (and scheduled start) on the time line; minutes before now are negative. */
async function shift(encounter: Encounter, checkedIn: number, scheduled?: number): Promise<void> {
  await db()
    .updateTable('queue_entry')
    .set({
      checked_in_at: new Date(Date.now() + checkedIn * MINUTE_MS),
      ...(scheduled === undefined ? {} : { scheduled_start: new Date(Date.now() + scheduled * MINUTE_MS) }),
    })
    .where('encounter_id', '=', encounter.encounterId)
    .execute();
}
/** Walk-ins of several clinics, checked in at these times (minutes from now). */
async function walkIns(times: readonly number[], at: CareFlow = flow): Promise<Encounter[]> {
  const visits: Encounter[] = [];
  for (const time of times) {
    const visit = await at.walkIn();
    await shift(visit, time);
    visits.push(visit);
  }
  return visits;
}

describe('the order', () => {
  test('walk-ins of one clinic come in the order of their check-in', async () => {
    const [late, early, middle] = await walkIns([-5, -25, -15]);
    expect(await order()).toEqual([early?.encounterId, middle?.encounterId, late?.encounterId]);
    expect((await queueNow()).entries.map((entry) => entry.orderReason)).toEqual([
      'first-come',
      'first-come',
      'first-come',
    ]);
  });

  test('a scheduled patient comes before a walk-in who has not waited long', async () => {
    const [walkIn] = await walkIns([-20]);
    const scheduled = await flow.walkIn();
    await shift(scheduled, -3, 0);
    expect(await order()).toEqual([scheduled.encounterId, walkIn?.encounterId]);
    const reasons = (await queueNow()).entries.map((entry) => entry.orderReason);
    expect(reasons).toEqual(['scheduled-time', 'walk-in-after-scheduled']);
  });

  test('a walk-in who has waited long comes before patients scheduled for later: nobody waits for ever', async () => {
    const [walkIn] = await walkIns([-50]);
    const scheduled = await flow.walkIn();
    await shift(scheduled, -3, 0);
    expect(await order()).toEqual([walkIn?.encounterId, scheduled.encounterId]);
    expect((await queueNow()).entries[0]?.orderReason).toBe('waited-long');
  });

  test('who comes late for their time lines up by their arrival', async () => {
    const late = await flow.walkIn();
    await shift(late, -5, -30);
    const inTime = await flow.walkIn();
    await shift(inTime, -12, -10);
    expect(await order()).toEqual([inTime.encounterId, late.encounterId]);
    expect((await queueNow()).entries[1]?.orderReason).toBe('late-arrival');
  });

  test('urgent comes first, and only somebody whose call broke down comes before', async () => {
    const [first] = await walkIns([-40]);
    const urgent = await flow.walkIn({ urgent: true });
    expect(await order()).toEqual([urgent.encounterId, first?.encounterId]);
    await flow.ready(first?.encounterId ?? EncounterId.parse(randomUUID()));
    const entry = await entryOf(first?.encounterId ?? '');
    await callEntry(district.services, asSpecialist(), {
      queueEntryId: QueueEntryId.parse(entry.id),
      reason: 'other',
    });
    await flow.begin(first?.encounterId ?? EncounterId.parse(randomUUID()));
    await district.asSystem((unit) => parkEncounter(unit, first?.encounterId ?? '', district.services.config));
    expect(await order()).toEqual([first?.encounterId, urgent.encounterId]);
    expect((await queueNow()).entries[0]?.orderReason).toBe('returned-after-drop');
  });

  test('a clinic that brings many people does not close the queue to another clinic', async () => {
    const crowd = await walkIns([-20, -19, -18, -17, -16, -15]);
    const other = await district.clinic();
    const single = await flow.walkIn({ clinic: other });
    await shift(single, -10);
    const place = (await order()).indexOf(single.encounterId);
    // Due 20, 14, 8 … minutes ago with 5 minutes a step; the single one 10 minutes ago.
    expect(place).toBe(2);
    const reasons = new Map((await queueNow()).entries.map((entry) => [String(entry.encounterId), entry.orderReason]));
    expect(reasons.get(crowd[5]?.encounterId ?? '')).toBe('clinic-share');
    expect(reasons.get(single.encounterId)).toBe('first-come');
  });

  test('the crowd does not creep past the other clinic while it is being served', async () => {
    const crowd = await walkIns([-20, -19, -18, -17, -16, -15]);
    const other = await district.clinic();
    const single = await flow.walkIn({ clinic: other });
    await shift(single, -10);
    const before = await order();
    await db()
      .updateTable('queue_entry')
      .set({ state: 'done' })
      .where('encounter_id', '=', crowd[0]?.encounterId ?? '')
      .execute();
    expect(await order()).toEqual(before.slice(1));
  });

  test('time alone changes nobody’s place', async () => {
    await walkIns([-50, -30, -44, -2]);
    const scheduled = await flow.walkIn();
    await shift(scheduled, -3, 10);
    const at = async (minutes: number) =>
      (
        await sql<{ queue_entry_id: string }>`
          SELECT queue_entry_id FROM queue, queue_order(ARRAY[queue.id], now() + make_interval(mins => ${minutes}::int))
          WHERE practitioner_role_id = ${specialist.practitionerRoleId} ORDER BY place`.execute(db())
      ).rows.map((row) => row.queue_entry_id);
    const now = await at(0);
    for (const minutes of [5, 20, 60, 240]) expect(await at(minutes)).toEqual(now);
  });
});

describe('calling next', () => {
  test('rings the first who is ready and records who was overtaken and why', async () => {
    const [notReady, ready] = await walkIns([-30, -20]);
    if (!notReady || !ready) throw new Error('no visits');
    await flow.consent(notReady.encounterId);
    await flow.ready(ready.encounterId);
    const call = await next();
    expect(call.encounterId).toBe(ready.encounterId);
    expect(await overtaken(notReady.encounterId)).toEqual(['not-ready']);
    const entry = await entryOf(ready.encounterId);
    expect(entry.state).toBe('called');
    expect(entry.lease_expires_at?.toISOString()).toBe(call.ringingUntil);
    const { rows } = await sql<{ name: string; topics: string[] }>`
      SELECT name, topics FROM outbox WHERE data ->> 'encounterId' = ${ready.encounterId} AND name = 'call:ringing'`.execute(
      db(),
    );
    expect(rows).toEqual([{ name: 'call:ringing', topics: [`device:${clinic.deviceId}`] }]);
    const job = await db()
      .selectFrom('job')
      .select(['kind', 'token', 'state'])
      .where('subject_id', '=', entry.id)
      .executeTakeFirstOrThrow();
    expect(job).toEqual({ kind: 'call.ring-timeout', token: entry.lease_token, state: 'pending' });
    expect((await queueNow()).availability).toBe('in-call');
  });

  test('an empty queue and one where nobody is ready are told apart', async () => {
    expect((await failure(next())).details).toEqual({ waitingNotReady: 0 });
    await walkIns([-10, -5]);
    const error = await failure(next());
    expect({ code: error.code, details: error.details }).toEqual({
      code: 'QUEUE_EMPTY',
      details: { waitingNotReady: 2 },
    });
  });

  test('pressed twenty times at once it rings once', async () => {
    const [visit] = await walkIns([-10, -8, -6]);
    await flow.ready(visit?.encounterId ?? EncounterId.parse(randomUUID()));
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => next()));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason.code).toBe('ALREADY_CALLED');
  });

  test('sent twenty times under one key it is one call with one answer', async () => {
    const [visit] = await walkIns([-10]);
    await flow.ready(visit?.encounterId ?? EncounterId.parse(randomUUID()));
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => next(key)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  test('of twenty specialists who call patients at the same terminal at once exactly one rings', async () => {
    const specialists = await Promise.all(Array.from({ length: 20 }, () => district.specialist()));
    for (const one of specialists) {
      const own = new CareFlow(district, clinic, one);
      const visit = await own.walkIn();
      await own.ready(visit.encounterId);
    }
    const results = await Promise.allSettled(
      specialists.map((one) => callNext(district.services, district.context(one.actor))),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    for (const result of results) if (result.status === 'rejected') expect(result.reason.code).toBe('QUEUE_EMPTY');
    const busy = await db()
      .selectFrom('queue_entry')
      .select('id')
      .where('device_id', '=', clinic.deviceId)
      .where('state', 'in', ['called', 'serving'])
      .execute();
    expect(busy).toHaveLength(1);
  });

  test('a patient with two appointments is not called by both specialists', async () => {
    const resident = await district.resident();
    const colleague = await district.specialist();
    const other = new CareFlow(district, clinic, colleague);
    const first = await flow.checkIn(await flow.bookToday(resident, 2));
    const second = await other.checkIn(await other.bookToday(resident, 20));
    await flow.ready(first.encounterId);
    await other.ready(second.encounterId);
    // At another terminal of the clinic, so that it isn't merely the terminal that is busy.
    const elsewhere = await district.terminal(clinic.locationId);
    await db()
      .updateTable('queue_entry')
      .set({ device_id: elsewhere })
      .where('encounter_id', '=', second.encounterId)
      .execute();
    await next();
    const byColleague = district.context(colleague.actor);
    expect((await failure(callNext(district.services, byColleague))).code).toBe('QUEUE_EMPTY');
    const queueEntryId = QueueEntryId.parse((await entryOf(second.encounterId)).id);
    const byName = callEntry(district.services, byColleague, { queueEntryId, reason: 'other' });
    expect((await failure(byName)).code).toBe('PATIENT_BUSY');
  });

  test('a terminal that is offline is passed over with that reason', async () => {
    const other = await district.clinic();
    const [offline] = await walkIns([-30]);
    if (!offline) throw new Error('no visit');
    await flow.ready(offline.encounterId);
    await db().updateTable('device').set({ status: 'offline' }).where('id', '=', clinic.deviceId).execute();
    const ready = await flow.walkIn({ clinic: other });
    await flow.ready(ready.encounterId, other);
    expect((await next()).encounterId).toBe(ready.encounterId);
    expect(await overtaken(offline.encounterId)).toEqual(['terminal-offline']);
  });

  test('calling one out of order records the reason for everybody before', async () => {
    const [first, second, third] = await walkIns([-30, -20, -10]);
    for (const visit of [first, second, third]) await flow.ready(visit?.encounterId ?? EncounterId.parse(randomUUID()));
    const entry = await entryOf(third?.encounterId ?? '');
    const queueEntryId = QueueEntryId.parse(entry.id);
    await callEntry(district.services, asSpecialist(), { queueEntryId, reason: 'same-clinic' });
    expect(await overtaken(first?.encounterId ?? '')).toEqual(['same-clinic']);
    expect(await overtaken(second?.encounterId ?? '')).toEqual(['same-clinic']);
    expect(await overtaken(third?.encounterId ?? '')).toEqual([]);
    const again = await failure(callEntry(district.services, asSpecialist(), { queueEntryId, reason: 'other' }));
    expect(again.code).toBe('ALREADY_CALLED');
  });

  test('one who lacks something is not called by name either, and it is said what', async () => {
    const [visit] = await walkIns([-10]);
    const entry = await entryOf(visit?.encounterId ?? '');
    const call = () =>
      callEntry(district.services, asSpecialist(), { queueEntryId: QueueEntryId.parse(entry.id), reason: 'other' });
    expect((await failure(call())).code).toBe('CONSENT_REQUIRED');
    await flow.consent(visit?.encounterId ?? EncounterId.parse(randomUUID()));
    expect((await failure(call())).details).toEqual({ reason: 'not-ready' });
  });

  test('another specialist’s entry answers like one that does not exist', async () => {
    const [visit] = await walkIns([-10]);
    const entry = await entryOf(visit?.encounterId ?? '');
    const stranger = await district.specialist();
    const call = (id: string) =>
      failure(
        callEntry(district.services, district.context(stranger.actor), {
          queueEntryId: QueueEntryId.parse(id),
          reason: 'other',
        }),
      );
    expect((await call(entry.id)).code).toBe('NOT_FOUND');
    expect((await call(randomUUID())).code).toBe('NOT_FOUND');
    const denied = await db()
      .selectFrom('audit_event')
      .select(['action', 'outcome'])
      .where('entity_id', '=', entry.id)
      .execute();
    expect(denied).toEqual([{ action: 'queue:call', outcome: 'denied' }]);
  });
});

describe('a call that is not answered', () => {
  async function ringing() {
    const [first, second] = await walkIns([-20, -10]);
    if (!first || !second) throw new Error('no visits');
    await flow.ready(first.encounterId);
    await flow.ready(second.encounterId);
    const call = await next();
    return { first, second, call, entry: await entryOf(first.encounterId) };
  }

  test('goes back to its place with the reason; the next call rings for somebody else', async () => {
    const { first, second, entry } = await ringing();
    const returned = await district.asSystem((unit) =>
      returnUnanswered(unit, entry.id, entry.lease_token ?? '', 'no-answer'),
    );
    expect(returned).toBe(true);
    expect(await order()).toEqual([first.encounterId, second.encounterId]);
    const view = await queueNow();
    expect(view.availability).toBe('available');
    expect(view.entries[0]).toMatchObject({ lastReason: 'no-answer', orderReason: 'kept-place', state: 'waiting' });
    expect((await next()).encounterId).toBe(second.encounterId);
    expect(await overtaken(first.encounterId)).toEqual(['not-ready']);
  });

  test('a handler with an old lease changes nothing', async () => {
    const { first, entry } = await ringing();
    const old = entry.lease_token ?? '';
    await cancelCall(district.services, asSpecialist(), { queueEntryId: QueueEntryId.parse(entry.id) });
    await next();
    expect(await district.asSystem((unit) => returnUnanswered(unit, entry.id, old, 'no-answer'))).toBe(false);
    expect((await entryOf(first.encounterId)).state).toBe('called');
  });

  test('taken back by the specialist it keeps place and readiness', async () => {
    const { first, entry } = await ringing();
    await cancelCall(district.services, asSpecialist(), { queueEntryId: QueueEntryId.parse(entry.id) });
    const view = await queueNow();
    expect(view.entries[0]).toMatchObject({ encounterId: first.encounterId, lastReason: 'call-cancelled' });
    expect(view.entries[0]?.readiness.ready).toBe(true);
    expect((await next()).encounterId).toBe(first.encounterId);
  });

  test('skipped, somebody is passed over once and keeps the place', async () => {
    const { first, second, entry } = await ringing();
    const queueEntryId = QueueEntryId.parse(entry.id);
    expect(
      (await failure(skip(district.services, asSpecialist(), { queueEntryId, version: entry.version + 1 }))).code,
    ).toBe('VERSION_CONFLICT');
    await skip(district.services, asSpecialist(), { queueEntryId, version: entry.version });
    expect(await order()).toEqual([first.encounterId, second.encounterId]);
    expect((await next()).encounterId).toBe(second.encounterId);
    expect(await overtaken(first.encounterId)).toEqual(['skipped']);
    await flow.begin(second.encounterId);
    const running = await getEncounter(district.services, asSpecialist(), second);
    await finish(district.services, asSpecialist(), {
      encounterId: running.encounterId,
      version: running.version,
      outcome: 'completed',
    });
    expect((await next()).encounterId).toBe(first.encounterId);
  });
});

describe('answering', () => {
  async function called() {
    const visit = await flow.walkIn();
    await flow.ready(visit.encounterId);
    await next();
    return visit;
  }

  test('only the terminal that rings can answer, once, and within the lease', async () => {
    const visit = await called();
    const strangers = await district.clinic();
    expect((await failure(flow.answer(visit.encounterId, strangers))).code).toBe('NOT_FOUND');
    const atDesk = { ...clinic, nurse: { ...clinic.nurse, deviceId: null } };
    expect((await failure(flow.answer(visit.encounterId, atDesk))).code).toBe('NOT_FOUND');
    const answers = await Promise.all(Array.from({ length: 4 }, () => flow.answer(visit.encounterId)));
    expect(answers.filter((answer) => answer.first)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.answeredAt.toISOString())).size).toBe(1);
    expect((await entryOf(visit.encounterId)).state).toBe('serving');
    const device = await db()
      .selectFrom('device')
      .select('status')
      .where('id', '=', clinic.deviceId)
      .executeTakeFirstOrThrow();
    expect(device.status).toBe('in-call');
  });

  test('a call whose consent was withdrawn while it rang cannot be answered', async () => {
    const visit = await called();
    await recordConsent(district.services, district.context(clinic.nurse), {
      encounterId: visit.encounterId,
      purpose: 'consultation',
      decision: 'inactive',
      method: 'spoken-witnessed',
    });
    expect((await failure(flow.answer(visit.encounterId))).code).toBe('CONSENT_REQUIRED');
  });

  test('after the lease ran out nobody can answer any more', async () => {
    const visit = await called();
    await db()
      .updateTable('queue_entry')
      .set({ lease_expires_at: new Date(Date.now() - 1) })
      .where('encounter_id', '=', visit.encounterId)
      .execute();
    expect((await failure(flow.answer(visit.encounterId))).code).toBe('INVALID_TRANSITION');
  });

  test('a dropped call is parked at the head of the queue and can be resumed or ends as interrupted', async () => {
    const visit = await called();
    await flow.begin(visit.encounterId);
    const { encounterId } = visit;
    expect(await district.asSystem((unit) => parkEncounter(unit, encounterId, district.services.config))).toBe(true);
    expect(await district.asSystem((unit) => parkEncounter(unit, encounterId, district.services.config))).toBe(false);
    expect((await getEncounter(district.services, asSpecialist(), visit)).status).toBe('onleave');
    const first = (await queueNow()).entries[0];
    expect(first).toMatchObject({
      encounterId,
      lastReason: 'dropped',
      orderReason: 'returned-after-drop',
      position: 1,
    });
    expect((await next()).encounterId).toBe(encounterId);
    await flow.begin(encounterId);
    expect((await getEncounter(district.services, asSpecialist(), visit)).status).toBe('in-progress');
    expect(await district.asSystem((unit) => interruptEncounter(unit, encounterId))).toBe(false);
    await district.asSystem((unit) => parkEncounter(unit, encounterId, district.services.config));
    expect(await district.asSystem((unit) => interruptEncounter(unit, encounterId))).toBe(true);
    const after = await getEncounter(district.services, asSpecialist(), visit);
    expect({ status: after.status, outcome: after.outcome }).toEqual({ status: 'finished', outcome: 'interrupted' });
    expect((await entryOf(encounterId)).state).toBe('left');
  });
});

describe('availability and places', () => {
  test('follows its table and cannot be changed in the middle of a call', async () => {
    const set = (state: 'available' | 'break' | 'off', until?: string) =>
      setAvailability(district.services, asSpecialist(), { state, ...(until === undefined ? {} : { until }) });
    expect((await set('available')).availability).toBe('available');
    const until = new Date(Date.now() + 20 * MINUTE_MS).toISOString();
    expect((await set('break', until)).breakUntil).toBe(until);
    expect((await set('off')).breakUntil).toBeNull();
    expect((await failure(set('break', new Date(Date.now() - 1).toISOString()))).code).toBe('BAD_REQUEST');
    const visit = await flow.walkIn();
    await flow.ready(visit.encounterId);
    await next();
    expect((await failure(set('off'))).code).toBe('INVALID_TRANSITION');
  });

  test('everybody concerned sees the same place, others see none', async () => {
    const resident = await district.resident();
    const booked = await flow.checkIn(await flow.bookToday(resident, 2));
    const [walkIn] = await walkIns([-10]);
    await setAvailability(district.services, asSpecialist(), { state: 'available' });
    if (booked.queueEntryId === null) throw new Error('no entry');
    const { queueEntryId } = booked;
    const places = await Promise.all(
      [resident.actor, clinic.nurse, specialist.actor].map((actor) =>
        place(district.services, district.context(actor), { queueEntryId }),
      ),
    );
    for (const one of places) expect(one).toMatchObject({ position: 1, ahead: 0, orderReason: 'scheduled-time' });
    const behind = await place(district.services, asSpecialist(), {
      queueEntryId: QueueEntryId.parse((await entryOf(walkIn?.encounterId ?? '')).id),
    });
    expect(behind).toMatchObject({ position: 2, ahead: 1 });
    // Neither is ready: whoever stands behind may still be first.
    expect(Date.parse(behind.expected?.to ?? '')).toBeGreaterThan(Date.now());
    const stranger = await district.resident();
    const denied = place(district.services, district.context(stranger.actor), { queueEntryId });
    expect((await failure(denied)).code).toBe('NOT_FOUND');
  });

  test('who is with the specialist is ahead, and nothing is promised while the specialist is off', async () => {
    const [first, second] = await walkIns([-20, -10]);
    if (!first?.queueEntryId || !second?.queueEntryId) throw new Error('no entries');
    const placeOf = (queueEntryId: QueueEntryId) => place(district.services, asSpecialist(), { queueEntryId });
    expect((await placeOf(second.queueEntryId)).expected).toBeNull();
    await flow.ready(first.encounterId);
    await next();
    await flow.begin(first.encounterId);
    expect(await placeOf(second.queueEntryId)).toMatchObject({ position: 1, ahead: 1, availability: 'in-call' });
    expect(await placeOf(first.queueEntryId)).toMatchObject({ position: null, state: 'serving' });
  });

  test('after the visit the place says that it is done, and nobody is held up by it', async () => {
    const [first, second] = await walkIns([-20, -10]);
    if (!first?.queueEntryId || !second?.queueEntryId) throw new Error('no entries');
    const placeOf = (queueEntryId: QueueEntryId) => place(district.services, asSpecialist(), { queueEntryId });
    await flow.ready(first.encounterId);
    await next();
    await flow.begin(first.encounterId);
    const { encounterId, version } = await getEncounter(district.services, asSpecialist(), first);
    await finish(district.services, asSpecialist(), { encounterId, version, outcome: 'completed' });
    expect(await placeOf(first.queueEntryId)).toMatchObject({ position: null, ahead: 0, state: 'done' });
    expect(await placeOf(second.queueEntryId)).toMatchObject({ position: 1, ahead: 0 });
  });

  test('the queue’s version rises with every change of any entry', async () => {
    const versions: number[] = [(await queueNow()).version];
    const visit = await flow.walkIn();
    versions.push((await queueNow()).version);
    await flow.consent(visit.encounterId);
    versions.push((await queueNow()).version);
    await setReady(district.services, district.context(clinic.nurse), { encounterId: visit.encounterId, ready: true });
    versions.push((await queueNow()).version);
    await next();
    versions.push((await queueNow()).version);
    await flow.answer(visit.encounterId);
    versions.push((await queueNow()).version);
    expect(versions).toEqual([...new Set(versions)].toSorted((a, b) => a - b));
    expect(versions).toHaveLength(6);
  });
});
