import { type AppError, SlotId } from '@cloud-hospital/protocol';
import type { Specialist, SlotDay } from '@cloud-hospital/protocol/rest';
import { sql } from 'kysely';
import { dayBounds, localDate, startOfDay } from '../../domain/localTime.ts';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import type { Db } from '../../store/database.ts';
import { databaseNow } from '../../store/databaseNow.ts';
import { bookingWindowEnd, slotIsFree } from '../../store/freeSlots.ts';
import { clinicLoadBetween } from '../../store/clinicLoad.ts';
import { findSpecialists } from '../../store/specialists.ts';
import { auditingDenials, hiddenError } from '../denied.ts';
import { visibleSpecialists } from './visibleSpecialists.ts';

export interface SlotsInput {
  readonly practitionerRoleId: string;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly locationId?: string | undefined;
}

export interface SpecialistSlots {
  readonly specialist: Specialist;
  readonly days: SlotDay[];
}

/** Every day of the range, also those without slots. */
function daysBetween(start: Date, end: Date): string[] {
  const days: string[] = [];
  for (let day = start; day < end; day = dayBounds(localDate(day)).end) days.push(localDate(day));
  return days;
}

/** What the attempt to see another's slots leaves behind. */
async function hidden(db: Db, practitionerRoleId: string): Promise<AppError> {
  const role = await db
    .selectFrom('practitioner_role')
    .select('id')
    .where('id', '=', practitionerRoleId)
    .where('role', '=', 'specialist')
    .executeTakeFirst();
  const attempt = { action: 'slot:search', entityKind: 'PractitionerRole', entityId: practitionerRoleId };
  return hiddenError(role !== undefined, attempt);
}

/**
 * One specialist's slots by day, inside the booking window; what has begun already is left out.
 * @throws AppError NOT_FOUND for a specialist the actor may not search, exactly as for none
 */
export const slots = (services: Services, context: ActorContext, input: SlotsInput): Promise<SpecialistSlots> =>
  auditingDenials(services, context, () => readSlots(services, context, input));

async function readSlots(
  { db, config }: Services,
  { agent }: ActorContext,
  { practitionerRoleId, from, to, locationId }: SlotsInput,
): Promise<SpecialistSlots> {
  const visible = visibleSpecialists(agent);
  const isForeign =
    visible === null ||
    (typeof visible.practitionerRoleId === 'string' && visible.practitionerRoleId !== practitionerRoleId);
  if (isForeign) throw await hidden(db, practitionerRoleId);
  const now = await databaseNow(db);
  const windowEnd = bookingWindowEnd(now, config.BOOKING_WINDOW_DAYS);
  const [specialist] = await findSpecialists(db, { ...visible, practitionerRoleId }, windowEnd);
  if (specialist === undefined) throw await hidden(db, practitionerRoleId);

  const today = startOfDay(localDate(now));
  const start = from === undefined ? today : new Date(Math.max(today.getTime(), startOfDay(from).getTime()));
  const end = to === undefined ? windowEnd : new Date(Math.min(windowEnd.getTime(), dayBounds(to).end.getTime()));
  const rows = await db
    .selectFrom('slot')
    .select([
      'slot.id',
      sql<Date>`lower(slot.period)`.as('start'),
      sql<Date>`upper(slot.period)`.as('end'),
      slotIsFree.as('free'),
    ])
    .where('slot.practitioner_role_id', '=', practitionerRoleId)
    .where('slot.status', '<>', 'busy-unavailable')
    .where(sql<boolean>`lower(slot.period) > now() AND lower(slot.period) >= ${start} AND lower(slot.period) < ${end}`)
    .orderBy(sql`lower(slot.period)`)
    .execute();
  const load = locationId === undefined ? () => null : await clinicLoadBetween(db, config, locationId, { start, end });
  const days = new Map<string, SlotDay>(daysBetween(start, end).map((date) => [date, { date, slots: [] }]));
  for (const row of rows) {
    days.get(localDate(row.start))?.slots.push({
      slotId: SlotId.parse(row.id),
      start: row.start.toISOString(),
      end: row.end.toISOString(),
      free: row.free,
      clinicLoad: load(row),
    });
  }
  return { specialist, days: [...days.values()] };
}
