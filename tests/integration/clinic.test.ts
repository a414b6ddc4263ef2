import { randomUUID } from 'node:crypto';
import { EncounterId } from '@cloud-hospital/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cancel } from '../../signaling/src/operations/booking/cancel.ts';
import { sharePlaces } from '../../signaling/src/store/sharedPlaces.ts';
import { checkIn } from '../../signaling/src/operations/clinic/checkIn.ts';
import { markLeft } from '../../signaling/src/operations/clinic/markLeft.ts';
import { recordConsent } from '../../signaling/src/operations/clinic/recordConsent.ts';
import { recordVitals } from '../../signaling/src/operations/clinic/recordVitals.ts';
import { registerWalkIn } from '../../signaling/src/operations/clinic/registerWalkIn.ts';
import { setReady } from '../../signaling/src/operations/clinic/setReady.ts';
import { worklist } from '../../signaling/src/operations/clinic/worklist.ts';
import { getAppointment } from '../../signaling/src/operations/booking/read.ts';
import { closeDay } from '../../signaling/src/operations/encounter/leaveUnserved.ts';
import { callNext } from '../../signaling/src/operations/queue/callNext.ts';
import { getEncounter } from '../../signaling/src/operations/encounter/get.ts';
import { CareDistrict, randomIdentityNumber, type TestClinic, type TestSpecialist } from '../support/careDistrict.ts';
import { CareFlow, failure } from '../support/careFlow.ts';

let district: CareDistrict;
let clinic: TestClinic;
let otherClinic: TestClinic;
let specialist: TestSpecialist;
let flow: CareFlow;

beforeAll(async () => {
  // Whoever came for a time of today may cancel it, however little of the day is left.
  district = await CareDistrict.create({ CHANGE_CUTOFF_SECONDS: '1' });
  [clinic, otherClinic, specialist] = await Promise.all([district.clinic(), district.clinic(), district.specialist()]);
  flow = new CareFlow(district, clinic, specialist);
});
afterAll(() => district.close());

const db = () => district.services.db;
const asNurse = () => district.context(clinic.nurse);

describe('check-in', () => {
  test('a ticket opens the visit: encounter, place in the queue, room and participants', async () => {
    const resident = await district.resident();
    const appointment = await flow.bookToday(resident, 2);
    const encounter = await flow.checkIn(appointment);
    expect(encounter.status).toBe('arrived');
    expect(encounter.ticketNumber).toBe(appointment.ticketNumber);
    expect(encounter.scheduledStart).toBe(appointment.start);
    expect(encounter.readiness).toEqual({
      consent: false,
      vitals: false,
      ready: false,
      terminalOnline: true,
      byPhone: false,
    });
    const entry = await db()
      .selectFrom('queue_entry')
      .selectAll()
      .where('encounter_id', '=', encounter.encounterId)
      .executeTakeFirstOrThrow();
    expect(entry.state).toBe('waiting');
    expect(entry.id).toBe(encounter.queueEntryId);
    const participants = await db()
      .selectFrom('participant')
      .select(['role', 'rights'])
      .where('encounter_id', '=', encounter.encounterId)
      .orderBy('role')
      .execute();
    expect(participants).toEqual([
      { role: 'specialist', rights: 'parked' },
      { role: 'terminal', rights: 'parked' },
    ]);
    const rooms = await db()
      .selectFrom('room')
      .select('id')
      .where('encounter_id', '=', encounter.encounterId)
      .execute();
    expect(rooms).toHaveLength(1);
  });

  test('checking in twice, also at the same moment, is one visit', async () => {
    const resident = await district.resident();
    const appointment = await flow.bookToday(resident, 20);
    const visits = await Promise.all(Array.from({ length: 4 }, () => flow.checkIn(appointment)));
    expect(new Set(visits.map((visit) => visit.encounterId)).size).toBe(1);
  });

  test('the identity number finds the person and makes their history visible, a ticket alone does not', async () => {
    const resident = await district.resident();
    const verifiedAt = async () =>
      (
        await db()
          .selectFrom('patient')
          .select('identity_verified_at')
          .where('id', '=', resident.patientId)
          .executeTakeFirstOrThrow()
      ).identity_verified_at;
    await flow.checkIn(await flow.bookToday(resident, 40));
    expect(await verifiedAt()).toBeNull();
    const second = await flow.bookToday(resident, 60);
    const encounter = await checkIn(district.services, asNurse(), {
      by: 'identity-number',
      identityNumber: resident.identityNumber,
    });
    expect(encounter.appointmentId).toBe(second.appointmentId);
    expect(await verifiedAt()).not.toBeNull();
  });

  test('an unknown number, a forged ticket and a foreign clinic’s appointment are all simply not found', async () => {
    const resident = await district.resident();
    const appointment = await flow.bookToday(resident, 80);
    const atOther = district.context(otherClinic.nurse);
    const attempts = [
      () => checkIn(district.services, asNurse(), { by: 'identity-number', identityNumber: randomIdentityNumber() }),
      () => checkIn(district.services, asNurse(), { by: 'ticket', ticketQr: `CH1.${appointment.appointmentId}.x` }),
      () => checkIn(district.services, atOther, { by: 'ticket', ticketQr: appointment.ticketQr ?? '' }),
      () =>
        checkIn(district.services, atOther, {
          by: 'name',
          appointmentId: appointment.appointmentId,
          identityVerified: true,
        }),
      () => checkIn(district.services, atOther, { by: 'identity-number', identityNumber: resident.identityNumber }),
    ];
    for (const attempt of attempts) expect((await failure(attempt())).code).toBe('NOT_FOUND');
    const denied = await db()
      .selectFrom('audit_event')
      .select('id')
      .where('entity_id', '=', appointment.appointmentId)
      .where('outcome', '=', 'denied')
      .execute();
    expect(denied).toHaveLength(2);
  });

  test('an appointment of another day cannot be checked in today', async () => {
    const resident = await district.resident();
    const appointment = await flow.book(resident, 2 * 24 * 60);
    expect((await failure(flow.checkIn(appointment))).code).toBe('INVALID_TRANSITION');
  });

  test('cancelling after check-in takes the visit out of the queue', async () => {
    const resident = await district.resident();
    const encounter = await flow.checkIn(await flow.bookToday(resident, 100));
    const appointment = await db()
      .selectFrom('appointment')
      .select(['id', 'version'])
      .where('patient_id', '=', resident.patientId)
      .executeTakeFirstOrThrow();
    if (encounter.appointmentId === null) throw new Error('no appointment');
    await cancel(district.services, district.context(resident.actor), {
      appointmentId: encounter.appointmentId,
      version: appointment.version,
      reason: 'patient-request',
    });
    const entry = await db()
      .selectFrom('queue_entry')
      .select(['state', 'last_reason'])
      .where('encounter_id', '=', encounter.encounterId)
      .executeTakeFirstOrThrow();
    expect(entry).toEqual({ state: 'left', last_reason: 'appointment-cancelled' });
    const chart = await getEncounter(district.services, asNurse(), encounter);
    expect(chart.status).toBe('cancelled');
  });
});

describe('walk-ins', () => {
  test('somebody without an appointment is registered once and known the next time', async () => {
    const identityNumber = randomIdentityNumber();
    const register = (name: string) =>
      registerWalkIn(district.services, asNurse(), {
        name,
        identityNumber,
        practitionerRoleId: specialist.practitionerRoleId,
        complaint: '心慌',
        urgent: false,
      });
    const visit = await register('钱大妈');
    expect(visit.appointmentId).toBeNull();
    expect(visit.ticketNumber).toMatch(/^B\d{3}$/);
    expect(visit.patient.birthDate).toBe(
      `${identityNumber.slice(6, 10)}-${identityNumber.slice(10, 12)}-${identityNumber.slice(12, 14)}`,
    );
    expect((await failure(register('钱大妈'))).code).toBe('PATIENT_BUSY');
    const mismatch = await failure(register('孙大妈'));
    expect(mismatch.code).toBe('BAD_REQUEST');
    expect(mismatch.details).toEqual({ field: 'name', reason: 'identity-name-mismatch' });
  });

  test('two desks that register the same person at the same moment make one patient and one visit', async () => {
    const identityNumber = randomIdentityNumber();
    const results = await Promise.allSettled(
      Array.from({ length: 6 }, () =>
        registerWalkIn(district.services, asNurse(), {
          name: '周大爷',
          identityNumber,
          practitionerRoleId: specialist.practitionerRoleId,
          complaint: '心慌',
          urgent: false,
        }),
      ),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    const patients = await db()
      .selectFrom('patient')
      .select('id')
      .where('identity_hash', '=', district.services.identityCipher.hash(identityNumber))
      .execute();
    expect(patients).toHaveLength(1);
  });
});

describe('preparing', () => {
  test('nobody is ready without consent, and withdrawing it takes "ready" back', async () => {
    const { encounterId } = await flow.walkIn();
    const ready = () => setReady(district.services, asNurse(), { encounterId, ready: true });
    expect((await failure(ready())).code).toBe('CONSENT_REQUIRED');
    await flow.consent(encounterId);
    const prepared = await ready();
    expect(prepared.readiness).toMatchObject({ consent: true, ready: true });
    await recordConsent(district.services, asNurse(), {
      encounterId,
      purpose: 'consultation',
      decision: 'inactive',
      method: 'spoken-witnessed',
    });
    const chart = await getEncounter(district.services, asNurse(), { encounterId });
    expect(chart.readiness).toMatchObject({ consent: false, ready: false });
    expect(chart.consents.map((consent) => consent.status)).toEqual(['inactive']);
  });

  test('consent for recording is a consent of its own', async () => {
    const { encounterId } = await flow.walkIn();
    await flow.consent(encounterId);
    const recording = await recordConsent(district.services, asNurse(), {
      encounterId,
      purpose: 'recording',
      decision: 'rejected',
      method: 'spoken-witnessed',
    });
    expect(recording.status).toBe('rejected');
    const chart = await getEncounter(district.services, asNurse(), { encounterId });
    expect(chart.readiness.consent).toBe(true);
    const withdraw = recordConsent(district.services, asNurse(), {
      encounterId,
      purpose: 'recording',
      decision: 'inactive',
      method: 'spoken-witnessed',
    });
    expect((await failure(withdraw)).code).toBe('INVALID_TRANSITION');
  });

  test('vitals are kept with who measured them and marked when unusual', async () => {
    const { encounterId } = await flow.walkIn();
    const { observations } = await recordVitals(district.services, asNurse(), {
      encounterId,
      vitals: [
        { code: 'systolic', value: 168 },
        { code: 'diastolic', value: 80 },
        { code: 'temperature', value: 36.5 },
      ],
    });
    expect(observations.map(({ code, value, attention }) => ({ code, value, attention }))).toEqual([
      { code: 'systolic', value: 168, attention: true },
      { code: 'diastolic', value: 80, attention: false },
      { code: 'temperature', value: 36.5, attention: false },
    ]);
    const chart = await getEncounter(district.services, asNurse(), { encounterId });
    expect(chart.observations).toHaveLength(3);
    expect(chart.observations[0]?.recordedBy).toBe(clinic.nurse.name);
    expect(chart.readiness.vitals).toBe(true);
  });

  test('without any enrolled terminal nobody can be ready', async () => {
    const bare = await district.clinic();
    await db().updateTable('device').set({ status: 'revoked' }).where('id', '=', bare.deviceId).execute();
    const nurse = { ...bare.nurse, deviceId: null };
    const visit = await registerWalkIn(district.services, district.context(nurse), {
      name: '吴大爷',
      identityNumber: randomIdentityNumber(),
      practitionerRoleId: specialist.practitionerRoleId,
      complaint: '腿疼',
      urgent: false,
    });
    await flow.consent(visit.encounterId, bare);
    const error = await failure(
      setReady(district.services, district.context(nurse), { encounterId: visit.encounterId, ready: true }),
    );
    expect({ code: error.code, details: error.details }).toEqual({
      code: 'NOT_READY',
      details: { reason: 'no-terminal' },
    });
  });
});

describe('leaving without a consultation', () => {
  test('who goes home leaves queue and appointment; who is being called cannot', async () => {
    const own = new CareFlow(district, await district.clinic(), await district.specialist());
    const nurse = district.context(own.clinic.nurse);
    const resident = await district.resident();
    const appointment = await own.bookToday(resident, 3);
    const visit = await own.checkIn(appointment);
    const left = await markLeft(district.services, nurse, visit);
    expect(left.status).toBe('cancelled');
    const after = await getAppointment(district.services, district.context(resident.actor), appointment);
    expect(after.status).toBe('cancelled');
    const called = await own.walkIn();
    await own.ready(called.encounterId);
    await callNext(district.services, district.context(own.specialist.actor));
    expect((await failure(markLeft(district.services, nurse, called))).code).toBe('INVALID_TRANSITION');
  });

  test('who was never called does not stand in tomorrow’s queue', async () => {
    const own = new CareFlow(district, await district.clinic(), await district.specialist());
    const visit = await own.walkIn();
    const job = await db()
      .selectFrom('job')
      .select(['kind', 'due_at'])
      .where('subject_id', '=', visit.encounterId)
      .executeTakeFirstOrThrow();
    expect(job.kind).toBe('encounter.close-day');
    expect(job.due_at.getTime()).toBeGreaterThan(Date.now());
    expect(await district.asSystem((unit) => closeDay(unit, visit.encounterId))).toBe(true);
    expect(await district.asSystem((unit) => closeDay(unit, visit.encounterId))).toBe(false);
    const entry = await db()
      .selectFrom('queue_entry')
      .select(['state', 'last_reason'])
      .where('encounter_id', '=', visit.encounterId)
      .executeTakeFirstOrThrow();
    expect(entry).toEqual({ state: 'left', last_reason: 'not-served' });
  });
});

describe('the worklist', () => {
  test('shows the own clinic’s day with the status of each, and nothing of another clinic', async () => {
    const here = await district.clinic();
    const own = new CareFlow(district, here, await district.specialist());
    await own.bookToday(await district.resident(), 30);
    const visit = await own.walkIn();
    await own.ready(visit.encounterId);
    const cancelled = await own.walkIn({ name: '郑大爷' });
    const list = await worklist(district.services, district.context(here.nurse), {});
    expect(list.clinic.locationId).toBe(here.locationId);
    const statuses = Map.groupBy(list.items, (item) => item.status);
    expect([...statuses.keys()].toSorted()).toEqual(['booked', 'checked-in', 'waiting']);
    expect(statuses.get('waiting')?.[0]?.place?.position).toBe(1);
    expect(statuses.get('checked-in')?.[0]?.encounterId).toBe(cancelled.encounterId);
    expect(statuses.get('booked')?.[0]?.place).toBeNull();
    const foreign = await worklist(district.services, district.context(otherClinic.nurse), {});
    expect(foreign.items).toEqual([]);
  });

  test('takes the same number of queries however long it is', async () => {
    const here = await district.clinic();
    const own = new CareFlow(district, here, await district.specialist());
    const statements = async (): Promise<number> => {
      let count = 0;
      const counted = db().withPlugin({
        transformQuery: ({ node }) => {
          count += 1;
          return node;
        },
        transformResult: ({ result }) => Promise.resolve(result),
      });
      const { worklistView } = await import('../../signaling/src/store/worklist.view.ts');
      await worklistView(
        counted,
        here.locationId,
        { date: new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10), withOpen: true },
        new Date(),
        await sharePlaces(counted).ofClinic(here.locationId),
      );
      return count;
    };
    await own.walkIn();
    const withOne = await statements();
    for (let index = 0; index < 5; index += 1) await own.walkIn();
    expect(await statements()).toBe(withOne);
    expect(withOne).toBeLessThanOrEqual(10);
  });

  test('each reading leaves one AuditEvent', async () => {
    const here = await district.clinic();
    await worklist(district.services, district.context(here.nurse), {});
    const events = await db()
      .selectFrom('audit_event')
      .select('action')
      .where('entity_id', '=', here.locationId)
      .execute();
    expect(events).toEqual([{ action: 'worklist:read' }]);
  });
});

test('another clinic’s visit answers like one that does not exist, whatever is done to it', async () => {
  const { encounterId } = await flow.walkIn();
  const missing = EncounterId.parse(randomUUID());
  const context = district.context(otherClinic.nurse);
  const operations = (id: EncounterId): (() => Promise<unknown>)[] => [
    () => getEncounter(district.services, context, { encounterId: id }),
    () => setReady(district.services, context, { encounterId: id, ready: true }),
    () => recordVitals(district.services, context, { encounterId: id, vitals: [{ code: 'weight', value: 60 }] }),
    () =>
      recordConsent(district.services, context, {
        encounterId: id,
        purpose: 'consultation',
        decision: 'active',
        method: 'signed-paper',
      }),
  ];
  for (const id of [encounterId, missing]) {
    for (const operation of operations(id)) {
      const error = await failure(operation());
      expect({ code: error.code, details: error.details }).toEqual({ code: 'NOT_FOUND', details: undefined });
    }
  }
  const denied = await db()
    .selectFrom('audit_event')
    .select('action')
    .where('entity_id', '=', encounterId)
    .where('outcome', '=', 'denied')
    .orderBy('action')
    .execute();
  expect(denied.map((event) => event.action)).toEqual([
    'consent:record',
    'encounter:prepare',
    'encounter:read',
    'observation:record',
  ]);
});
