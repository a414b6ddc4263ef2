import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { markLeft } from '../../signaling/src/operations/clinic/markLeft.ts';
import { editCalendar, previewCalendarEdit, readCalendar } from '../../signaling/src/operations/schedule/calendar.ts';
import { readSchedule } from '../../signaling/src/operations/schedule/readSchedule.ts';
import { ensureSlots } from '../../signaling/src/store/ensureSlots.ts';
import { CareDistrict, type TestSpecialist } from '../support/careDistrict.ts';
import { CareFlow, failure } from '../support/careFlow.ts';
import { leave, ScheduleStage, weekdayOf } from '../support/scheduleStage.ts';

let district: CareDistrict;
let stage: ScheduleStage;

beforeAll(async () => {
  district = await CareDistrict.create();
  stage = await ScheduleStage.open(district);
});
afterAll(() => district.close());

const MORNING = ['09:00', '09:15', '09:30', '09:45', '10:00', '10:15', '10:30', '10:45'];
const administrator = (of: TestSpecialist) =>
  district.context({ ...of.actor, role: 'district-administrator', practitionerRoleId: null });
const name = { zh: '假日', en: 'Holiday' };

describe('the official calendar', () => {
  test('2026 is seeded as announced, 2027 as far as the law goes and marked as provisional', async () => {
    const other = await CareDistrict.create();
    try {
      const { days } = await readCalendar(other.services, { year: 2026 });
      expect(days.filter((day) => day.kind === 'holiday')).toHaveLength(3 + 9 + 3 + 5 + 3 + 3 + 7);
      expect(days.filter((day) => day.kind === 'working-day').map((day) => day.date)).toEqual([
        '2026-01-04',
        '2026-02-14',
        '2026-02-28',
        '2026-05-09',
        '2026-09-20',
        '2026-10-10',
      ]);
      for (const { date } of days.filter((day) => day.kind === 'working-day'))
        expect(weekdayOf(date)).toBeGreaterThan(5);
      const next = await readCalendar(other.services, { year: 2027 });
      expect(next.days).toHaveLength(13);
      expect(next.days.every((day) => day.provisional && day.kind === 'holiday')).toBe(true);
    } finally {
      await other.close();
    }
  });
});

describe('slots', () => {
  test('come from the template of the weekday and end with the session; none overruns it', async () => {
    const specialist = await stage.specialist(3, { endTime: '10:10', slotMinutes: 20 });
    expect(await stage.times(specialist, 3)).toEqual(['09:00', '09:20', '09:40']);
    expect(await stage.times(specialist, 4)).toEqual([]);
    expect(await stage.times(specialist, 10)).toEqual(['09:00', '09:20', '09:40']);
  });

  test('keep to the calendar day in Shanghai from midnight to midnight', async () => {
    const specialist = await stage.specialist(3, { startTime: '00:00', endTime: '24:00', slotMinutes: 60 });
    const times = await stage.times(specialist, 3);
    expect(times).toHaveLength(24);
    expect([times[0], times.at(-1)]).toEqual(['00:00', '23:00']);
    expect(await stage.times(specialist, 2)).toEqual([]);
    expect(await stage.times(specialist, 4)).toEqual([]);
    await stage.change(specialist, leave(stage.day(3)));
    expect(await stage.times(specialist, 3)).toEqual([]);
  });

  test('a template holds from its first day to its last', async () => {
    const specialist = await stage.specialist(3, { effectiveFrom: stage.day(4), effectiveTo: stage.day(10) });
    expect(await stage.times(specialist, 3)).toEqual([]);
    expect(await stage.times(specialist, 10)).toEqual(MORNING);
  });

  test('are made once however often and however many at once make them', async () => {
    const specialist = await stage.specialist(3);
    const made = await Promise.all([ensureSlots(district.services.db, 14), ensureSlots(district.services.db, 14)]);
    expect(made).toEqual([0, 0]);
    expect(await stage.times(specialist, 3)).toEqual(MORNING);
  });

  test('on a public holiday there are none, but for emergency duty; an ordinary day again, they are back', async () => {
    const specialist = await stage.specialist(5);
    const onDuty = await stage.specialist(5, { onHolidays: true });
    const context = administrator(specialist);
    const date = stage.day(5);
    const effect = await editCalendar(district.services, context, {
      date,
      mark: { kind: 'holiday', name },
      confirmed: [],
    });
    expect(effect.slotsRemoved).toBeGreaterThanOrEqual(MORNING.length);
    expect(await stage.times(specialist, 5)).toEqual([]);
    expect(await stage.times(onDuty, 5)).toEqual(MORNING);
    await ensureSlots(district.services.db, 14);
    expect(await stage.times(specialist, 5)).toEqual([]);
    await editCalendar(district.services, context, { date, mark: null, confirmed: [] });
    expect(await stage.slots(specialist, 5)).toEqual(MORNING.map((at) => `${at} free`));
  });

  test('a swapped working day takes the templates of the weekday it stands for, and only those', async () => {
    const specialist = await stage.specialist(6);
    await stage.edit(specialist.actor, specialist, stage.template(8, { startTime: '14:00', endTime: '15:00' }));
    const mark = { kind: 'working-day' as const, name, templateWeekday: weekdayOf(stage.day(8)) };
    await editCalendar(district.services, administrator(specialist), { date: stage.day(6), mark, confirmed: [] });
    expect(await stage.times(specialist, 6)).toEqual(['14:00', '14:15', '14:30', '14:45']);
    await editCalendar(district.services, administrator(specialist), { date: stage.day(6), mark: null, confirmed: [] });
    expect(await stage.times(specialist, 6)).toEqual(MORNING);
  });

  test.each([
    ['a whole day of leave', () => leave(stage.day(3)), []],
    ['leave over several days', () => leave(stage.day(2), stage.day(4)), []],
    [
      'a part of the day: whatever it touches',
      () => leave(stage.day(3), stage.day(3), ['09:20', '10:00']),
      ['09:00', '10:00', '10:15', '10:30', '10:45'],
    ],
    [
      'a shortened day: only what lies inside',
      () => ({
        kind: 'shortened-day' as const,
        day: stage.day(3),
        startTime: '09:10',
        endTime: '10:05',
        reason: '会诊',
      }),
      ['09:15', '09:30', '09:45'],
    ],
    [
      'an extra session',
      () => ({
        kind: 'extra-session' as const,
        day: stage.day(3),
        startTime: '19:00',
        endTime: '20:00',
        slotMinutes: 30,
        walkInCapacity: 2,
        organizationId: null,
        reason: '加班门诊',
      }),
      [...MORNING, '19:00', '19:30'],
    ],
  ])('follow %s, and come back when it is withdrawn', async (_what, edit, expected) => {
    const specialist = await stage.specialist(3);
    await stage.change(specialist, edit());
    expect(await stage.times(specialist, 3)).toEqual(expected);
    await ensureSlots(district.services.db, 14);
    expect(await stage.times(specialist, 3)).toEqual(expected);
    const view = await readSchedule(district.services, district.context(specialist.actor), {
      practitionerRoleId: specialist.practitionerRoleId,
      weeks: 3,
    });
    const [exception] = view.exceptions;
    if (exception === undefined) throw new Error('no exception in the schedule');
    await stage.change(specialist, { kind: 'withdraw-exception', exceptionId: exception.exceptionId });
    expect(await stage.times(specialist, 3)).toEqual(MORNING);
  });

  test('leave takes an extra session out that was there before, and none that is added afterwards', async () => {
    const specialist = await stage.specialist(3);
    const extra = (startTime: string, endTime: string) => ({
      kind: 'extra-session' as const,
      day: stage.day(3),
      startTime,
      endTime,
      slotMinutes: 30,
      walkInCapacity: 2,
      organizationId: null,
      reason: '加班门诊',
    });
    await stage.change(specialist, extra('19:00', '20:00'));
    await stage.change(specialist, leave(stage.day(3)));
    expect(await stage.times(specialist, 3)).toEqual([]);
    await stage.change(specialist, extra('20:00', '20:30'));
    expect(await stage.times(specialist, 3)).toEqual(['20:00']);
  });

  test('another slot length replaces the free slots from its day on and leaves earlier weeks alone', async () => {
    const specialist = await stage.specialist(3);
    const { templates } = await readSchedule(district.services, district.context(specialist.actor), {
      practitionerRoleId: specialist.practitionerRoleId,
      weeks: 1,
    });
    const scheduleId = templates[0]?.scheduleId ?? null;
    await stage.change(specialist, stage.template(3, { scheduleId, slotMinutes: 30, effectiveFrom: stage.day(4) }));
    expect(await stage.times(specialist, 3)).toEqual(MORNING);
    expect(await stage.times(specialist, 10)).toEqual(['09:00', '09:30', '10:00', '10:30']);
  });

  test('an ended template has no slots after its last day', async () => {
    const specialist = await stage.specialist(3);
    const { templates } = await readSchedule(district.services, district.context(specialist.actor), {
      practitionerRoleId: specialist.practitionerRoleId,
      weeks: 1,
    });
    const [template] = templates;
    if (template === undefined) throw new Error('no template');
    await stage.change(specialist, { kind: 'end-template', scheduleId: template.scheduleId, lastDay: stage.day(5) });
    expect(await stage.times(specialist, 3)).toEqual(MORNING);
    expect(await stage.times(specialist, 10)).toEqual([]);
  });
});

describe('what makes no sense is refused with the field that is wrong', () => {
  test.each([
    ['a day that is over', () => leave(stage.day(-1)), 'firstDay', 'past'],
    ['an end before its beginning', () => leave(stage.day(4), stage.day(3)), 'lastDay', 'before-start'],
    [
      'hours that end before they begin',
      () => leave(stage.day(3), stage.day(3), ['10:00', '09:00']),
      'endTime',
      'before-start',
    ],
    [
      'a session over another one',
      () => stage.template(3, { startTime: '10:00', endTime: '12:00' }),
      'startTime',
      'overlaps',
    ],
    [
      'slots longer than their session',
      () => stage.template(4, { endTime: '09:10', slotMinutes: 15 }),
      'slotMinutes',
      'longer-than-session',
    ],
    [
      'an extra session in the middle of a session',
      () => ({
        kind: 'extra-session' as const,
        day: stage.day(3),
        startTime: '10:30',
        endTime: '12:00',
        slotMinutes: 15,
        walkInCapacity: 0,
        organizationId: null,
        reason: '加班',
      }),
      'startTime',
      'overlaps',
    ],
  ])('%s', async (_what, edit, field, reason) => {
    const specialist = await stage.specialist(3);
    const error = await failure(stage.edit(specialist.actor, specialist, edit()));
    expect(error).toMatchObject({ code: 'BAD_REQUEST', details: { field, reason } });
  });
});

describe('who may', () => {
  test('the coordinator of the hospital may, one of another hospital and another specialist find nothing', async () => {
    const specialist = await stage.specialist(3);
    await stage.edit(stage.coordinator(specialist), specialist, leave(stage.day(3)));
    const { made_by_role: madeBy } = await district.services.db
      .selectFrom('schedule_exception')
      .select('made_by_role')
      .where('practitioner_role_id', '=', specialist.practitionerRoleId)
      .executeTakeFirstOrThrow();
    expect(madeBy).toBe('coordinator');
    const colleague = await district.specialist();
    for (const actor of [stage.strangeCoordinator(specialist), colleague.actor]) {
      const refused = await failure(stage.edit(actor, specialist, leave(stage.day(10))));
      const unseen = await failure(
        readSchedule(district.services, district.context(actor), {
          practitionerRoleId: specialist.practitionerRoleId,
          weeks: 1,
        }),
      );
      expect([refused.code, unseen.code]).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    }
    expect(await stage.times(specialist, 10)).toEqual(MORNING);
    const denied = await district.services.db
      .selectFrom('audit_event')
      .select('action')
      .where('entity_id', '=', specialist.practitionerRoleId)
      .where('outcome', '=', 'denied')
      .execute();
    expect(denied.map((row) => row.action).toSorted()).toEqual([
      'schedule:read',
      'schedule:read',
      'schedule:write',
      'schedule:write',
    ]);
  });

  test('a preview changes nothing at all', async () => {
    const specialist = await stage.specialist(3);
    await stage.book(specialist, 3, '09:30');
    const before = await stage.slots(specialist, 3);
    const messages = async () => (await district.services.db.selectFrom('communication').select('id').execute()).length;
    const sent = await messages();
    const effect = await stage.preview(specialist.actor, specialist, leave(stage.day(3)));
    expect(effect).toMatchObject({ slotsRemoved: 8, affected: [{ patientName: '王秀英' }] });
    expect(await stage.slots(specialist, 3)).toEqual(before);
    expect(await messages()).toBe(sent);
    const calendar = await previewCalendarEdit(district.services, administrator(specialist), {
      date: stage.day(3),
      mark: { kind: 'holiday', name },
    });
    expect(calendar.affected.map((one) => one.patientName)).toContain(null);
    expect(calendar.affected.every((one) => one.patientName === null)).toBe(true);
    expect((await readCalendar(district.services, { year: Number(stage.day(3).slice(0, 4)) })).days).toEqual([]);
  });
});

describe('walk-ins', () => {
  /** Works all of today, so that a session runs whenever this is tested. */
  const today = (walkInCapacity: number) =>
    stage.specialist(0, { startTime: '00:00', endTime: '24:00', slotMinutes: 60, walkInCapacity });
  const walkIn = (of: TestSpecialist, urgent = false) => new CareFlow(district, stage.clinic, of).walkIn({ urgent });

  test('are taken as far as the session takes them, however many desks register at once; urgent ones on top', async () => {
    const specialist = await today(3);
    const results = await Promise.allSettled(Array.from({ length: 6 }, () => walkIn(specialist)));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(3);
    for (const result of results) {
      if (result.status === 'rejected') {
        expect(result.reason).toMatchObject({ code: 'LIMIT_REACHED', details: { limit: 'walk-ins', max: 3 } });
      }
    }
    expect((await walkIn(specialist, true)).status).toBe('arrived');
  });

  test('that find no place are told which colleagues have one; who left makes room', async () => {
    const [specialist, colleague] = [await today(1), await today(5)];
    const first = await walkIn(specialist);
    const error = await failure(walkIn(specialist));
    expect(error.details?.['colleagues']).toContainEqual(
      expect.objectContaining({ practitionerRoleId: colleague.practitionerRoleId, left: 5 }),
    );
    await markLeft(district.services, district.context(stage.clinic.nurse), { encounterId: first.encounterId });
    expect((await walkIn(specialist)).status).toBe('arrived');
  });

  test('are not sent to somebody on leave', async () => {
    const specialist = await today(5);
    await stage.change(specialist, leave(stage.day(0)));
    // Slots that have begun stay; what is left of the plan is nothing.
    const error = await failure(walkIn(specialist));
    expect(error).toMatchObject({ code: 'LIMIT_REACHED', details: { limit: 'on-leave' } });
  });

  test('of somebody who works without a plan are not counted', async () => {
    const specialist = await district.specialist();
    for (let count = 0; count < 6; count += 1) await walkIn(specialist);
  });
});
