import type { Specialist } from '@cloud-hospital/protocol/rest';
import { dayBounds } from '../../domain/localTime.ts';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { databaseNow } from '../../store/databaseNow.ts';
import { bookingWindowEnd } from '../../store/freeSlots.ts';
import { findSpecialists, type SpecialistFilter } from '../../store/specialists.ts';
import { visibleSpecialists } from './visibleSpecialists.ts';

export type Search = Pick<SpecialistFilter, 'departmentCode' | 'organizationId' | 'q'> & {
  readonly date?: string | undefined;
};

/** Specialists the actor may search, with their next free slot, soonest first. */
export async function specialists(
  { db, config }: Services,
  { agent }: ActorContext,
  { date, ...search }: Search,
): Promise<{ specialists: Specialist[] }> {
  const visible = visibleSpecialists(agent);
  if (visible === null) return { specialists: [] };
  const { organizationId } = visible;
  if (typeof organizationId === 'string' && (search.organizationId ?? organizationId) !== organizationId) {
    return { specialists: [] };
  }
  const end = bookingWindowEnd(await databaseNow(db), config.BOOKING_WINDOW_DAYS);
  if (date === undefined) return { specialists: await findSpecialists(db, { ...search, ...visible }, end) };
  const day = dayBounds(date);
  const until = new Date(Math.min(end.getTime(), day.end.getTime()));
  return { specialists: await findSpecialists(db, { ...search, ...visible, since: day.start }, until) };
}
