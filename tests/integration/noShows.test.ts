import { randomUUID } from 'node:crypto';
import type { PatientId } from '@cloud-hospital/protocol';
import { AppointmentId } from '@cloud-hospital/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cancel } from '../../signaling/src/operations/booking/cancel.ts';
import { hold } from '../../signaling/src/operations/booking/hold.ts';
import { markNoShow } from '../../signaling/src/operations/booking/markNoShow.ts';
import { listPatients } from '../../signaling/src/operations/booking/read.ts';
import { excuseNoShow } from '../../signaling/src/operations/clinic/excuseNoShow.ts';
import { findPatient } from '../../signaling/src/operations/clinic/findPatient.ts';
import { listNoShows } from '../../signaling/src/operations/clinic/listNoShows.ts';
import { registerPatient } from '../../signaling/src/operations/clinic/registerPatient.ts';
import {
  CareDistrict,
  randomIdentityNumber,
  type TestClinic,
  type TestResident,
  type TestSpecialist,
} from '../support/careDistrict.ts';
import { failure } from '../support/careFlow.ts';
import { randomPhone } from '../support/familyFlow.ts';

let district: CareDistrict;
let clinic: TestClinic;
let otherClinic: TestClinic;
let specialist: TestSpecialist;
const DAY_MINUTES = 24 * 60;

beforeAll(async () => {
  district = await CareDistrict.create();
  [clinic, otherClinic, specialist] = await Promise.all([district.clinic(), district.clinic(), district.specialist()]);
});
afterAll(() => district.close());

const db = () => district.services.db;
let minutes = 60;
const bookOnline = async (resident: TestResident, patientId: PatientId = resident.patientId) => {
  minutes += 20;
  const slotId = await district.slot(specialist, minutes);
  return hold(district.services, district.context(resident.actor), { slotId, patientId });
};

/** A booked appointment that began so long ago and to which nobody came. */
async function missed(resident: TestResident, daysAgo: number, where: TestClinic = clinic): Promise<AppointmentId> {
  const who = await district.specialist();
  const slotId = await district.slot(who, -daysAgo * DAY_MINUTES);
  const { period } = await db().selectFrom('slot').select('period').where('id', '=', slotId).executeTakeFirstOrThrow();
  const { id } = await db()
    .insertInto('appointment')
    .values({
      slot_id: slotId,
      patient_id: resident.patientId,
      practitioner_id: who.practitionerId,
      practitioner_role_id: who.practitionerRoleId,
      location_id: where.locationId,
      period,
      status: 'booked',
      complaint: '头晕',
      ticket_number: 'A001',
      booked_by_account: resident.actor.userId,
      booked_by_role: 'resident',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db()
    .updateTable('device')
    .set({ last_seen_at: new Date() })
    .where('location_id', '=', where.locationId)
    .execute();
  await district.asSystem((unit) => markNoShow(unit, id));
  return AppointmentId.parse(id);
}
const standing = async (resident: TestResident) =>
  (await listPatients(district.services, district.context(resident.actor))).patients[0]?.noShows;
const partyOf = async (id: string) =>
  (await db().selectFrom('appointment').select('noshow_party').where('id', '=', id).executeTakeFirstOrThrow())
    .noshow_party;

test('two are told of, three within a year leave the desk only, which always may book', async () => {
  const resident = await district.resident();
  await missed(resident, 100);
  await missed(resident, 50);
  expect(await standing(resident)).toEqual({ count: 2, limit: 3, mayBookOnline: true, onlineAgainOn: null });
  const held = await bookOnline(resident);
  await cancel(district.services, district.context(resident.actor), { ...held, reason: 'hold-released' });
  await missed(resident, 10);
  const now = await standing(resident);
  expect(now).toMatchObject({ count: 3, mayBookOnline: false });
  // A year after the oldest of them.
  const days = (Date.parse(now?.onlineAgainOn ?? '') - Date.now()) / (DAY_MINUTES * 60_000);
  expect(days).toBeGreaterThan(260);
  expect(days).toBeLessThan(270);
  const refused = await failure(bookOnline(resident));
  expect([refused.code, refused.details]).toEqual([
    'LIMIT_REACHED',
    { limit: 'no-shows', max: 3, count: 3, onlineAgainOn: now?.onlineAgainOn },
  ]);
  await findPatient(district.services, district.context(clinic.nurse), resident);
  const slotId = await district.slot(specialist, 30);
  const atDesk = await hold(district.services, district.context(clinic.nurse), {
    slotId,
    patientId: resident.patientId,
  });
  expect(atDesk).toMatchObject({ bookedByProxy: true, bookedBy: { name: '刘护士', role: 'nurse' } });
});

test('what is older than a year counts no more', async () => {
  const resident = await district.resident();
  for (const daysAgo of [370, 20, 10]) await missed(resident, daysAgo);
  expect(await standing(resident)).toMatchObject({ count: 2, mayBookOnline: true });
});

test('a specialist who was off and a closed clinic are not the patient’s fault', async () => {
  const resident = await district.resident();
  const closed = await district.clinic();
  const byClinic = await missed(resident, 3);
  expect(await partyOf(byClinic)).toBe('patient');
  // Again, as it would have been judged on those days.
  await db()
    .updateTable('appointment')
    .set({ status: 'booked', noshow_party: null, location_id: closed.locationId })
    .where('id', '=', byClinic)
    .execute();
  await district.asSystem((unit) => markNoShow(unit, byClinic));
  expect(await partyOf(byClinic)).toBe('clinic');

  const bySpecialist = await missed(resident, 5);
  const { practitioner_role_id: roleId } = await db()
    .updateTable('appointment')
    .set({ status: 'booked', noshow_party: null })
    .where('id', '=', bySpecialist)
    .returning('practitioner_role_id')
    .executeTakeFirstOrThrow();
  await db()
    .insertInto('availability')
    .values({ practitioner_role_id: roleId, state: 'off', break_until: null, changed_at: new Date('2020-01-01') })
    .execute();
  await district.asSystem((unit) => markNoShow(unit, bySpecialist));
  expect(await partyOf(bySpecialist)).toBe('specialist');
  expect(await standing(resident)).toMatchObject({ count: 0 });
});

test('staff of the clinic excuse one with a reason: booking online is open again, the trail says who and why', async () => {
  const resident = await district.resident();
  const [first] = [await missed(resident, 30), await missed(resident, 20), await missed(resident, 10)];
  await findPatient(district.services, district.context(clinic.nurse), resident);
  const before = await listNoShows(district.services, district.context(clinic.nurse), resident);
  expect(before.standing.mayBookOnline).toBe(false);
  expect(before.noShows).toHaveLength(3);
  const version = before.noShows.find(({ appointmentId }) => appointmentId === first)?.version ?? 0;
  const input = { appointmentId: first, version, reason: 'illness' } as const;
  const context = district.context(clinic.nurse, randomUUID());
  const [excused, again] = await Promise.all([1, 2].map(() => excuseNoShow(district.services, context, input)));
  expect(excused).toMatchObject({ excused: { reason: 'illness', by: '刘护士' } });
  expect(again).toEqual(excused);
  expect(await standing(resident)).toMatchObject({ count: 2, mayBookOnline: true });
  expect((await bookOnline(resident)).status).toBe('pending');
  const audits = await db()
    .selectFrom('audit_event')
    .select(['action', 'reason', 'actor_account'])
    .where('entity_id', '=', first)
    .where('action', '=', 'no-show:excuse')
    .execute();
  expect(audits).toEqual([{ action: 'no-show:excuse', reason: 'illness', actor_account: clinic.nurse.userId }]);
  expect((await failure(excuseNoShow(district.services, district.context(clinic.nurse), input))).code).toBe(
    'VERSION_CONFLICT',
  );
});

test('another clinic’s no-shows are not there: neither to see nor to excuse', async () => {
  const resident = await district.resident();
  const appointmentId = await missed(resident, 12, otherClinic);
  const context = district.context(clinic.nurse);
  expect((await failure(listNoShows(district.services, context, resident))).code).toBe('NOT_FOUND');
  await findPatient(district.services, context, resident);
  expect(await listNoShows(district.services, context, resident)).toMatchObject({
    standing: { count: 1 },
    noShows: [],
  });
  const foreign = await failure(
    excuseNoShow(district.services, context, { appointmentId, version: 2, reason: 'other' }),
  );
  const missing = await failure(
    excuseNoShow(district.services, context, {
      appointmentId: AppointmentId.parse(randomUUID()),
      version: 2,
      reason: 'other',
    }),
  );
  expect([foreign.code, foreign.details]).toEqual([missing.code, missing.details]);
  expect(foreign.code).toBe('NOT_FOUND');
  expect(await standing(resident)).toMatchObject({ count: 1 });
});

test('somebody new is registered at the desk and booked for; a slip in the name registers nobody', async () => {
  const context = district.context(clinic.nurse);
  const input = { name: '吴新', identityNumber: randomIdentityNumber(), phone: randomPhone() };
  const patient = await registerPatient(district.services, context, input);
  const slotId = await district.slot(specialist, 45);
  const held = await hold(district.services, context, { slotId, patientId: patient.patientId });
  expect(held.bookedByProxy).toBe(true);
  const slip = await failure(registerPatient(district.services, context, { ...input, name: '吴心' }));
  expect(slip.details?.['reason']).toBe('identity-name-mismatch');
  const elsewhere = hold(district.services, district.context(otherClinic.nurse), {
    slotId: await district.slot(specialist, 5),
    patientId: patient.patientId,
  });
  expect((await failure(elsewhere)).code).toBe('NOT_FOUND');
});
