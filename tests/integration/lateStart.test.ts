import { QueueEntryId } from '@cloud-hospital/protocol';
import type { Encounter } from '@cloud-hospital/protocol/rest';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { alertLateStart, tellLateStart } from '../../signaling/src/operations/queue/lateStart.ts';
import { computePlaces } from '../../signaling/src/operations/queue/places.ts';
import { setAvailability } from '../../signaling/src/operations/queue/setAvailability.ts';
import { takeSubstitute } from '../../signaling/src/operations/queue/takeSubstitute.ts';
import type { TestResident, TestSpecialist } from '../support/careDistrict.ts';
import { failure } from '../support/careFlow.ts';
import { PoolDistrict } from '../support/pool.ts';

let pool: PoolDistrict;
let absent: TestSpecialist;
let colleague: TestSpecialist;
let resident: TestResident;
let appointmentId: string;

beforeEach(async () => {
  pool = await PoolDistrict.create();
  absent = pool.lead;
  colleague = await pool.member();
  resident = await pool.district.resident();
  await setAvailability(services(), context(absent), { state: 'off' });
  ({ appointmentId } = await pool.flow(absent).book(resident, 30));
});
afterEach(() => pool.district.close());

const services = () => pool.district.services;
const context = (specialist: TestSpecialist) => pool.district.context(specialist.actor);
const alert = () => pool.district.asSystem((unit) => alertLateStart(unit, services().config, appointmentId));
const lateStarts = () => pool.db.selectFrom('late_start').selectAll().execute();
const tell = async () => {
  const [late] = await lateStarts();
  return pool.district.asSystem((unit) => tellLateStart(unit, late?.id ?? ''));
};
const jobs = (kind: 'session.late-alert' | 'session.late-tell') =>
  pool.db.selectFrom('job').selectAll().where('kind', '=', kind).execute();
/** The start was so many minutes ago. */
async function startedAgo(minutes: number): Promise<void> {
  const start = new Date(Date.now() - minutes * 60_000).toISOString();
  const end = new Date(Date.now() - minutes * 60_000 + 900_000).toISOString();
  await pool.db
    .updateTable('appointment')
    .set({ period: `[${start},${end})` })
    .where('id', '=', appointmentId)
    .execute();
}
async function arrived(): Promise<Encounter> {
  const visit = await pool.flow(absent).walkIn();
  await pool.shift(visit, -30, -12);
  return visit;
}

test('a booking brings its own look at whether the specialist is there, five minutes after the start', async () => {
  const [job] = await jobs('session.late-alert');
  const { period } = await pool.db.selectFrom('appointment').select('period').executeTakeFirstOrThrow();
  expect(job?.subject_id).toBe(appointmentId);
  expect((job?.due_at.getTime() ?? 0) - Date.parse(job?.token ?? '')).toBe(300_000);
  expect(period).toContain((job?.token ?? '').slice(0, 10));
});

test('nobody is alerted while the specialist is there, before the time, or when nobody is expected', async () => {
  expect(await alert()).toBe(false);
  await startedAgo(6);
  await setAvailability(services(), context(absent), { state: 'available' });
  expect(await alert()).toBe(false);
  await setAvailability(services(), context(absent), { state: 'off' });
  await pool.db.updateTable('appointment').set({ status: 'cancelled' }).where('id', '=', appointmentId).execute();
  expect(await alert()).toBe(false);
  expect(await lateStarts()).toEqual([]);
});

test('at five minutes the coordinator is alerted once, at ten everybody is told once', async () => {
  await startedAgo(6);
  expect(await alert()).toBe(true);
  expect(await alert()).toBe(false);
  expect((await lateStarts()).length).toBe(1);
  const [job] = await jobs('session.late-tell');
  expect((job?.due_at.getTime() ?? 0) - ((await lateStarts())[0]?.session_start.getTime() ?? 0)).toBe(600_000);
  expect(await tell()).toBe(true);
  expect(await tell()).toBe(false);
  const told = await pool.db.selectFrom('communication').select('kind').where('kind', '=', 'specialist-late').execute();
  expect(told.length).toBe(1);
});

test('a specialist who comes in between ends it: nobody is told', async () => {
  await startedAgo(6);
  await alert();
  await setAvailability(services(), context(absent), { state: 'available' });
  expect((await lateStarts())[0]?.resolved_at).not.toBeNull();
  expect((await jobs('session.late-tell'))[0]?.state).toBe('cancelled');
  expect(await tell()).toBe(false);
});

test('who waits sees it on the page and goes over to whoever is there, keeping the due time', async () => {
  const visit = await arrived();
  await startedAgo(12);
  await alert();
  const entry = await pool.entry(visit);
  const input = { queueEntryId: QueueEntryId.parse(entry.id) };
  const staff = pool.district.context(pool.clinic.nurse);
  expect((await computePlaces(pool.db, entry.queue_id))[0]?.lateStart).toBeNull();
  expect((await failure(takeSubstitute(services(), staff, input))).code).toBe('INVALID_TRANSITION');
  await tell();
  expect((await computePlaces(pool.db, entry.queue_id))[0]?.lateStart).toMatchObject({
    substitute: colleague.actor.name,
  });
  const other = await pool.district.clinic();
  expect((await failure(takeSubstitute(services(), pool.district.context(other.nurse), input))).code).toBe('NOT_FOUND');
  const stranger = await pool.district.resident();
  expect((await failure(takeSubstitute(services(), pool.district.context(stranger.actor), input))).code).toBe(
    'NOT_FOUND',
  );
  const place = await takeSubstitute(services(), staff, input);
  expect(place).toMatchObject({ position: 1, orderReason: 'handed-over', lateStart: null });
  expect((await pool.encounter(visit)).practitioner_role_id).toBe(colleague.practitionerRoleId);
  expect((await pool.entry(visit)).scheduled_start).toEqual(entry.scheduled_start);
});

test('without anybody there the way to a substitute is closed', async () => {
  const visit = await arrived();
  await setAvailability(services(), context(colleague), { state: 'off' });
  await startedAgo(12);
  await alert();
  await tell();
  const input = { queueEntryId: QueueEntryId.parse((await pool.entry(visit)).id) };
  const refused = await failure(takeSubstitute(services(), pool.district.context(pool.clinic.nurse), input));
  expect(refused.code).toBe('NOT_READY');
});
