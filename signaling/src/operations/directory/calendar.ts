import type { FreeDay } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import { dayBounds, localDate, TIME_ZONE } from '../../domain/localTime.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { databaseNow } from '../../store/databaseNow.ts';
import { bookingWindowEnd, slotIsFree } from '../../store/freeSlots.ts';
import { visibleSpecialists } from './visibleSpecialists.ts';

/** How many slots of a department are free on each day of the booking window, over all hospitals or at one. */
export async function calendar(
  { db, config }: Services,
  { agent }: ActorContext,
  input: { readonly departmentCode: string; readonly organizationId?: string | undefined },
): Promise<{ days: FreeDay[] }> {
  const visible = visibleSpecialists(agent);
  if (visible === null) return { days: [] };
  const now = await databaseNow(db);
  const end = bookingWindowEnd(now, config.BOOKING_WINDOW_DAYS);
  const { practitionerRoleId, organizationId } = visible;
  const rows = await db
    .selectFrom('slot')
    .innerJoin('practitioner_role', 'practitioner_role.id', 'slot.practitioner_role_id')
    .select([
      sql<string>`(lower(slot.period) AT TIME ZONE ${TIME_ZONE})::date::text`.as('date'),
      sql<number>`count(*)::int`.as('free'),
    ])
    .where('practitioner_role.department_code', '=', input.departmentCode)
    .where('practitioner_role.active', '=', true)
    .$if(typeof practitionerRoleId === 'string', (query) =>
      query.where('practitioner_role.id', '=', practitionerRoleId ?? ''),
    )
    .$if(typeof organizationId === 'string', (query) =>
      query.where('practitioner_role.organization_id', '=', organizationId ?? ''),
    )
    .$if(input.organizationId !== undefined, (query) =>
      query.where('practitioner_role.organization_id', '=', input.organizationId ?? ''),
    )
    .where(sql<boolean>`lower(slot.period) > now() AND lower(slot.period) < ${end}`)
    .where(slotIsFree)
    .groupBy('date')
    .execute();
  const free = new Map(rows.map((row) => [row.date, row.free]));
  const days: FreeDay[] = [];
  for (let day = now; day < end; day = dayBounds(localDate(day)).end) {
    days.push({ date: localDate(day), free: free.get(localDate(day)) ?? 0 });
  }
  return { days };
}
