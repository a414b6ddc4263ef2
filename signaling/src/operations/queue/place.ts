import type { QueuePlace } from '@cloud-hospital/protocol/rest';
import type { Actor } from '../../domain/Actor.ts';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { isClinicStaff } from '../booking/visibility.ts';
import { hiddenError, runVisible } from '../denied.ts';
import { overPlace } from './overPlace.ts';
import { computePlaces } from './places.ts';

const isRelated = (
  actor: Actor,
  entry: { patient_id: string; location_id: string; practitioner_role_id: string | null },
): boolean => {
  if (isClinicStaff(actor)) return actor.locationId === entry.location_id;
  if (actor.role === 'resident') return actor.patientId === entry.patient_id;
  return (
    actor.role === 'specialist' &&
    entry.practitioner_role_id !== null &&
    actor.practitionerRoleId === entry.practitioner_role_id
  );
};

/**
 * One entry's place: a position, an honest time and the reason. Nothing clinical, so reading it isn't audited.
 * An entry that is over keeps its answer, so that a waiting page says how it ended.
 * @throws AppError NOT_FOUND
 */
export const place = (
  services: Services,
  context: ActorContext,
  input: { readonly queueEntryId: string },
): Promise<QueuePlace> =>
  runVisible(services, context, async (unit) => {
    const entry = await unit.tx
      .selectFrom('queue_entry')
      .innerJoin('queue', 'queue.id', 'queue_entry.queue_id')
      .select(['queue_entry.queue_id', 'patient_id', 'location_id', 'queue.practitioner_role_id'])
      .where('queue_entry.id', '=', input.queueEntryId)
      .executeTakeFirst();
    if (entry === undefined || !isRelated(context.agent, entry)) {
      throw hiddenError(entry !== undefined, {
        action: 'queue:place',
        entityKind: 'QueueEntry',
        entityId: input.queueEntryId,
        patientId: entry?.patient_id ?? null,
      });
    }
    const places = await computePlaces(unit.tx, entry.queue_id);
    const found = places.find((candidate) => candidate.queueEntryId === input.queueEntryId);
    return found ?? overPlace(unit.tx, input.queueEntryId);
  });
