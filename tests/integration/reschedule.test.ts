import { randomUUID } from 'node:crypto';
import type { SlotId } from '@cloud-hospital/protocol';
import type { Appointment } from '@cloud-hospital/protocol/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cancel } from '../../signaling/src/operations/booking/cancel.ts';
import { hold } from '../../signaling/src/operations/booking/hold.ts';
import { getAppointment } from '../../signaling/src/operations/booking/read.ts';
import { remind } from '../../signaling/src/operations/booking/remind.ts';
import { reschedule } from '../../signaling/src/operations/booking/reschedule.ts';
import { readTicketQr } from '../../signaling/src/operations/booking/ticketQr.ts';
import { slots } from '../../signaling/src/operations/directory/slots.ts';
import { clinicLoads } from '../../signaling/src/operations/directory/clinicLoads.ts';
import { deliver } from '../../signaling/src/operations/inbox/deliver.ts';
import { turnSoon } from '../../signaling/src/operations/queue/turnSoon.ts';
import { setAvailability } from '../../signaling/src/operations/queue/setAvailability.ts';
import { CareDistrict, type TestClinic, type TestResident, type TestSpecialist } from '../support/careDistrict.ts';
import { CareFlow, failure } from '../support/careFlow.ts';
import { violations } from '../support/careInvariants.ts';

let district: CareDistrict;
let clinic: TestClinic;
let otherClinic: TestClinic;
let specialist: TestSpecialist;

beforeAll(async () => {
  district = await CareDistrict.create();
  [clinic, otherClinic, specialist] = await Promise.all([district.clinic(), district.clinic(), district.specialist()]);
});
afterAll(() => district.close());

const DAY = 1_440;
const db = () => district.services.db;
const flowTo = (whom: TestSpecialist, where = clinic) => new CareFlow(district, where, whom);
const move = (actor: TestResident['actor'], { appointmentId, version }: Appointment, slotId: SlotId, key?: string) =>
  reschedule(district.services, district.context(actor, key), { appointmentId, version, slotId });
const messagesAbout = (subjectId: string) =>
  db()
    .selectFrom('communication')
    .select(['id', 'kind', 'status', 'text', 'not_after'])
    .where('subject_id', '=', subjectId)
    .orderBy('created_at')
    .orderBy('kind')
    .execute();
const pendingJobs = async (subjectId: string) =>
  (
    await db()
      .selectFrom('job')
      .select(['kind', 'token'])
      .where('subject_id', '=', subjectId)
      .where('state', '=', 'pending')
      .where('kind', 'like', 'appointment.%')
      .orderBy('kind')
      .orderBy('due_at')
      .execute()
  ).map(({ kind, token }) => `${kind} ${token}`.trim());
/** Moves an appointment in time behind the operations' back, as if that much time had passed. */
const startsIn = async (appointmentId: string, seconds: number): Promise<void> => {
  const start = Date.now() + seconds * 1000;
  await db()
    .updateTable('appointment')
    .set({ period: `[${new Date(start).toISOString()},${new Date(start + 900_000).toISOString()})` })
    .where('id', '=', appointmentId)
    .execute();
};

describe('rescheduling', () => {
  test('ticket, QR, calendar identity, reminders and no-show follow; the old ticket is void; one message says it', async () => {
    const resident = await district.resident();
    const old = await flowTo(specialist).book(resident, 2 * DAY);
    const moved = await move(resident.actor, old, await district.slot(specialist, 3 * DAY));
    expect(moved).toMatchObject({ status: 'booked', seriesId: old.appointmentId, moves: 1, complaint: old.complaint });
    expect(moved.ticketQr).not.toBe(old.ticketQr);
    expect(readTicketQr(district.services.config, moved.ticketQr ?? '')).toBe(moved.appointmentId);
    const before = await getAppointment(district.services, district.context(resident.actor), old);
    expect(before).toMatchObject({
      status: 'cancelled',
      cancellationReason: 'rescheduled',
      rescheduledTo: moved.appointmentId,
      ticketQr: null,
    });
    expect(await pendingJobs(old.appointmentId)).toEqual([]);
    expect(await pendingJobs(moved.appointmentId)).toEqual([
      'appointment.no-show',
      'appointment.reminder P1D',
      'appointment.reminder PT1H',
      'appointment.reminder PT10M',
    ]);
    expect((await messagesAbout(moved.appointmentId)).map(({ kind }) => kind)).toEqual(['appointment-moved']);
    expect((await messagesAbout(old.appointmentId)).filter(({ status }) => status === 'pending')).toEqual([]);
    const again = await move(resident.actor, moved, await district.slot(specialist, 4 * DAY));
    expect(again).toMatchObject({ seriesId: old.appointmentId, moves: 2 });
    const events = await db()
      .selectFrom('audit_event')
      .select(['entity_id', 'action'])
      .where('action', '=', 'appointment:reschedule')
      .where('entity_id', 'in', [old.appointmentId, moved.appointmentId, again.appointmentId])
      .execute();
    expect(events).toHaveLength(4);
  });

  test('fifty residents want one slot: one has it, the others keep theirs and hear what is near', async () => {
    const booked = await Promise.all(
      Array.from({ length: 50 }, async (_, index) => {
        const resident = await district.resident();
        const own = await district.specialist();
        return { resident, appointment: await flowTo(own).book(resident, 5 * DAY + index) };
      }),
    );
    const wanted = await district.slot(specialist, 6 * DAY);
    const near = await district.slot(specialist, 6 * DAY + 20);
    const results = await Promise.allSettled(
      booked.map(({ resident, appointment }) => move(resident.actor, appointment, wanted)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const [index, result] of results.entries()) {
      const one = booked[index];
      if (one === undefined || result.status === 'fulfilled') continue;
      expect(result.reason.code).toBe('SLOT_TAKEN');
      expect(result.reason.details.alternatives.map(({ slotId }: { slotId: string }) => slotId)).toContain(near);
      const kept = await getAppointment(district.services, district.context(one.resident.actor), one.appointment);
      expect(kept).toMatchObject({ status: 'booked', version: one.appointment.version, start: one.appointment.start });
    }
    expect(await violations(db())).toEqual([]);
  });

  test('the same request twice under one key moves once', async () => {
    const resident = await district.resident();
    const old = await flowTo(specialist).book(resident, 7 * DAY);
    const slotId = await district.slot(specialist, 7 * DAY + 30);
    const key = randomUUID();
    const answers = await Promise.all([1, 2, 3].map(() => move(resident.actor, old, slotId, key)));
    expect(new Set(answers.map(({ appointmentId }) => appointmentId)).size).toBe(1);
    expect((await failure(move(resident.actor, old, slotId))).code).toMatch(/SLOT_TAKEN|VERSION_CONFLICT/);
  });

  test('a foreign appointment answers like none, for residents and other clinics', async () => {
    const [owner, stranger] = [await district.resident(), await district.resident()];
    const old = await flowTo(specialist).book(owner, 8 * DAY);
    const slotId = await district.slot(specialist, 8 * DAY + 30);
    for (const actor of [stranger.actor, otherClinic.nurse]) {
      const foreign = await failure(move(actor, old, slotId));
      expect(foreign).toMatchObject({ code: 'NOT_FOUND', details: undefined });
    }
    const denied = await db()
      .selectFrom('audit_event')
      .select('action')
      .where('entity_id', '=', old.appointmentId)
      .where('outcome', '=', 'denied')
      .execute();
    expect(denied.map(({ action }) => action)).toEqual(['appointment:reschedule', 'appointment:reschedule']);
  });
});

describe('near the start', () => {
  test('residents can neither cancel nor move; their clinic can do both', async () => {
    const resident = await district.resident();
    const soon = await flowTo(specialist).book(resident, 50);
    expect(soon).toMatchObject({ changeableUntil: null, changeCutoffMinutes: 60 });
    const giveUp = (actor: TestResident['actor']) =>
      cancel(district.services, district.context(actor), {
        appointmentId: soon.appointmentId,
        version: soon.version,
        reason: 'feels-better',
      });
    const late = await failure(giveUp(resident.actor));
    expect(late).toMatchObject({ code: 'TOO_LATE_TO_CHANGE', details: { minutes: 60 } });
    const slotId = await district.slot(specialist, 9 * DAY);
    expect((await failure(move(resident.actor, soon, slotId))).code).toBe('TOO_LATE_TO_CHANGE');
    const moved = await move(clinic.nurse, soon, slotId);
    const cancelled = await cancel(district.services, district.context(clinic.nurse), {
      appointmentId: moved.appointmentId,
      version: moved.version,
      reason: 'staff-request',
    });
    expect(cancelled).toMatchObject({ status: 'cancelled', cancellationReason: 'staff-request' });
  });

  test('before that the chosen reason is kept', async () => {
    const resident = await district.resident();
    const appointment = await flowTo(specialist).book(resident, 90);
    expect(Date.parse(appointment.start) - Date.parse(appointment.changeableUntil ?? '')).toBe(3_600_000);
    const cancelled = await cancel(district.services, district.context(resident.actor), {
      appointmentId: appointment.appointmentId,
      version: appointment.version,
      reason: 'cannot-travel',
    });
    expect(cancelled.cancellationReason).toBe('cannot-travel');
  });
});

describe('limits', () => {
  const limitOf = async (operation: Promise<unknown>) => {
    const { code, details } = await failure(operation);
    return [code, details?.['limit'], details?.['max']];
  };
  const holdFor = async (resident: TestResident, whom: TestSpecialist, inMinutes: number) =>
    hold(district.services, district.context(resident.actor), {
      slotId: await district.slot(whom, inMinutes),
      patientId: resident.patientId,
    });
  /** Minutes from now to ten in the morning (Asia/Shanghai) so many days ahead. */
  const morning = (days: number): number => {
    const midnight = Math.floor((Date.now() + 8 * 3_600_000) / 86_400_000) * 86_400_000 - 8 * 3_600_000;
    return Math.round((midnight + days * 86_400_000 + 10 * 3_600_000 - Date.now()) / 60_000);
  };

  test('two a specialist, two a day, three in all, each named', async () => {
    const own = await Promise.all([1, 2, 3, 4, 5].map(() => district.specialist()));
    const [one, two, three] = own;
    if (one === undefined || two === undefined || three === undefined) throw new Error('no specialists');
    const same = await district.resident();
    await holdFor(same, one, morning(2));
    await holdFor(same, one, morning(3));
    expect(await limitOf(holdFor(same, one, morning(4)))).toEqual(['LIMIT_REACHED', 'bookings-per-specialist', 2]);
    await holdFor(same, two, morning(4));
    expect(await limitOf(holdFor(same, three, morning(5)))).toEqual(['LIMIT_REACHED', 'active-bookings', 3]);
    const daily = await district.resident();
    await holdFor(daily, one, morning(5));
    await holdFor(daily, two, morning(5) + 30);
    expect(await limitOf(holdFor(daily, three, morning(5) + 60))).toEqual(['LIMIT_REACHED', 'bookings-per-day', 2]);
  });

  test('moving within a full day or list counts the appointment once', async () => {
    const [one, two] = [await district.specialist(), await district.specialist()];
    const resident = await district.resident();
    await flowTo(one).book(resident, morning(6));
    const second = await flowTo(two).book(resident, morning(6) + 60);
    const moved = await move(resident.actor, second, await district.slot(two, morning(6) + 120));
    expect(moved.status).toBe('booked');
  });
});

describe('planned load of a clinic', () => {
  test('counts who sits there at that time and in that hour, over all specialists, and marks a full hour', async () => {
    const place = await district.clinic();
    const hour = Math.ceil((Date.now() + 9 * 86_400_000) / 3_600_000) * 3_600_000;
    const at = (minutes: number): number => (hour - Date.now()) / 60_000 + minutes;
    for (const minutes of [0, 0, 15]) {
      await flowTo(await district.specialist(), place).book(await district.resident(), at(minutes));
    }
    const searched = await district.specialist();
    const [first, third] = [await district.slot(searched, at(0)), await district.slot(searched, at(30))];
    const resident = await district.resident();
    const read = async () =>
      (
        await slots(district.services, district.context(resident.actor), {
          practitionerRoleId: searched.practitionerRoleId,
          locationId: place.locationId,
        })
      ).days.flatMap((day) => day.slots);
    const byId = new Map((await read()).map((slot) => [slot.slotId, slot.clinicLoad]));
    expect(byId.get(first)).toEqual({ atTime: 2, inHour: 3, full: false });
    expect(byId.get(third)).toEqual({ atTime: 0, inHour: 3, full: false });
    await flowTo(await district.specialist(), place).book(await district.resident(), at(45));
    const { loads } = await clinicLoads(district.services, { slotId: first });
    expect(loads.find(({ locationId }) => locationId === place.locationId)).toEqual({
      locationId: place.locationId,
      atTime: 2,
      inHour: 4,
      full: true,
    });
  });
});

describe('reminders', () => {
  const told = async (appointmentId: string) =>
    (await messagesAbout(appointmentId)).map(({ kind }) => kind).filter((kind) => kind.includes('reminder'));
  const booked = async () => flowTo(await district.specialist()).book(await district.resident(), 10 * DAY);

  test('go out once each, however often their job runs', async () => {
    const { appointmentId } = await booked();
    await startsIn(appointmentId, 86_400 - 5);
    await Promise.all([1, 2, 3].map(() => district.asSystem((unit) => remind(unit, appointmentId, 'P1D'))));
    expect(await told(appointmentId)).toEqual(['appointment-reminder']);
  });

  test('late after downtime they say so; with the next one due as well they are dropped', async () => {
    const { appointmentId } = await booked();
    await startsIn(appointmentId, 5 * 3_600);
    expect(await district.asSystem((unit) => remind(unit, appointmentId, 'P1D'))).toBe(true);
    const [late] = (await messagesAbout(appointmentId)).filter(({ kind }) => kind.includes('reminder'));
    expect(late?.kind).toBe('appointment-reminder-late');
    expect(late?.text).toContain('发晚了');
    const second = await booked();
    await startsIn(second.appointmentId, 1_800);
    expect(await district.asSystem((unit) => remind(unit, second.appointmentId, 'P1D'))).toBe(false);
    expect(await district.asSystem((unit) => remind(unit, second.appointmentId, 'PT1H'))).toBe(true);
    expect(await told(second.appointmentId)).toEqual(['appointment-reminder-late']);
  });

  test('nobody is reminded of what was cancelled, moved or has begun, nor is a message sent when it is pointless', async () => {
    const resident = await district.resident();
    const own = await district.specialist();
    const old = await flowTo(own).book(resident, 10 * DAY);
    await move(resident.actor, old, await district.slot(own, 11 * DAY));
    expect(await district.asSystem((unit) => remind(unit, old.appointmentId, 'PT1H'))).toBe(false);
    const begun = await booked();
    await startsIn(begun.appointmentId, -10);
    expect(await district.asSystem((unit) => remind(unit, begun.appointmentId, 'PT10M'))).toBe(false);
    const pointless = await booked();
    await startsIn(pointless.appointmentId, 590);
    await district.asSystem((unit) => remind(unit, pointless.appointmentId, 'PT10M'));
    const [message] = (await messagesAbout(pointless.appointmentId)).filter(({ kind }) => kind.includes('reminder'));
    if (message === undefined) throw new Error('no reminder');
    await db()
      .updateTable('communication')
      .set({ not_after: new Date(Date.now() - 1_000) })
      .where('id', '=', message.id)
      .execute();
    await deliver(district.services, message.id, 'test', () => Promise.resolve());
    const after = (await messagesAbout(pointless.appointmentId)).find(({ id }) => id === message.id);
    expect(after?.status).toBe('withdrawn');
  });
});

describe('“your turn soon”', () => {
  test('reaches whoever has two ahead or fewer, once, and nobody while the specialist is away', async () => {
    const own = await district.specialist();
    const flow = flowTo(own);
    const visits = [];
    for (let index = 0; index < 4; index += 1) visits.push(await flow.walkIn({ name: `赵${index}` }));
    const entries = await db()
      .selectFrom('queue_entry')
      .select(['id', 'queue_id', 'encounter_id'])
      .where(
        'encounter_id',
        'in',
        visits.map(({ encounterId }) => encounterId),
      )
      .execute();
    const queueId = entries[0]?.queue_id ?? '';
    const toldOf = async () =>
      (
        await db()
          .selectFrom('communication')
          .select('subject_id')
          .where('kind', '=', 'turn-soon')
          .where(
            'subject_id',
            'in',
            entries.map(({ id }) => id),
          )
          .execute()
      ).length;
    await district.asSystem((unit) => turnSoon(unit, queueId));
    expect(await toldOf()).toBe(0);
    await setAvailability(district.services, district.context(own.actor), { state: 'available' });
    await district.asSystem((unit) => turnSoon(unit, queueId));
    await district.asSystem((unit) => turnSoon(unit, queueId));
    expect(await toldOf()).toBe(3);
    const job = await db()
      .selectFrom('job')
      .select('kind')
      .where('subject_id', '=', queueId)
      .where('kind', '=', 'queue.turn-soon')
      .execute();
    expect(job).toHaveLength(1);
  });
});
