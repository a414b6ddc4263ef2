import { randomUUID } from 'node:crypto';
import type { AppointmentId } from '@cloud-hospital/protocol';
import type { ScheduleChangeAnswer } from '@cloud-hospital/protocol/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Actor } from '../../signaling/src/domain/Actor.ts';
import { cancel } from '../../signaling/src/operations/booking/cancel.ts';
import { hold } from '../../signaling/src/operations/booking/hold.ts';
import { markNoShow } from '../../signaling/src/operations/booking/markNoShow.ts';
import { getAppointment } from '../../signaling/src/operations/booking/read.ts';
import { remind } from '../../signaling/src/operations/booking/remind.ts';
import { checkIn } from '../../signaling/src/operations/clinic/checkIn.ts';
import { worklist } from '../../signaling/src/operations/clinic/worklist.ts';
import { answerScheduleChange } from '../../signaling/src/operations/schedule/answerChange.ts';
import { getScheduleChange } from '../../signaling/src/operations/schedule/getChange.ts';
import { listUnanswered } from '../../signaling/src/operations/schedule/listUnanswered.ts';
import { answerBy } from '../../signaling/src/operations/schedule/openChange.ts';
import { readSchedule } from '../../signaling/src/operations/schedule/readSchedule.ts';
import { alertCoordinator, lapseChange } from '../../signaling/src/operations/schedule/remindChange.ts';
import { CareDistrict, type TestSpecialist } from '../support/careDistrict.ts';
import { failure } from '../support/careFlow.ts';
import { leave, ScheduleStage } from '../support/scheduleStage.ts';

let district: CareDistrict;
let stage: ScheduleStage;

beforeAll(async () => {
  district = await CareDistrict.create();
  stage = await ScheduleStage.open(district);
});
afterAll(() => district.close());

const db = () => district.services.db;
const appointmentRow = (id: string) =>
  db().selectFrom('appointment').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const changeRow = (appointmentId: string) =>
  db()
    .selectFrom('schedule_change')
    .selectAll()
    .where('appointment_id', '=', appointmentId)
    .orderBy('created_at', 'desc')
    .executeTakeFirstOrThrow();
const look = (actor: Actor, appointmentId: AppointmentId) =>
  getScheduleChange(district.services, district.context(actor), { appointmentId });
const answer = (
  actor: Actor,
  appointmentId: AppointmentId,
  given: ScheduleChangeAnswer['answer'],
  key = randomUUID(),
) => answerScheduleChange(district.services, district.context(actor, key), { appointmentId, answer: given });
const told = async (appointmentId: string) =>
  (await db().selectFrom('communication').select('kind').where('subject_id', '=', appointmentId).execute()).map(
    (row) => row.kind,
  );
const audits = async (entityId: string) =>
  await db()
    .selectFrom('audit_event')
    .select(['action', 'reason', 'actor_role', 'outcome', 'details'])
    .where('entity_id', '=', entityId)
    .orderBy('id')
    .execute();

/** Somebody booked at 09:30 three days ahead, and then the specialist takes the day off; a colleague works that day. */
async function withdrawnTime(options: { colleague?: boolean } = {}) {
  const specialist = await stage.specialist(3);
  // Another weekday, so that there are other times, too.
  await stage.edit(specialist.actor, specialist, stage.template(4));
  const colleague = options.colleague === false ? null : await stage.specialist(3);
  const { resident, appointment, slotId } = await stage.book(specialist, 3, '09:30');
  await stage.change(specialist, leave(stage.day(3)));
  return { specialist, colleague, resident, appointment, slotId };
}

/** The department is this file's only one: whoever must not be a substitute stops working. */
const retire = (specialist: TestSpecialist) =>
  db()
    .updateTable('practitioner_role')
    .set({ active: false })
    .where('id', '=', specialist.practitionerRoleId)
    .execute();

describe('a change of the schedule where somebody has booked', () => {
  test('names them first, and takes no time whose patient the preview did not name', async () => {
    const specialist = await stage.specialist(3);
    const { appointment } = await stage.book(specialist, 3, '09:30');
    const preview = await stage.preview(specialist.actor, specialist, leave(stage.day(3)));
    expect(preview.affected).toMatchObject([{ appointmentId: appointment.appointmentId, checkedIn: false }]);
    const { appointment: later } = await stage.book(specialist, 3, '10:00');
    const error = await failure(
      stage.edit(specialist.actor, specialist, leave(stage.day(3)), [appointment.appointmentId]),
    );
    expect(error).toMatchObject({ code: 'VERSION_CONFLICT', details: { reason: 'affected-changed' } });
    expect((await appointmentRow(later.appointmentId)).status).toBe('booked');
    const view = await readSchedule(district.services, district.context(specialist.actor), {
      practitionerRoleId: specialist.practitionerRoleId,
      weeks: 2,
    });
    expect(view.exceptions).toEqual([]);
  });

  test('leaves the appointment booked and visible, tells the resident, and stops reminding of the old time', async () => {
    const { specialist, resident, appointment, slotId } = await withdrawnTime();
    const seen = await getAppointment(district.services, district.context(resident.actor), appointment);
    expect(seen).toMatchObject({ status: 'booked', scheduleChange: { cause: 'leave' } });
    expect(seen.version).toBeGreaterThan(appointment.version);
    const slot = await db().selectFrom('slot').select('status').where('id', '=', slotId).executeTakeFirstOrThrow();
    expect(slot.status).toBe('busy-unavailable');
    expect(await told(appointment.appointmentId)).toContain('schedule-changed');
    const jobs = await db()
      .selectFrom('job')
      .select(['kind'])
      .where('subject_id', '=', appointment.appointmentId)
      .where('state', '=', 'pending')
      .where('kind', 'like', 'appointment.%')
      .execute();
    expect(jobs).toEqual([]);
    expect(await district.asSystem((unit) => remind(unit, appointment.appointmentId, 'P1D'))).toBe(false);
    const change = await changeRow(appointment.appointmentId);
    expect(await audits(change.id)).toMatchObject([
      { action: 'schedule-change:open', reason: 'leave', actor_role: 'specialist' },
    ]);
    expect(await audits(specialist.practitionerRoleId)).toContainEqual(
      expect.objectContaining({
        action: 'schedule:edit',
        reason: '学术会议',
        details: expect.objectContaining({ affected: [appointment.appointmentId] }),
      }),
    );
    const events = await db().selectFrom('outbox').select(['name', 'topics']).orderBy('id', 'desc').limit(20).execute();
    expect(events).toContainEqual({
      name: 'appointment:changed',
      topics: [`patient:${resident.patientId}`, `location:${stage.clinic.locationId}`],
    });
  });

  test('ends a hold on such a time, whose holder is told so when confirming', async () => {
    const specialist = await stage.specialist(3);
    const resident = await district.resident();
    const held = await hold(district.services, district.context(resident.actor), {
      slotId: await stage.slotAt(specialist, 3, '09:30'),
      patientId: resident.patientId,
    });
    await stage.change(specialist, leave(stage.day(3)));
    expect(await appointmentRow(held.appointmentId)).toMatchObject({
      status: 'cancelled',
      cancellation_reason: 'schedule-changed',
    });
  });

  test('offers a colleague of the department at the same time, and other times of the same specialist', async () => {
    const { specialist, colleague, resident, appointment } = await withdrawnTime();
    const { proposals, status } = await look(resident.actor, appointment.appointmentId);
    expect(status).toBe('open');
    const substitutes = proposals.filter((one) => one.kind === 'substitute');
    const others = proposals.filter((one) => one.kind === 'other-time');
    expect(substitutes).toHaveLength(1);
    expect(substitutes[0]?.start).toBe(appointment.start);
    expect(substitutes[0]?.specialist.practitionerRoleId).not.toBe(specialist.practitionerRoleId);
    expect(others.length).toBeGreaterThanOrEqual(2);
    for (const other of others) expect(other.specialist.practitionerRoleId).toBe(specialist.practitionerRoleId);
    expect(colleague).not.toBeNull();
  });

  test('the time back in the schedule before anybody answered is theirs again, and they hear it', async () => {
    const { specialist, resident, appointment, slotId } = await withdrawnTime();
    const { exceptions } = await readSchedule(district.services, district.context(specialist.actor), {
      practitionerRoleId: specialist.practitionerRoleId,
      weeks: 2,
    });
    const [exception] = exceptions;
    if (exception === undefined) throw new Error('no leave');
    const effect = await stage.change(specialist, { kind: 'withdraw-exception', exceptionId: exception.exceptionId });
    expect(effect.restored).toBe(1);
    const seen = await getAppointment(district.services, district.context(resident.actor), appointment);
    expect(seen).toMatchObject({ status: 'booked', scheduleChange: null, start: appointment.start });
    const slot = await db().selectFrom('slot').select('status').where('id', '=', slotId).executeTakeFirstOrThrow();
    expect(slot.status).toBe('busy');
    expect(await told(appointment.appointmentId)).toContain('schedule-change-withdrawn');
    expect((await changeRow(appointment.appointmentId)).status).toBe('withdrawn');
    const jobs = await db()
      .selectFrom('job')
      .select('kind')
      .where('subject_id', '=', appointment.appointmentId)
      .where('state', '=', 'pending')
      .execute();
    expect(jobs.map((job) => job.kind)).toContain('appointment.no-show');
  });

  test('a booked time that no longer fits the new slot length is not given to anybody else meanwhile', async () => {
    const specialist = await stage.specialist(3);
    const { appointment } = await stage.book(specialist, 3, '09:15');
    const { templates } = await readSchedule(district.services, district.context(specialist.actor), {
      practitionerRoleId: specialist.practitionerRoleId,
      weeks: 1,
    });
    await stage.change(
      specialist,
      stage.template(3, { scheduleId: templates[0]?.scheduleId ?? null, slotMinutes: 20 }),
    );
    // 09:00–09:20 and 09:20–09:40 lie over 09:15–09:30.
    expect(await stage.times(specialist, 3)).toEqual(['09:40', '10:00', '10:20', '10:40']);
    expect((await changeRow(appointment.appointmentId)).cause).toBe('template');
  });
});

describe('the answer', () => {
  test('one tap takes the substitute: old and new appointment change together, once', async () => {
    const { resident, appointment } = await withdrawnTime();
    const { proposals } = await look(resident.actor, appointment.appointmentId);
    const [substitute] = proposals;
    if (substitute === undefined) throw new Error('nothing proposed');
    const key = randomUUID();
    const given = { kind: 'accept' as const, slotId: substitute.slotId };
    const first = await answer(resident.actor, appointment.appointmentId, given, key);
    const again = await answer(resident.actor, appointment.appointmentId, given, key);
    expect(again).toEqual(first);
    expect(first).toMatchObject({ status: 'accepted', start: substitute.start });
    expect(await appointmentRow(appointment.appointmentId)).toMatchObject({
      status: 'cancelled',
      cancellation_reason: 'schedule-changed',
      cancelled_by: 'patient',
    });
    expect(await appointmentRow(first.appointmentId)).toMatchObject({
      status: 'booked',
      slot_id: substitute.slotId,
      previous_appointment_id: appointment.appointmentId,
    });
    const change = await changeRow(appointment.appointmentId);
    expect(change).toMatchObject({
      status: 'accepted',
      answered_by_role: 'resident',
      new_appointment_id: first.appointmentId,
    });
    expect(await audits(change.id)).toContainEqual(
      expect.objectContaining({ action: 'schedule-change:close', reason: 'accepted' }),
    );
    expect(await told(first.appointmentId)).toEqual(['appointment-moved']);
    const later = await failure(answer(resident.actor, appointment.appointmentId, { kind: 'decline' }));
    expect(later.code).toBe('INVALID_TRANSITION');
  });

  test('no proposal wanted: the appointment is cancelled, recorded as declined', async () => {
    const { resident, appointment } = await withdrawnTime();
    await answer(resident.actor, appointment.appointmentId, { kind: 'decline' });
    expect(await appointmentRow(appointment.appointmentId)).toMatchObject({
      status: 'cancelled',
      cancellation_reason: 'schedule-changed',
    });
    expect((await changeRow(appointment.appointmentId)).status).toBe('declined');
    expect(await told(appointment.appointmentId)).toContain('appointment-cancelled');
  });

  test('an ordinary cancellation answers it as well', async () => {
    const { resident, appointment } = await withdrawnTime();
    const seen = await getAppointment(district.services, district.context(resident.actor), appointment);
    await cancel(district.services, district.context(resident.actor), {
      appointmentId: seen.appointmentId,
      version: seen.version,
      reason: 'patient-request',
    });
    expect((await changeRow(appointment.appointmentId)).status).toBe('declined');
  });

  test('staff of the clinic see it in their list and answer for the resident, recorded as proxy', async () => {
    const { resident, appointment } = await withdrawnTime();
    const { items } = await worklist(district.services, district.context(stage.clinic.nurse), { date: stage.day(3) });
    const item = items.find((one) => one.appointmentId === appointment.appointmentId);
    expect(item?.answerNeeded).toBe(true);
    const refused = await failure(
      checkIn(district.services, district.context(stage.clinic.nurse), {
        by: 'name',
        appointmentId: appointment.appointmentId,
        identityVerified: true,
      }),
    );
    expect(refused.code).toBe('ANSWER_NEEDED');
    const { proposals } = await look(stage.clinic.nurse, appointment.appointmentId);
    const other = proposals.find((one) => one.kind === 'other-time');
    if (other === undefined) throw new Error('no other time');
    const answered = await answer(stage.clinic.nurse, appointment.appointmentId, {
      kind: 'accept',
      slotId: other.slotId,
    });
    expect(await changeRow(appointment.appointmentId)).toMatchObject({
      status: 'accepted',
      answered_by_role: 'nurse',
      answered_by_account: stage.clinic.nurse.userId,
    });
    const [closed] = (await audits((await changeRow(appointment.appointmentId)).id)).filter(
      (row) => row.action === 'schedule-change:close',
    );
    expect(closed?.details).toMatchObject({ proxy: true });
    // Still the resident's own booking: they see it without having shown their card.
    const seen = await getAppointment(district.services, district.context(resident.actor), answered);
    expect(seen.bookedByProxy).toBe(false);
  });

  test('the coordinator has the list with deadline, without anything clinical, and can answer', async () => {
    const { specialist, appointment } = await withdrawnTime();
    const coordinator = stage.coordinator(specialist);
    const { changes } = await listUnanswered(district.services, district.context(coordinator));
    const mine = changes.find((one) => one.appointmentId === appointment.appointmentId);
    expect(mine).toMatchObject({ patientName: '王秀英', overdue: false, cause: 'leave' });
    expect(JSON.stringify(mine)).not.toContain(appointment.complaint);
    expect(mine?.proposals.length).toBeGreaterThan(0);
    await answer(coordinator, appointment.appointmentId, { kind: 'decline' });
    expect(await appointmentRow(appointment.appointmentId)).toMatchObject({ cancelled_by: 'hospital' });
    const { changes: left } = await listUnanswered(district.services, district.context(coordinator));
    expect(left.map((one) => one.appointmentId)).not.toContain(appointment.appointmentId);
  });

  test('is nobody else’s: another resident, another clinic and another hospital’s coordinator find nothing', async () => {
    const { specialist, appointment } = await withdrawnTime();
    const [stranger, otherClinic] = await Promise.all([district.resident(), district.clinic()]);
    const strange = stage.strangeCoordinator(specialist);
    for (const actor of [stranger.actor, otherClinic.nurse, strange]) {
      expect((await failure(look(actor, appointment.appointmentId))).code).toBe('NOT_FOUND');
      expect((await failure(answer(actor, appointment.appointmentId, { kind: 'decline' }))).code).toBe('NOT_FOUND');
    }
    const { changes } = await listUnanswered(district.services, district.context(strange));
    expect(changes).toEqual([]);
    expect((await appointmentRow(appointment.appointmentId)).status).toBe('booked');
    const denied = (await audits(appointment.appointmentId)).filter((row) => row.outcome === 'denied');
    expect(denied).toHaveLength(6);
  });

  test('a slot that was never proposed is not taken this way', async () => {
    const { resident, appointment } = await withdrawnTime();
    const elsewhere = await stage.specialist(12);
    const slotId = await stage.slotAt(elsewhere, 12, '10:45');
    const error = await failure(answer(resident.actor, appointment.appointmentId, { kind: 'accept', slotId }));
    expect(error.code).toBe('NOT_FOUND');
  });

  test('two who take the same proposal at once: one has it, the other at once gets the next nearest', async () => {
    for (let round = 0; round < 5; round += 1) {
      const specialist = await stage.specialist(3);
      const colleague = await stage.specialist(3);
      const [one, two] = [await stage.book(specialist, 3, '09:30'), await stage.book(specialist, 3, '09:45')];
      await stage.change(specialist, leave(stage.day(3)));
      // Both are offered the same substitute's slot.
      const slotId = await stage.slotAt(colleague, 3, '09:30');
      await db()
        .insertInto('schedule_change_proposal')
        .columns(['schedule_change_id', 'slot_id', 'kind'])
        .expression((eb) =>
          eb
            .selectFrom('schedule_change')
            .select(['id', eb.val(slotId).as('slot_id'), eb.val('substitute' as const).as('kind')])
            .where('appointment_id', 'in', [one.appointment.appointmentId, two.appointment.appointmentId]),
        )
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const results = await Promise.allSettled(
        [one, two].map(({ resident, appointment }) =>
          answer(resident.actor, appointment.appointmentId, { kind: 'accept', slotId }),
        ),
      );
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
      for (const [index, result] of results.entries()) {
        if (result.status === 'fulfilled') continue;
        expect(result.reason).toMatchObject({ code: 'SLOT_TAKEN' });
        expect(result.reason.details.alternatives.length).toBeGreaterThan(0);
        const loser = index === 0 ? one : two;
        const { status, proposals } = await look(loser.resident.actor, loser.appointment.appointmentId);
        expect(status).toBe('open');
        expect(proposals.map((proposal) => proposal.slotId)).not.toContain(slotId);
        const [next] = proposals;
        if (next === undefined) throw new Error('nothing left to offer');
        await answer(loser.resident.actor, loser.appointment.appointmentId, { kind: 'accept', slotId: next.slotId });
      }
      await Promise.all([retire(specialist), retire(colleague)]);
    }
  });
});

describe('unanswered', () => {
  test('is answered for a day ahead, or after half of the time that is left', () => {
    const now = new Date('2026-11-26T10:00:00+08:00');
    expect(answerBy(now, new Date('2026-11-30T10:00:00+08:00'))).toEqual(new Date('2026-11-29T10:00:00+08:00'));
    expect(answerBy(now, new Date('2026-11-26T14:00:00+08:00'))).toEqual(new Date('2026-11-26T12:00:00+08:00'));
  });

  test('alerts the coordinator at its deadline, once, and never after an answer', async () => {
    const { specialist, resident, appointment } = await withdrawnTime();
    const change = await changeRow(appointment.appointmentId);
    const jobs = await db()
      .selectFrom('job')
      .select(['kind', 'due_at', 'state'])
      .where('subject_id', '=', change.id)
      .execute();
    expect(jobs).toContainEqual({ kind: 'schedule-change.alert', due_at: change.answer_by, state: 'pending' });
    expect(jobs.map((job) => job.kind).toSorted()).toEqual(['schedule-change.alert', 'schedule-change.lapse']);
    expect(await district.asSystem((unit) => alertCoordinator(unit, change.id))).toBe(true);
    expect((await changeRow(appointment.appointmentId)).alerted_at).not.toBeNull();
    await db()
      .updateTable('schedule_change')
      .set({ answer_by: new Date(Date.now() - 1_000) })
      .where('id', '=', change.id)
      .execute();
    const { changes } = await listUnanswered(district.services, district.context(stage.coordinator(specialist)));
    expect(changes.find((one) => one.appointmentId === appointment.appointmentId)?.overdue).toBe(true);
    await answer(resident.actor, appointment.appointmentId, { kind: 'decline' });
    expect(await district.asSystem((unit) => alertCoordinator(unit, change.id))).toBe(false);
    expect(await district.asSystem((unit) => lapseChange(unit, change.id))).toBe(false);
  });

  test('ends at its own time as cancelled by the hospital, with word to the resident, and is no no-show', async () => {
    const { appointment } = await withdrawnTime();
    const change = await changeRow(appointment.appointmentId);
    await db()
      .updateTable('appointment')
      .set({
        period: `[${new Date(Date.now() - 3_600_000).toISOString()},${new Date(Date.now() - 3_500_000).toISOString()})`,
      })
      .where('id', '=', appointment.appointmentId)
      .execute();
    expect(await district.asSystem((unit) => markNoShow(unit, appointment.appointmentId))).toBe(false);
    expect(await district.asSystem((unit) => lapseChange(unit, change.id))).toBe(true);
    expect(await appointmentRow(appointment.appointmentId)).toMatchObject({
      status: 'cancelled',
      cancelled_by: 'hospital',
      cancellation_reason: 'schedule-changed',
    });
    expect((await changeRow(appointment.appointmentId)).status).toBe('cancelled');
    expect(await told(appointment.appointmentId)).toContain('schedule-change-lapsed');
  });
});

test('of a full day that goes nobody is lost: each appointment ends in one way, with a reason, and one time at most', async () => {
  const specialist = await stage.specialist(5);
  await stage.edit(specialist.actor, specialist, stage.template(6));
  const colleague = await stage.specialist(5, { startTime: '08:30', endTime: '12:00' });
  const booked = [];
  for (const at of ['09:00', '09:15', '09:30', '09:45', '10:00', '10:15', '10:30', '10:45']) {
    booked.push(await stage.book(specialist, 5, at));
  }
  const effect = await stage.change(specialist, leave(stage.day(5)));
  expect(effect.affected).toHaveLength(booked.length);
  // Everybody at once, in every way there is.
  await Promise.allSettled(
    booked.map(async ({ resident, appointment }, index) => {
      const { appointmentId } = appointment;
      if (index === 7) return;
      if (index === 6) {
        const change = await changeRow(appointmentId);
        await district.asSystem((unit) => lapseChange(unit, change.id));
        return;
      }
      if (index === 5) {
        await answer(resident.actor, appointmentId, { kind: 'decline' });
        return;
      }
      for (let tries = 0; tries < 8; tries += 1) {
        const { proposals, status } = await look(resident.actor, appointmentId);
        const [first] = proposals;
        if (status !== 'open' || first === undefined) return;
        const done = await answer(resident.actor, appointmentId, { kind: 'accept', slotId: first.slotId }).then(
          () => true,
          () => false,
        );
        if (done) return;
      }
    }),
  );
  const rows = await db()
    .selectFrom('schedule_change')
    .innerJoin('appointment as old', 'old.id', 'schedule_change.appointment_id')
    .leftJoin('appointment as new', 'new.id', 'schedule_change.new_appointment_id')
    .select([
      'schedule_change.status',
      'old.status as old_status',
      'old.cancellation_reason as reason',
      'new.status as new_status',
      'new.slot_id as new_slot',
    ])
    .where('schedule_change.practitioner_role_id', '=', specialist.practitionerRoleId)
    .execute();
  expect(rows).toHaveLength(booked.length);
  const accepted = rows.filter((row) => row.status === 'accepted');
  expect(accepted).toHaveLength(5);
  expect(new Set(accepted.map((row) => row.new_slot)).size).toBe(5);
  for (const row of rows) {
    if (row.status === 'open') expect([row.old_status, row.new_status]).toEqual(['booked', null]);
    else expect([row.old_status, row.reason]).toEqual(['cancelled', 'schedule-changed']);
    if (row.status === 'accepted') expect(row.new_status).toBe('booked');
  }
  expect(rows.map((row) => row.status).toSorted()).toEqual([
    ...Array<string>(5).fill('accepted'),
    'cancelled',
    'declined',
    'open',
  ]);
  await retire(colleague);
});
