import { type AppError, QueueEntryId } from '@cloud-hospital/protocol';
import type { HandOverReason } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { board } from '../../signaling/src/operations/queue/board.ts';
import { callEntry } from '../../signaling/src/operations/queue/callEntry.ts';
import { callNext } from '../../signaling/src/operations/queue/callNext.ts';
import { endBreak } from '../../signaling/src/operations/queue/endBreak.ts';
import { returnUnanswered } from '../../signaling/src/operations/queue/endCall.ts';
import { handOver } from '../../signaling/src/operations/queue/handOver.ts';
import { lockPoolOf } from '../../signaling/src/operations/queue/lockQueue.ts';
import { mine } from '../../signaling/src/operations/queue/mine.ts';
import { noShow } from '../../signaling/src/operations/queue/noShow.ts';
import { computePlaces } from '../../signaling/src/operations/queue/places.ts';
import { setAvailability } from '../../signaling/src/operations/queue/setAvailability.ts';
import { setPool } from '../../signaling/src/operations/queue/setPool.ts';
import { substitutes } from '../../signaling/src/operations/queue/substitutes.ts';
import type { Actor } from '../../signaling/src/domain/Actor.ts';
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
const context = (actor: Actor, key?: string) => pool.district.context(actor, key);
/** How many transactions of this database wait for somebody else's lock. */
async function lockWaits({ db }: PoolDistrict): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`.execute(
    db,
  );
  return rows[0]?.count ?? 0;
}
const coordinator = (): Actor => ({ ...first.actor, role: 'coordinator', practitionerRoleId: null });

async function handed(
  visit: { encounterId: string },
  to: TestSpecialist | null,
  by: Actor = first.actor,
  reason: HandOverReason = 'workload',
  seen = pool.entry(visit),
) {
  const { id, version } = await seen;
  return handOver(services(), context(by), {
    queueEntryId: QueueEntryId.parse(id),
    version,
    practitionerRoleId: to === null ? null : to.practitionerRoleId,
    reason,
  });
}
const orderOf = async (specialist: TestSpecialist): Promise<string[]> =>
  (await mine(services(), context(specialist.actor))).entries.map((entry) => entry.encounterId);
async function unanswered(visit: { encounterId: string }): Promise<void> {
  const { id, lease_token } = await pool.entry(visit);
  await pool.district.asSystem((unit) => returnUnanswered(unit, id, lease_token ?? '', 'no-answer'));
}

describe('handing over', () => {
  test('to a colleague keeps the due time: whoever waited longer there stands before, whoever came later behind', async () => {
    const visit = await pool.flow(first).walkIn();
    const [longer, shorter] = [await pool.flow(second).walkIn(), await pool.flow(second).walkIn()];
    await pool.shift(visit, -30);
    await pool.shift(longer, -60);
    await pool.shift(shorter, -10);
    await handed(visit, second);
    expect(await orderOf(second)).toEqual([longer.encounterId, visit.encounterId, shorter.encounterId]);
    expect(await orderOf(first)).toEqual([]);
    const [, seen] = await computePlaces(pool.db, (await pool.entry(visit)).queue_id);
    expect(seen).toMatchObject({ orderReason: 'handed-over', position: 2 });
    expect((await pool.encounter(visit)).practitioner_role_id).toBe(second.practitionerRoleId);
  });

  test('tells the resident once, and stores who, from where to where and why', async () => {
    const visit = await pool.flow(first).walkIn();
    const { id, queue_id: from, patient_id } = await pool.entry(visit);
    await pool.db.updateTable('patient').set({ phone: '13800000001' }).where('id', '=', patient_id).execute();
    await handed(visit, second, first.actor, 'clinical');
    const to = (await pool.entry(visit)).queue_id;
    const transfers = await pool.db.selectFrom('queue_transfer').selectAll().execute();
    expect(transfers).toMatchObject([
      { queue_entry_id: id, from_queue_id: from, to_queue_id: to, reason: 'clinical', by_role: 'specialist' },
    ]);
    const told = await pool.db.selectFrom('communication').select(['kind', 'phone']).execute();
    expect(told).toEqual([{ kind: 'handed-over', phone: '13800000001' }]);
    const audited = await pool.db
      .selectFrom('audit_event')
      .select(['action', 'reason'])
      .where('entity_id', '=', visit.encounterId)
      .where('action', '=', 'queue:hand-over')
      .execute();
    expect(audited).toEqual([{ action: 'queue:hand-over', reason: 'clinical' }]);
    const events = await pool.db.selectFrom('outbox').select(['name', 'topics']).execute();
    expect(
      events.some(
        (one) => one.name === 'worklist:changed' && one.topics.includes(`location:${pool.clinic.locationId}`),
      ),
    ).toBe(true);
  });

  test('into the pool takes the specialist away, and a colleague calls them', async () => {
    const visit = await pool.flow(first).walkIn();
    await pool.seat(visit);
    await handed(visit, null);
    expect((await pool.encounter(visit)).practitioner_role_id).toBeNull();
    expect((await callNext(services(), context(second.actor))).encounterId).toBe(visit.encounterId);
  });

  test('is refused for what isn’t one’s own, with a trace; for another department; with an old version; during a call', async () => {
    const visit = await pool.flow(first).walkIn();
    await pool.seat(visit);
    expect((await failure(handed(visit, first, second.actor))).code).toBe('NOT_FOUND');
    const elsewhere: Actor = { ...coordinator(), organizationId: null };
    expect((await failure(handed(visit, second, elsewhere))).code).toBe('NOT_FOUND');
    const denied = await pool.db.selectFrom('audit_event').select('action').where('outcome', '=', 'denied').execute();
    expect(denied).toEqual([{ action: 'queue:hand-over' }, { action: 'queue:hand-over' }]);
    await pool.db
      .insertInto('department')
      .values({ code: 'skin', name_zh: '皮肤科', name_en: 'Skin', symptoms: '[]' })
      .execute();
    const stranger = await pool.district.specialist();
    await pool.db
      .updateTable('practitioner_role')
      .set({ department_code: 'skin' })
      .where('id', '=', stranger.practitionerRoleId)
      .execute();
    expect((await failure(handed(visit, stranger))).code).toBe('BAD_REQUEST');
    const { id, version } = await pool.entry(visit);
    const old = {
      queueEntryId: QueueEntryId.parse(id),
      version: version + 1,
      practitionerRoleId: null,
      reason: 'other' as const,
    };
    expect((await failure(handOver(services(), context(first.actor), old))).code).toBe('VERSION_CONFLICT');
    await callNext(services(), context(first.actor));
    expect((await failure(handed(visit, second))).code).toBe('INVALID_TRANSITION');
  });

  test('from two sides at once moves them once', async () => {
    const visit = await pool.flow(first).walkIn();
    // All have the same list before them: whoever looked after the first was through would be right to hand over again.
    const seen = pool.entry(visit);
    const outcomes = await Promise.allSettled([
      handed(visit, second, first.actor, 'workload', seen),
      handed(visit, null, coordinator(), 'workload', seen),
      handed(visit, second, coordinator(), 'workload', seen),
    ]);
    expect(outcomes.filter((one) => one.status === 'fulfilled').length).toBe(1);
    expect((await pool.db.selectFrom('queue_transfer').select('id').execute()).length).toBe(1);
  });

  test('a coordinator hands over on the board, which names tickets and nobody', async () => {
    const visit = await pool.flow(first).walkIn();
    await handed(visit, second, coordinator());
    const seen = await board(services(), context(coordinator()));
    const queue = seen.queues.find((one) => one.practitionerRoleId === second.practitionerRoleId);
    expect(queue?.entries).toMatchObject([{ ticketNumber: visit.ticketNumber, state: 'waiting' }]);
    expect(JSON.stringify(seen)).not.toContain('赵大爷');
  });

  test('substitutes are those of the department, whoever is there first', async () => {
    const third = await pool.member();
    await setAvailability(services(), context(second.actor), { state: 'off' });
    const offered = await substitutes(services(), context(first.actor), {});
    expect(offered.pool).toBe(true);
    expect(offered.substitutes.map((one) => [one.practitionerRoleId, one.availability])).toEqual([
      [third.practitionerRoleId, 'available'],
      [second.practitionerRoleId, 'off'],
    ]);
  });
});

describe('who did not answer', () => {
  test('can be rung again at once, although “ready” is gone', async () => {
    const visit = await pool.flow(first).walkIn();
    await pool.seat(visit);
    await callNext(services(), context(first.actor));
    await unanswered(visit);
    expect((await failure(callNext(services(), context(first.actor)))).code).toBe('QUEUE_EMPTY');
    const queueEntryId = QueueEntryId.parse((await pool.entry(visit)).id);
    const other = await failure(callEntry(services(), context(first.actor), { queueEntryId, reason: 'other' }));
    expect(other.code).toBe('NOT_READY');
    const again = await callEntry(services(), context(first.actor), { queueEntryId, reason: 'recall' });
    expect(again.encounterId).toBe(visit.encounterId);
    expect((await pool.entry(visit)).call_count).toBe(2);
  });

  test('nobody who was never called can be “rung again” before they are ready', async () => {
    const visit = await pool.flow(first).walkIn();
    await pool.flow(first).consent(visit.encounterId);
    const queueEntryId = QueueEntryId.parse((await pool.entry(visit)).id);
    const refused = await failure(callEntry(services(), context(first.actor), { queueEntryId, reason: 'recall' }));
    expect(refused.code).toBe('NOT_READY');
  });

  test('is a no-show only after a call: the visit ends, the appointment says so', async () => {
    const resident = await pool.district.resident();
    const flow = pool.flow(first);
    const visit = await flow.checkIn(await flow.bookToday(resident, 20));
    await pool.seat(visit);
    const asked = async () => {
      const { id, version } = await pool.entry(visit);
      return noShow(services(), context(first.actor), { queueEntryId: QueueEntryId.parse(id), version });
    };
    expect((await failure(asked())).code).toBe('INVALID_TRANSITION');
    await callNext(services(), context(first.actor));
    await unanswered(visit);
    await asked();
    expect(await pool.entry(visit)).toMatchObject({ state: 'left', last_reason: 'no-show' });
    expect((await pool.encounter(visit)).status).toBe('cancelled');
    const { status } = await pool.db.selectFrom('appointment').select('status').executeTakeFirstOrThrow();
    expect(status).toBe('noshow');
  });
});

describe('a break', () => {
  test('of chosen minutes ends by itself, and only that break', async () => {
    const view = await setAvailability(services(), context(first.actor), { state: 'break', minutes: 10 });
    expect(Date.parse(view.breakUntil ?? '') - Date.parse(view.now)).toBe(600_000);
    const job = await pool.db
      .selectFrom('job')
      .selectAll()
      .where('kind', '=', 'availability.break-end')
      .executeTakeFirstOrThrow();
    expect(job).toMatchObject({ subject_id: first.practitionerRoleId, token: view.breakUntil, state: 'pending' });
    const end = (token: string) => pool.district.asSystem((unit) => endBreak(unit, first.practitionerRoleId, token));
    // Not over yet; and somebody else's time.
    expect(await end(view.breakUntil ?? '')).toBe(false);
    expect(await end(new Date().toISOString())).toBe(false);
    const past = new Date(Date.now() - 1000);
    await pool.db
      .updateTable('availability')
      .set({ break_until: past })
      .where('practitioner_role_id', '=', first.practitionerRoleId)
      .execute();
    expect(await end(past.toISOString())).toBe(true);
    expect((await mine(services(), context(first.actor))).availability).toBe('available');
    expect(await end(past.toISOString())).toBe(false);
  });

  test('ended early takes its job back', async () => {
    await setAvailability(services(), context(first.actor), { state: 'break', minutes: 10 });
    await setAvailability(services(), context(first.actor), { state: 'available' });
    const job = await pool.db
      .selectFrom('job')
      .select('state')
      .where('kind', '=', 'availability.break-end')
      .executeTakeFirstOrThrow();
    expect(job.state).toBe('cancelled');
  });
});

test('the last one who calls from the pool can’t leave it while people wait there', async () => {
  const leave = (who: TestSpecialist) => setPool(services(), context(who.actor), { takesPool: false });
  await pool.waiting(5, { ready: false });
  expect((await leave(second)).takesPool).toBe(false);
  expect((await failure(leave(first))).code).toBe('INVALID_TRANSITION');
});

test('nobody comes into a pool whose last specialist is leaving it at that moment', async () => {
  await setPool(services(), context(second.actor), { takesPool: false });
  await pool.waiting(5);
  await callNext(services(), context(first.actor));
  const visit = await pool.flow(first).walkIn();
  const { id: queueEntryId, version } = await pool.entry(visit);
  let registering: Promise<AppError> | undefined;
  let handing: Promise<AppError> | undefined;
  await pool.district.asSystem(async (unit) => {
    await lockPoolOf(unit, 'cardiology');
    registering = failure(pool.waiting(0));
    handing = failure(
      handOver(services(), context(first.actor), {
        queueEntryId: QueueEntryId.parse(queueEntryId),
        practitionerRoleId: null,
        reason: 'other',
        version,
      }),
    );
    // Both saw a pool with somebody in it and wait for its row.
    await expect.poll(() => lockWaits(pool), { timeout: 10_000 }).toBe(2);
    await unit.tx
      .updateTable('availability')
      .set({ takes_pool: false })
      .where('practitioner_role_id', '=', first.practitionerRoleId)
      .execute();
  });
  expect((await registering)?.code).toBe('BAD_REQUEST');
  expect((await handing)?.code).toBe('BAD_REQUEST');
  expect((await pool.entry(visit)).pool_id).toBeNull();
});
