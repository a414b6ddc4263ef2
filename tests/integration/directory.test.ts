import {
  ClinicRef,
  Department,
  FreeDay,
  HospitalRef,
  SearchHits,
  SlotDay,
  Specialist,
} from '@cloud-hospital/protocol/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { withClient } from '../../infra/src/postgres/databaseRoles.ts';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { signInResident, signInStaff, WebClient } from '../support/WebClient.ts';

const Specialists = z.object({ specialists: z.array(Specialist) });
const Slots = z.object({ specialist: Specialist, days: z.array(SlotDay) });

let stack: Stack;
let resident: WebClient;
beforeAll(async () => {
  stack = await startStack({ sfuNodes: 0, env: { LOGIN_CODE_RESEND_SECONDS: '0.001' } });
  resident = await signInResident(stack.url, DEMO_ACCOUNTS.resident.phone);
});
afterAll(() => stack.stop());

const search = async (client: WebClient, query: string): Promise<Specialist[]> =>
  (await client.get(`/specialists?${query}`)).read(Specialists).specialists;
const query = (text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
  withClient(stack.database.ownerUrl, async (client) => (await client.query(text, values)).rows);

test('departments, hospitals and clinics are there for anybody', async () => {
  const stranger = new WebClient(stack.url, 'resident');
  const { departments } = (await stranger.get('/departments')).read(z.object({ departments: z.array(Department) }));
  expect(departments).toHaveLength(15);
  const { hospitals } = (await stranger.get('/hospitals')).read(z.object({ hospitals: z.array(HospitalRef) }));
  expect(hospitals).toHaveLength(5);
  const { clinics } = (await stranger.get('/clinics')).read(z.object({ clinics: z.array(ClinicRef) }));
  expect(clinics).toHaveLength(93);
  expect((await stranger.get('/specialists')).code).toBe('UNAUTHENTICATED');
});

test('specialists are found by department, hospital, name and the words people use, soonest first', async () => {
  const all = await search(resident, '');
  expect(all).toHaveLength(60);
  const starts = all.map(({ nextFree }) => nextFree ?? '9');
  expect(starts).toEqual([...starts].sort());
  const cardiologists = await search(resident, 'departmentCode=cardiology');
  expect(cardiologists).toHaveLength(4);
  const [first] = cardiologists;
  if (first === undefined) throw new Error('no cardiologist');
  const sameHospital = await search(resident, `organizationId=${first.hospital.organizationId}`);
  expect(new Set(sameHospital.map(({ hospital }) => hospital.organizationId)).size).toBe(1);
  const q = (text: string): Promise<Specialist[]> => search(resident, new URLSearchParams({ q: text }).toString());
  expect((await q(first.name)).map(({ practitionerRoleId }) => practitionerRoleId)).toContain(first.practitionerRoleId);
  expect((await q(first.nameEn.toLowerCase())).length).toBeGreaterThan(0);
  expect(new Set((await q('最近总是心慌')).map(({ departmentCode }) => departmentCode))).toEqual(
    new Set(['cardiology']),
  );
  expect((await q('dizziness')).map(({ departmentCode }) => departmentCode)).toContain('neurology');
  expect(await q('100%_\\')).toEqual([]);
});

test('beside each specialist stands whether they are there and how many wait', async () => {
  const everybody = await search(resident, '');
  const waiting = await query(
    `SELECT practitioner_role_id AS id, count(*)::int AS people FROM queue_entry JOIN queue ON queue.id = queue_id
     WHERE queue_entry.state = 'waiting' AND practitioner_role_id IS NOT NULL GROUP BY 1`,
  );
  // The demo district has people who wait.
  expect(waiting.length).toBeGreaterThan(0);
  expect(
    everybody.filter((one) => one.waiting > 0).map((one) => ({ id: one.practitionerRoleId, people: one.waiting })),
  ).toEqual(expect.arrayContaining(waiting));
  const specialist = everybody.find(({ availability }) => availability === 'off');
  if (specialist === undefined) throw new Error('everybody is there');
  await query(`UPDATE availability SET state = 'available' WHERE practitioner_role_id = $1`, [
    specialist.practitionerRoleId,
  ]);
  const again = (await search(resident, '')).find(
    ({ practitionerRoleId }) => practitionerRoleId === specialist.practitionerRoleId,
  );
  expect(again).toMatchObject({ availability: 'available', waiting: specialist.waiting });
});

test('a held slot is taken until the hold ran out by the clock of the database', async () => {
  const [specialist] = await search(resident, 'departmentCode=neurology');
  if (specialist === undefined) throw new Error('no neurologist');
  const path = `/specialists/${specialist.practitionerRoleId}/slots`;
  const before = (await resident.get(path)).read(Slots);
  const slot = before.days.flatMap(({ slots }) => slots).find(({ free }) => free);
  if (slot === undefined) throw new Error('no slot');
  expect(slot.start).toBe(specialist.nextFree);
  const { patients } = (await resident.get('/patients')).read(
    z.object({ patients: z.array(z.object({ patientId: z.string() })) }),
  );
  const held = await resident.post('/appointments', { slotId: slot.slotId, patientId: patients[0]?.patientId });
  expect(held.status).toBe(200);
  const isFree = async (): Promise<boolean | undefined> =>
    (await resident.get(path))
      .read(Slots)
      .days.flatMap(({ slots }) => slots)
      .find(({ slotId }) => slotId === slot.slotId)?.free;
  expect(await isFree()).toBe(false);
  const [during] = await search(resident, `departmentCode=neurology&q=${encodeURIComponent(specialist.name)}`);
  expect(during?.nextFree).not.toBe(slot.start);
  // Nobody releases it: it is simply too old.
  await query(`UPDATE appointment SET hold_expires_at = now() - interval '1 second' WHERE slot_id = $1`, [slot.slotId]);
  expect(await isFree()).toBe(true);
});

test('slots cover a fortnight of whole days in Asia/Shanghai and nothing that has begun', async () => {
  const [specialist] = await search(resident, 'departmentCode=dermatology');
  const { days } = (await resident.get(`/specialists/${specialist?.practitionerRoleId}/slots`)).read(Slots);
  expect(days).toHaveLength(14);
  const now = new Date();
  expect(days[0]?.date).toBe(new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 10));
  for (const { date, slots } of days) {
    for (const { start } of slots) {
      expect(new Date(Date.parse(start) + 8 * 3_600_000).toISOString().slice(0, 10)).toBe(date);
      expect(Date.parse(start)).toBeGreaterThan(now.getTime() - 60_000);
    }
  }
  const day = days[3]?.date;
  const one = (await resident.get(`/specialists/${specialist?.practitionerRoleId}/slots?from=${day}&to=${day}`)).read(
    Slots,
  );
  expect(one.days.map(({ date }) => date)).toEqual([day]);
  expect(one.days[0]?.slots).toHaveLength(96);
});

test('a specialist sees own slots only, a coordinator the own hospital; others answer like none', async () => {
  const specialist = await signInStaff(stack.url, 'console', DEMO_ACCOUNTS.specialist.username, DEMO_PASSWORD);
  const own = await search(specialist, '');
  expect(own).toHaveLength(1);
  const foreign = (await search(resident, 'departmentCode=urology'))[0]?.practitionerRoleId;
  const nobody = '00000000-0000-4000-8000-000000000000';
  const [hidden, missing] = [
    await specialist.get(`/specialists/${foreign}/slots`),
    await specialist.get(`/specialists/${nobody}/slots`),
  ];
  expect(hidden.status).toBe(404);
  expect(hidden.text).toBe(missing.text);
  const denials = await query(
    `SELECT actor_role, reason FROM audit_event WHERE outcome = 'denied' AND entity_id = $1`,
    [foreign],
  );
  expect(denials).toEqual([{ actor_role: 'specialist', reason: 'relation' }]);
  const coordinator = await signInStaff(stack.url, 'console', DEMO_ACCOUNTS.coordinator.username, DEMO_PASSWORD);
  const hospital = await search(coordinator, '');
  expect(new Set(hospital.map((one) => one.hospital.organizationId)).size).toBe(1);
  const elsewhere = (await search(resident, '')).find(
    (one) => one.hospital.organizationId !== hospital[0]?.hospital.organizationId,
  );
  expect(await search(coordinator, `organizationId=${elsewhere?.hospital.organizationId}`)).toEqual([]);
  expect((await coordinator.get(`/specialists/${elsewhere?.practitionerRoleId}/slots`)).text).toBe(missing.text);
});

test('whose role was withdrawn is found no more', async () => {
  const [specialist] = await search(resident, 'departmentCode=geriatrics');
  await query('UPDATE practitioner_role SET active = false WHERE id = $1', [specialist?.practitionerRoleId]);
  expect((await search(resident, 'departmentCode=geriatrics')).length).toBe(3);
  expect((await resident.get(`/specialists/${specialist?.practitionerRoleId}/slots`)).status).toBe(404);
});

test('whatever is typed is understood: a complaint, a name, its initials, a hospital, a clinic', async () => {
  const find = async (q: string): Promise<SearchHits> =>
    (await resident.get(`/search?${new URLSearchParams({ q }).toString()}`)).read(SearchHits);
  const { departments } = await find('我妈最近老是胸口闷，腿肿');
  expect(departments[0]?.code).toBe('cardiology');
  expect(departments[0]?.words).toContain('胸口闷');
  expect(departments[0]?.earliest?.nextFreeSlot).not.toBeNull();
  const [specialist] = await search(resident, 'departmentCode=urology');
  if (specialist === undefined) throw new Error('no urologist');
  const idsFor = async (q: string): Promise<string[]> =>
    (await find(q)).specialists.map(({ practitionerRoleId }) => practitionerRoleId);
  expect(await idsFor(specialist.name)).toContain(specialist.practitionerRoleId);
  expect(await idsFor(specialist.nameEn.toLowerCase())).toContain(specialist.practitionerRoleId);
  const [family = '', given = ''] = specialist.nameEn.split(' ');
  expect(await idsFor(`${family[0]}${given[0]}`.toLowerCase())).toContain(specialist.practitionerRoleId);
  const hospital = await find(specialist.hospital.name.zh);
  expect(hospital.hospitals.map(({ organizationId }) => organizationId)).toEqual([specialist.hospital.organizationId]);
  const { clinics } = (await resident.get('/clinics')).read(z.object({ clinics: z.array(ClinicRef) }));
  expect((await find(clinics[7]?.name.zh ?? '')).clinics.map(({ locationId }) => locationId)).toContain(
    clinics[7]?.locationId,
  );
  expect(await find('100%_')).toEqual({ departments: [], specialists: [], hospitals: [], clinics: [] });
  expect((await new WebClient(stack.url, 'resident').get('/search?q=x')).code).toBe('UNAUTHENTICATED');
});

test('a day narrows who is free, and the fortnight’s calendar counts the same', async () => {
  const { days } = (await resident.get('/departments/cardiology/calendar')).read(z.object({ days: z.array(FreeDay) }));
  expect(days).toHaveLength(14);
  const day = days[3];
  if (day === undefined) throw new Error('no fourth day');
  const onDay = await search(resident, `departmentCode=cardiology&date=${day.date}`);
  expect(onDay.reduce((sum, { freeSlots }) => sum + freeSlots, 0)).toBe(day.free);
  for (const { nextFree } of onDay) {
    if (nextFree === null) continue;
    expect(new Date(Date.parse(nextFree) + 8 * 3_600_000).toISOString().slice(0, 10)).toBe(day.date);
  }
});
