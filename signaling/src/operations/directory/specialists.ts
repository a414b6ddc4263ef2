import type { Specialist } from '@cloud-hospital/protocol/rest';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { databaseNow } from '../../store/databaseNow.ts';
import { bookingWindowEnd } from '../../store/freeSlots.ts';
import { findSpecialists, type SpecialistFilter } from '../../store/specialists.ts';
import { visibleSpecialists } from './visibleSpecialists.ts';

export type Search = Pick<SpecialistFilter, 'departmentCode' | 'organizationId' | 'q'>;

/** Specialists the actor may search, with their next free slot, soonest first. */
export async function specialists(
  { db, config }: Services,
  { agent }: ActorContext,
  search: Search,
): Promise<{ specialists: Specialist[] }> {
  const visible = visibleSpecialists(agent);
  if (visible === null) return { specialists: [] };
  const { organizationId } = visible;
  if (typeof organizationId === 'string' && (search.organizationId ?? organizationId) !== organizationId) {
    return { specialists: [] };
  }
  const until = bookingWindowEnd(await databaseNow(db), config.BOOKING_WINDOW_DAYS);
  return { specialists: await findSpecialists(db, { ...search, ...visible }, until) };
}
