import { afterAll, beforeAll, expect, test } from 'vitest';
import { explainTaken, moveToSlot } from '../../signaling/src/operations/booking/moveToSlot.ts';
import { CareDistrict, type TestClinic, type TestSpecialist } from '../support/careDistrict.ts';
import { CareFlow, failure } from '../support/careFlow.ts';

let district: CareDistrict;
let clinic: TestClinic;
let specialist: TestSpecialist;
let flow: CareFlow;

beforeAll(async () => {
  district = await CareDistrict.create();
  [clinic, specialist] = await Promise.all([district.clinic(), district.specialist()]);
  flow = new CareFlow(district, clinic, specialist);
});
afterAll(() => district.close());

const db = () => district.services.db;
const rowOf = (id: string) => db().selectFrom('appointment').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const slotStatus = async (id: string | null) =>
  (
    await db()
      .selectFrom('slot')
      .select('status')
      .where('id', '=', id ?? '')
      .executeTakeFirstOrThrow()
  ).status;

const move = (appointmentId: string, slotId: string, version?: number) =>
  district
    .asSystem((unit) =>
      moveToSlot(district.services, unit, {
        appointmentId,
        slotId,
        version,
        cancelledBy: 'patient',
        reason: 'rescheduled',
      }),
    )
    .catch(async (error: unknown) => {
      throw await explainTaken(district.services, slotId, error);
    });

test('a moved booking is a new appointment with a ticket and jobs of its own, and its old time is free', async () => {
  const resident = await district.resident();
  const old = await flow.book(resident, 2_000);
  const target = await district.slot(specialist, 2_060);
  const { appointmentId } = await move(old.appointmentId, target, old.version);
  const [before, after] = [await rowOf(old.appointmentId), await rowOf(appointmentId)];
  expect(before).toMatchObject({ status: 'cancelled', cancellation_reason: 'rescheduled', cancelled_by: 'patient' });
  expect(after).toMatchObject({
    status: 'booked',
    slot_id: target,
    patient_id: resident.patientId,
    location_id: clinic.locationId,
    complaint: old.complaint,
    booked_by_account: resident.actor.userId,
    booked_by_role: 'resident',
    previous_appointment_id: old.appointmentId,
  });
  expect(after.ticket_number).not.toBeNull();
  expect(await slotStatus(before.slot_id)).toBe('free');
  expect(await slotStatus(target)).toBe('busy');
  const jobs = await db()
    .selectFrom('job')
    .select(['subject_id', 'kind', 'state'])
    .where('subject_id', 'in', [old.appointmentId, appointmentId])
    .where('state', '=', 'pending')
    .where('kind', 'like', 'appointment.%')
    .execute();
  expect(new Set(jobs.map((job) => job.subject_id))).toEqual(new Set([appointmentId]));
});

test('to a time that overlaps the old one it moves, too', async () => {
  const resident = await district.resident();
  const colleague = await district.specialist();
  const old = await flow.book(resident, 2_200);
  const { appointmentId } = await move(old.appointmentId, await district.slot(colleague, 2_205));
  expect((await rowOf(appointmentId)).practitioner_role_id).toBe(colleague.practitionerRoleId);
});

test('of ten who move to one slot at once one gets it; the others keep theirs and hear what is near', async () => {
  const bookings = await Promise.all(
    Array.from({ length: 10 }, async (_, index) => flow.book(await district.resident(), 3_000 + index * 20)),
  );
  const target = await district.slot(specialist, 3_400);
  const nearest = await district.slot(specialist, 3_420);
  const results = await Promise.allSettled(bookings.map((old) => move(old.appointmentId, target)));
  expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  for (const [index, result] of results.entries()) {
    const { status } = await rowOf(bookings[index]?.appointmentId ?? '');
    expect(status).toBe(result.status === 'fulfilled' ? 'cancelled' : 'booked');
    if (result.status === 'fulfilled') continue;
    expect(result.reason.code).toBe('SLOT_TAKEN');
    expect(result.reason.details.alternatives.map((one: { slotId: string }) => one.slotId)).toContain(nearest);
  }
});

test('after check-in the visit is withdrawn with the old time', async () => {
  const old = await flow.book(await district.resident(), 30);
  const encounter = await flow.checkIn(old);
  await move(old.appointmentId, await district.slot(specialist, 2_400));
  const visit = await db()
    .selectFrom('encounter')
    .select('status')
    .where('id', '=', encounter.encounterId)
    .executeTakeFirstOrThrow();
  expect(visit.status).toBe('cancelled');
});

test('a time that was taken out of the schedule stays out when its booking moves away', async () => {
  const old = await flow.book(await district.resident(), 2_500);
  const { slot_id: slotId } = await rowOf(old.appointmentId);
  await db()
    .updateTable('slot')
    .set({ status: 'busy-unavailable' })
    .where('id', '=', slotId ?? '')
    .execute();
  await move(old.appointmentId, await district.slot(specialist, 2_520));
  expect(await slotStatus(slotId)).toBe('busy-unavailable');
});

test('an older version, a cancelled booking and a slot out of the schedule are refused, and nothing changes', async () => {
  const old = await flow.book(await district.resident(), 2_600);
  const target = await district.slot(specialist, 2_620);
  expect((await failure(move(old.appointmentId, target, old.version + 1))).code).toBe('VERSION_CONFLICT');
  await db().updateTable('slot').set({ status: 'busy-unavailable' }).where('id', '=', target).execute();
  expect((await failure(move(old.appointmentId, target))).code).toBe('SLOT_TAKEN');
  expect((await rowOf(old.appointmentId)).status).toBe('booked');
});
