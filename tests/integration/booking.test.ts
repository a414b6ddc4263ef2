import { randomUUID } from 'node:crypto';
import { AppError, AppointmentId } from '@cloud-hospital/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cancel } from '../../signaling/src/operations/booking/cancel.ts';
import { confirm } from '../../signaling/src/operations/booking/confirm.ts';
import { expireHold } from '../../signaling/src/operations/booking/expireHold.ts';
import { hold } from '../../signaling/src/operations/booking/hold.ts';
import { markNoShow } from '../../signaling/src/operations/booking/markNoShow.ts';
import { getAppointment, listAppointments, listPatients } from '../../signaling/src/operations/booking/read.ts';
import { readTicketQr } from '../../signaling/src/operations/booking/ticketQr.ts';
import { findPatient } from '../../signaling/src/operations/clinic/findPatient.ts';
import { CareDistrict, type TestClinic, type TestResident, type TestSpecialist } from '../support/careDistrict.ts';
import { failure } from '../support/careFlow.ts';

let district: CareDistrict;
let clinic: TestClinic;
let otherClinic: TestClinic;
let specialist: TestSpecialist;

beforeAll(async () => {
  district = await CareDistrict.create({ HOLD_SECONDS: '300' });
  [clinic, otherClinic, specialist] = await Promise.all([district.clinic(), district.clinic(), district.specialist()]);
});
afterAll(() => district.close());

const db = () => district.services.db;
const slotStatus = async (slotId: string): Promise<string> =>
  (await db().selectFrom('slot').select('status').where('id', '=', slotId).executeTakeFirstOrThrow()).status;
const holdOf = (resident: TestResident, slotId: Awaited<ReturnType<CareDistrict['slot']>>, key?: string) =>
  hold(district.services, district.context(resident.actor, key), { slotId, patientId: resident.patientId });
const auditsOf = (entityId: string) =>
  db()
    .selectFrom('audit_event')
    .select(['action', 'outcome'])
    .where('entity_id', '=', entityId)
    .orderBy('id')
    .execute();

async function booked(resident: TestResident, inMinutes: number, key?: string) {
  const slotId = await district.slot(specialist, inMinutes);
  const held = await holdOf(resident, slotId);
  const appointment = await confirm(district.services, district.context(resident.actor, key), {
    appointmentId: held.appointmentId,
    version: held.version,
    locationId: clinic.locationId,
    complaint: '胸闷三天',
  });
  return { slotId, held, appointment };
}

describe('holding', () => {
  test('a held slot is tentative, belongs to one person and ends by itself after five minutes', async () => {
    const resident = await district.resident();
    const slotId = await district.slot(specialist, 60);
    const held = await holdOf(resident, slotId);
    expect(held.status).toBe('pending');
    expect(Date.parse(held.holdExpiresAt ?? '') - Date.parse(held.now)).toBe(300_000);
    expect(held.ticketNumber).toBeNull();
    expect(held.ticketQr).toBeNull();
    expect(await slotStatus(slotId)).toBe('busy-tentative');
    const job = await db()
      .selectFrom('job')
      .select(['kind', 'state'])
      .where('subject_id', '=', held.appointmentId)
      .execute();
    expect(job).toEqual([{ kind: 'appointment.hold-expiry', state: 'pending' }]);
  });

  test('of fifty people who want one slot at once exactly one gets it, the others get alternatives', async () => {
    const residents = await Promise.all(Array.from({ length: 50 }, () => district.resident()));
    const slotId = await district.slot(specialist, 120);
    const next = await district.slot(specialist, 140);
    const results = await Promise.allSettled(residents.map((resident) => holdOf(resident, slotId)));
    const winners = results.filter((result) => result.status === 'fulfilled');
    expect(winners).toHaveLength(1);
    for (const result of results) {
      if (result.status === 'fulfilled') continue;
      expect(result.reason).toBeInstanceOf(AppError);
      expect(result.reason.code).toBe('SLOT_TAKEN');
      const proposed = result.reason.details.alternatives.map((one: { slotId: string }) => one.slotId);
      expect(proposed).toContain(next);
      expect(proposed).not.toContain(slotId);
    }
    const active = await db().selectFrom('appointment').select('id').where('slot_id', '=', slotId).execute();
    expect(active).toHaveLength(1);
  });

  test('the same hold sent twice under one key is one hold with one answer', async () => {
    const resident = await district.resident();
    const slotId = await district.slot(specialist, 200);
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 5 }, () => holdOf(resident, slotId, key)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const error = await failure(holdOf(resident, await district.slot(specialist, 220), key));
    expect(error.code).toBe('IDEMPOTENCY_MISMATCH');
  });

  test('whoever comes back to their own hold gets that one again', async () => {
    const resident = await district.resident();
    const slotId = await district.slot(specialist, 240);
    const first = await holdOf(resident, slotId);
    const again = await holdOf(resident, slotId);
    expect(again.appointmentId).toBe(first.appointmentId);
    expect(again.holdExpiresAt).toBe(first.holdExpiresAt);
  });

  test('nobody can be with two specialists at the same time', async () => {
    const resident = await district.resident();
    const colleague = await district.specialist();
    await holdOf(resident, await district.slot(specialist, 300));
    const error = await failure(holdOf(resident, await district.slot(colleague, 305)));
    expect(error.code).toBe('PATIENT_BUSY');
  });

  test('a hold that ran out gives way to the next person even before its job ran', async () => {
    const [first, second] = [await district.resident(), await district.resident()];
    const slotId = await district.slot(specialist, 330);
    const held = await holdOf(first, slotId);
    await db()
      .updateTable('appointment')
      .set({ hold_expires_at: new Date(Date.now() - 1_000) })
      .where('id', '=', held.appointmentId)
      .execute();
    const taken = await holdOf(second, slotId);
    expect(taken.status).toBe('pending');
    const before = await getAppointment(district.services, district.context(first.actor), held);
    expect(before.status).toBe('cancelled');
    expect(before.cancellationReason).toBe('hold-expired');
    expect(await slotStatus(slotId)).toBe('busy-tentative');
    expect(await district.asSystem((unit) => expireHold(unit, held.appointmentId))).toBe(false);
  });

  test('a hold that has time left is not ended by its job', async () => {
    const resident = await district.resident();
    const held = await holdOf(resident, await district.slot(specialist, 360));
    expect(await district.asSystem((unit) => expireHold(unit, held.appointmentId))).toBe(false);
  });

  test('past slots, slots out of the schedule and slots beyond the window are not held', async () => {
    const resident = await district.resident();
    expect((await failure(holdOf(resident, await district.slot(specialist, -60)))).code).toBe('SLOT_TAKEN');
    const far = await failure(holdOf(resident, await district.slot(specialist, 60 * 24 * 20)));
    expect(far.code).toBe('LIMIT_REACHED');
    const removed = await district.slot(specialist, 400);
    await db().updateTable('slot').set({ status: 'busy-unavailable' }).where('id', '=', removed).execute();
    expect((await failure(holdOf(resident, removed))).code).toBe('SLOT_TAKEN');
  });

  test('one person has at most three bookings ahead, also when all are sent at once', async () => {
    const resident = await district.resident();
    const slots = await Promise.all(
      [1, 2, 3, 4, 5].map(async (days) => district.slot(await district.specialist(), days * 1_440)),
    );
    const results = await Promise.allSettled(slots.map((slotId) => holdOf(resident, slotId)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(3);
    for (const result of results) if (result.status === 'rejected') expect(result.reason.code).toBe('LIMIT_REACHED');
  });

  test('a resident cannot book for somebody else, and trying leaves a trace', async () => {
    const [resident, stranger] = [await district.resident(), await district.resident()];
    const slotId = await district.slot(specialist, 520);
    const operation = hold(district.services, district.context(resident.actor), {
      slotId,
      patientId: stranger.patientId,
    });
    expect((await failure(operation)).code).toBe('NOT_FOUND');
    expect(await auditsOf(stranger.patientId)).toEqual([{ action: 'appointment:book', outcome: 'denied' }]);
    expect(await slotStatus(slotId)).toBe('free');
  });

  test('staff book for a person they looked up, and only then', async () => {
    const resident = await district.resident();
    const slotId = await district.slot(specialist, 540);
    const book = () =>
      hold(district.services, district.context(clinic.nurse), { slotId, patientId: resident.patientId });
    expect((await failure(book())).code).toBe('NOT_FOUND');
    const { patient } = await findPatient(district.services, district.context(clinic.nurse), resident);
    expect(patient?.patientId).toBe(resident.patientId);
    expect(patient?.identityMasked).not.toContain(resident.identityNumber.slice(4, 14));
    const held = await book();
    expect(held.bookedByProxy).toBe(true);
    expect(held.clinic?.locationId).toBe(clinic.locationId);
  });
});

describe('confirming', () => {
  test('a confirmed hold is a booking with a ticket of its own', async () => {
    const resident = await district.resident();
    const { slotId, appointment } = await booked(resident, 600);
    expect(appointment.status).toBe('booked');
    expect(appointment.ticketNumber).toMatch(/^A\d{3}$/);
    expect(await slotStatus(slotId)).toBe('busy');
    expect(readTicketQr(district.services.config, appointment.ticketQr ?? '')).toBe(appointment.appointmentId);
    const jobs = await db()
      .selectFrom('job')
      .select(['kind', 'token', 'state'])
      .where('subject_id', '=', appointment.appointmentId)
      .orderBy('kind')
      .orderBy('due_at')
      .execute();
    expect(jobs).toEqual([
      { kind: 'appointment.hold-expiry', token: '', state: 'cancelled' },
      { kind: 'appointment.no-show', token: '', state: 'pending' },
      { kind: 'appointment.reminder', token: 'PT1H', state: 'pending' },
      { kind: 'appointment.reminder', token: 'PT10M', state: 'pending' },
      { kind: 'session.late-alert', token: appointment.start, state: 'pending' },
    ]);
  });

  test('tickets of one day differ even when all are confirmed at once', async () => {
    const colleague = await district.specialist();
    const held = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => {
        const resident = await district.resident();
        return { resident, held: await holdOf(resident, await district.slot(colleague, 30 + index * 20)) };
      }),
    );
    const confirmed = await Promise.all(
      held.map(({ resident, held: { appointmentId, version } }) =>
        confirm(district.services, district.context(resident.actor), {
          appointmentId,
          version,
          locationId: clinic.locationId,
          complaint: '头晕',
        }),
      ),
    );
    const byDay = Map.groupBy(confirmed, (one) =>
      new Date(Date.parse(one.start) + 8 * 3_600_000).toISOString().slice(0, 10),
    );
    for (const day of byDay.values()) expect(new Set(day.map((one) => one.ticketNumber)).size).toBe(day.length);
  });

  test('confirming twice under one key answers the same; without the key the old version is refused', async () => {
    const resident = await district.resident();
    const key = randomUUID();
    const { held, appointment } = await booked(resident, 700, key);
    const request = {
      appointmentId: held.appointmentId,
      version: held.version,
      locationId: clinic.locationId,
      complaint: '胸闷三天',
    };
    expect(await confirm(district.services, district.context(resident.actor, key), request)).toEqual(appointment);
    const error = await failure(confirm(district.services, district.context(resident.actor), request));
    expect(error.code).toBe('VERSION_CONFLICT');
  });

  test('after the hold ran out it is too late', async () => {
    const resident = await district.resident();
    const held = await holdOf(resident, await district.slot(specialist, 720));
    await db()
      .updateTable('appointment')
      .set({ hold_expires_at: new Date(Date.now() - 1) })
      .where('id', '=', held.appointmentId)
      .execute();
    const request = {
      appointmentId: held.appointmentId,
      version: held.version,
      locationId: clinic.locationId,
      complaint: '胸闷',
    };
    const late = () => confirm(district.services, district.context(resident.actor), request);
    expect((await failure(late())).code).toBe('HOLD_EXPIRED');
    expect(await district.asSystem((unit) => expireHold(unit, held.appointmentId))).toBe(true);
    expect((await failure(late())).code).toBe('HOLD_EXPIRED');
  });

  test('a forged or altered ticket checks nobody in', async () => {
    const resident = await district.resident();
    const { appointment } = await booked(resident, 760);
    const qr = appointment.ticketQr ?? '';
    const { config } = district.services;
    expect(readTicketQr(config, `${qr.slice(0, -1)}${qr.endsWith('A') ? 'B' : 'A'}`)).toBeNull();
    expect(readTicketQr(config, qr.replace(appointment.appointmentId, randomUUID()))).toBeNull();
    expect(readTicketQr(config, `${qr}.x`)).toBeNull();
    expect(readTicketQr(config, '')).toBeNull();
  });
});

describe('cancelling and not coming', () => {
  test('a cancelled booking frees its slot and stops its reminders', async () => {
    const resident = await district.resident();
    const { slotId, appointment } = await booked(resident, 800);
    const cancelled = await cancel(district.services, district.context(resident.actor), {
      appointmentId: appointment.appointmentId,
      version: appointment.version,
      reason: 'patient-request',
    });
    expect(cancelled.status).toBe('cancelled');
    expect(cancelled.ticketQr).toBeNull();
    expect(await slotStatus(slotId)).toBe('free');
    const pending = await db()
      .selectFrom('job')
      .select('id')
      .where('subject_id', '=', appointment.appointmentId)
      .where('state', '=', 'pending')
      .execute();
    expect(pending).toHaveLength(0);
    const next = await holdOf(await district.resident(), slotId);
    expect(next.status).toBe('pending');
    const error = await failure(
      cancel(district.services, district.context(resident.actor), {
        appointmentId: appointment.appointmentId,
        version: cancelled.version,
        reason: 'patient-request',
      }),
    );
    expect(error.code).toBe('INVALID_TRANSITION');
    expect(await slotStatus(slotId)).toBe('busy-tentative');
  });

  test('an appointment that nobody came to becomes a no-show only after its start', async () => {
    const resident = await district.resident();
    const { appointment } = await booked(resident, 840);
    const { appointmentId } = appointment;
    expect(await district.asSystem((unit) => markNoShow(unit, appointmentId))).toBe(false);
    const period = `[${new Date(Date.now() - 90 * 60_000).toISOString()},${new Date(Date.now() - 75 * 60_000).toISOString()})`;
    await db().updateTable('appointment').set({ period }).where('id', '=', appointmentId).execute();
    expect(await district.asSystem((unit) => markNoShow(unit, appointmentId))).toBe(true);
    expect(await district.asSystem((unit) => markNoShow(unit, appointmentId))).toBe(false);
    const after = await getAppointment(district.services, district.context(resident.actor), { appointmentId });
    expect(after.status).toBe('noshow');
  });
});

describe('reading', () => {
  test('a foreign appointment answers like one that does not exist, and only the foreign one leaves a trace', async () => {
    const [owner, stranger] = [await district.resident(), await district.resident()];
    const { appointment } = await booked(owner, 900);
    const get = (actor: TestResident['actor'], appointmentId: AppointmentId) =>
      failure(getAppointment(district.services, district.context(actor), { appointmentId }));
    const missingId = AppointmentId.parse(randomUUID());
    for (const actor of [stranger.actor, otherClinic.nurse]) {
      const [foreign, missing] = [await get(actor, appointment.appointmentId), await get(actor, missingId)];
      expect({ code: foreign.code, details: foreign.details, message: foreign.message }).toEqual({
        code: missing.code,
        details: missing.details,
        message: missing.message,
      });
    }
    expect(await auditsOf(missingId)).toEqual([]);
    const denied = (await auditsOf(appointment.appointmentId)).filter((event) => event.outcome === 'denied');
    expect(denied).toHaveLength(2);
  });

  test('every read and every write leaves exactly one AuditEvent', async () => {
    const resident = await district.resident();
    const { appointment } = await booked(resident, 960);
    const { appointmentId } = appointment;
    expect(await auditsOf(appointmentId)).toEqual([
      { action: 'appointment:hold', outcome: 'success' },
      { action: 'appointment:confirm', outcome: 'success' },
    ]);
    await getAppointment(district.services, district.context(resident.actor), { appointmentId });
    await getAppointment(district.services, district.context(clinic.nurse), { appointmentId });
    expect(await auditsOf(appointmentId)).toHaveLength(4);
    const countBefore = await db().selectFrom('audit_event').select('id').execute();
    await listAppointments(district.services, district.context(resident.actor));
    const countAfter = await db().selectFrom('audit_event').select('id').execute();
    expect(countAfter.length - countBefore.length).toBe(1);
  });

  test('an account sees no history of the person before staff have seen the card', async () => {
    const resident = await district.resident();
    await findPatient(district.services, district.context(clinic.nurse), resident);
    const held = await hold(district.services, district.context(clinic.nurse), {
      slotId: await district.slot(specialist, 1_000),
      patientId: resident.patientId,
    });
    const list = () => listAppointments(district.services, district.context(resident.actor));
    expect((await list()).appointments).toEqual([]);
    await db()
      .updateTable('patient')
      .set({ identity_verified_at: new Date() })
      .where('id', '=', resident.patientId)
      .execute();
    expect((await list()).appointments.map((one) => one.appointmentId)).toEqual([held.appointmentId]);
  });

  test('residents may book for themselves only', async () => {
    const resident = await district.resident();
    const { patients } = await listPatients(district.services, district.context(resident.actor));
    expect(patients.map((patient) => patient.patientId)).toEqual([resident.patientId]);
  });
});
