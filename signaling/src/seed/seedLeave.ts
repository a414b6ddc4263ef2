import { sql } from 'kysely';
import { localDate, localHour } from '../domain/localTime.ts';
import { applyPlan } from '../operations/schedule/applyPlan.ts';
import type { Unit } from '../store/command.ts';

/** The defaults of config.ts. */
const CONFIG = {
  BOOKING_WINDOW_DAYS: 14,
  NO_SHOW_AFTER_SECONDS: 1_800,
  LATE_ALERT_SECONDS: 300,
  LATE_TELL_SECONDS: 600,
};
const LAST_HOUR = 22;

const clock = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;

/**
 * One specialist of the first hospital takes two hours off, two days or more ahead, in which somebody has booked: so that the
 * coordinator, the clinic and the resident see what an unanswered change looks like.
 */
export async function seedLeave(unit: Unit, hospitalId: string): Promise<void> {
  const { tx } = unit;
  const found = await tx
    .selectFrom('appointment')
    .innerJoin('practitioner_role', 'practitioner_role.id', 'appointment.practitioner_role_id')
    .innerJoin('practitioner', 'practitioner.id', 'practitioner_role.practitioner_id')
    .select([
      'practitioner_role.id as roleId',
      'practitioner.account_id as accountId',
      sql<Date>`lower(appointment.period)`.as('start'),
    ])
    .where('practitioner_role.organization_id', '=', hospitalId)
    .where('appointment.status', '=', 'booked')
    .where(sql<boolean>`lower(appointment.period) > now() + interval '50 hours'`)
    .orderBy(sql`lower(appointment.period)`)
    .limit(1)
    .executeTakeFirst();
  if (found === undefined) return;
  const day = localDate(found.start);
  const from = Math.min(localHour(found.start), LAST_HOUR);
  await tx
    .insertInto('schedule_exception')
    .values({
      practitioner_role_id: found.roleId,
      kind: 'leave',
      first_day: day,
      last_day: day,
      start_time: clock(from),
      end_time: clock(from + 2),
      slot_minutes: null,
      walk_in_capacity: null,
      organization_id: null,
      reason: '院内会议',
      made_by_account: found.accountId,
      made_by_role: 'specialist',
    })
    .execute();
  await applyPlan({ config: CONFIG }, unit, {
    practitionerRoleId: found.roleId,
    first: day,
    last: day,
    cause: 'leave',
  });
}
