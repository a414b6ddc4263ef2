import { AppError, OrganizationId, ScheduleExceptionId, ScheduleId } from '@cloud-hospital/protocol';
import type {
  HospitalRef,
  ScheduleDay,
  ScheduleException,
  ScheduleQuery,
  ScheduleTemplate,
  ScheduleView,
} from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import type { z } from 'zod';
import { addDays, dayBounds, localDate, startOfDay } from '../../domain/localTime.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { loadRefs } from '../../store/refs.ts';
import { runVisible } from '../denied.ts';
import { assertSchedule } from './access.ts';
import { calendarDay } from './calendar.ts';

interface SessionRow {
  day: string;
  start_at: Date;
  end_at: Date;
  extra: boolean;
  slots: number;
  walk_in_capacity: number;
  organization_id: string;
}

interface CountRow {
  day: string;
  free: number;
  booked: number;
  unanswered: number;
}

const hhmm = (time: string): string => time.slice(0, 5);

async function hospitalsById(unit: Unit): Promise<(id: string | null) => HospitalRef> {
  const rows = await unit.tx
    .selectFrom('organization')
    .select(['id', 'name_zh', 'name_en'])
    .where('kind', '=', 'hospital')
    .execute();
  const byId = new Map(
    rows.map((row) => [
      row.id,
      { organizationId: OrganizationId.parse(row.id), name: { zh: row.name_zh, en: row.name_en } },
    ]),
  );
  return (id) => {
    const found = byId.get(id ?? '');
    if (found === undefined) throw new AppError('INTERNAL', { reason: 'a session at no hospital' });
    return found;
  };
}

async function templatesOf(
  unit: Unit,
  roleId: string,
  today: string,
  home: string,
  hospital: (id: string | null) => HospitalRef,
): Promise<ScheduleTemplate[]> {
  const rows = await unit.tx
    .selectFrom('schedule')
    .selectAll()
    .where('practitioner_role_id', '=', roleId)
    .where((eb) =>
      eb.or([
        eb('effective_to', 'is', null),
        eb('effective_to', '>=', sql<string>`greatest(effective_from, ${today}::date)`),
      ]),
    )
    .orderBy('weekday')
    .orderBy('start_time')
    .orderBy('effective_from')
    .execute();
  return rows.map((row) => ({
    scheduleId: ScheduleId.parse(row.id),
    weekday: row.weekday,
    startTime: hhmm(row.start_time),
    endTime: hhmm(row.end_time),
    slotMinutes: row.slot_minutes,
    walkInCapacity: row.walk_in_capacity,
    hospital: hospital(row.organization_id ?? home),
    onHolidays: row.on_holidays,
    effectiveFrom: row.effective_from,
    effectiveTo: row.effective_to,
  }));
}

async function exceptionsOf(unit: Unit, roleId: string, today: string): Promise<ScheduleException[]> {
  const rows = await unit.tx
    .selectFrom('schedule_exception')
    .selectAll()
    .where('practitioner_role_id', '=', roleId)
    .where('withdrawn_at', 'is', null)
    .where('last_day', '>=', today)
    .orderBy('first_day')
    .orderBy('start_time')
    .execute();
  return rows.map((row) => ({
    exceptionId: ScheduleExceptionId.parse(row.id),
    kind: row.kind,
    firstDay: row.first_day,
    lastDay: row.last_day,
    startTime: row.start_time === null ? null : hhmm(row.start_time),
    endTime: row.end_time === null ? null : hhmm(row.end_time),
    reason: row.reason,
  }));
}

/** What is planned and what is booked, day by day; days beyond the booking window have sessions and no bookings. */
async function daysOf(
  unit: Unit,
  roleId: string,
  first: string,
  last: string,
  hospital: (id: string | null) => HospitalRef,
): Promise<ScheduleDay[]> {
  const [{ rows: sessions }, { rows: counts }, marks] = await Promise.all([
    sql<SessionRow>`
      SELECT day, min(start_at) AS start_at, max(end_at) AS end_at, exception_id IS NOT NULL AS extra,
        count(*)::int AS slots, max(walk_in_capacity) AS walk_in_capacity, organization_id
      FROM planned_slots(${first}::date, ${last}::date, ${roleId}::uuid)
      GROUP BY day, schedule_id, exception_id, organization_id
      ORDER BY min(start_at)`.execute(unit.tx),
    sql<CountRow>`
      SELECT (lower(slot.period) AT TIME ZONE 'Asia/Shanghai')::date AS day,
        count(*) FILTER (WHERE slot.status = 'free' AND lower(slot.period) > now())::int AS free,
        count(appointment.id)::int AS booked, count(change.id)::int AS unanswered
      FROM slot
      LEFT JOIN appointment ON appointment.slot_id = slot.id AND appointment.status IN ('booked', 'checked-in', 'fulfilled')
      LEFT JOIN schedule_change AS change ON change.appointment_id = appointment.id AND change.status = 'open'
      WHERE slot.practitioner_role_id = ${roleId}
        AND lower(slot.period) >= ${startOfDay(first)} AND lower(slot.period) < ${dayBounds(last).end}
      GROUP BY 1`.execute(unit.tx),
    unit.tx.selectFrom('calendar_day').selectAll().where('day', '>=', first).where('day', '<=', last).execute(),
  ]);
  const countOf = new Map(counts.map((row) => [row.day, row]));
  const markOf = new Map(marks.map((row) => [row.day, calendarDay(row)]));
  const days: ScheduleDay[] = [];
  for (let date = first; date <= last; date = addDays(date, 1)) {
    const count = countOf.get(date);
    days.push({
      date,
      mark: markOf.get(date) ?? null,
      sessions: sessions
        .filter((row) => row.day === date)
        .map((row) => ({
          start: row.start_at.toISOString(),
          end: row.end_at.toISOString(),
          extra: row.extra,
          slots: row.slots,
          walkInCapacity: row.walk_in_capacity,
          hospital: hospital(row.organization_id),
        })),
      booked: count?.booked ?? 0,
      free: count?.free ?? 0,
      unanswered: count?.unanswered ?? 0,
    });
  }
  return days;
}

/** Monday of that week. */
const mondayOf = (date: string): string => addDays(date, -((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7));

/**
 * A specialist's schedule: the coming weeks as planned and booked, the templates and exceptions behind them.
 * @throws AppError NOT_FOUND for a specialist the actor has nothing to do with
 */
export const readSchedule = (
  services: Services,
  context: ActorContext,
  query: z.infer<typeof ScheduleQuery>,
): Promise<ScheduleView> =>
  runVisible(services, context, async (unit) => {
    const roleId = query.practitionerRoleId;
    await assertSchedule(unit, context.agent, 'schedule:read', roleId);
    const today = localDate(unit.now);
    const first = mondayOf(query.from ?? today);
    const last = addDays(first, query.weeks * 7 - 1);
    const [refs, hospital] = await Promise.all([
      loadRefs(unit.tx, { specialists: [roleId] }, unit.now),
      hospitalsById(unit),
    ]);
    const specialist = refs.specialist(roleId);
    const home = specialist.hospital.organizationId;
    const [days, templates, exceptions, phone] = await Promise.all([
      daysOf(unit, roleId, first, last, hospital),
      templatesOf(unit, roleId, today, home, hospital),
      exceptionsOf(unit, roleId, today),
      unit.tx.selectFrom('practitioner_role').select('phone_visits').where('id', '=', roleId).executeTakeFirstOrThrow(),
    ]);
    return {
      specialist,
      days,
      templates,
      exceptions,
      phoneVisits: phone.phone_visits,
      bookableUntil: addDays(today, services.config.BOOKING_WINDOW_DAYS - 1),
      today,
    };
  });
