import type { QueuePlace } from '@cloud-hospital/protocol/rest';
import type { Actor } from '../../domain/Actor.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { isVisibleToAccount } from '../../store/family.ts';
import type { Services } from '../../Services.ts';
import { accountOf, isClinicStaff } from '../booking/visibility.ts';
import { hiddenError, runVisible } from '../denied.ts';
import { overPlace } from './overPlace.ts';
import { computePlaces } from './places.ts';

/** The person's own place, or one of the family as far as the account may see it. */
async function isOfResident(unit: Unit, actor: Actor, queueEntryId: string): Promise<boolean> {
  if (actor.patientId === null) return false;
  const found = await unit.tx
    .selectFrom('queue_entry')
    .innerJoin('encounter', 'encounter.id', 'queue_entry.encounter_id')
    .innerJoin('patient', 'patient.id', 'queue_entry.patient_id')
    .leftJoin('appointment', 'appointment.id', 'encounter.appointment_id')
    .select('queue_entry.id')
    .where('queue_entry.id', '=', queueEntryId)
    .where((eb) =>
      eb.or([
        eb('queue_entry.patient_id', '=', actor.patientId),
        isVisibleToAccount(accountOf(actor), actor.patientId ?? '', {
          patientId: 'queue_entry.patient_id',
          bookedBy: 'appointment.booked_by_account',
        }),
      ]),
    )
    .executeTakeFirst();
  return found !== undefined;
}

const isOfStaff = (
  actor: Actor,
  entry: { patient_id: string; location_id: string; practitioner_role_id: string | null },
): boolean => {
  if (isClinicStaff(actor)) return actor.locationId === entry.location_id;
  return (
    actor.role === 'specialist' &&
    entry.practitioner_role_id !== null &&
    actor.practitionerRoleId === entry.practitioner_role_id
  );
};

/** The place of one entry, whoever asks; also of one that is over. */
export async function placeOf(unit: Pick<Unit, 'tx'>, queueId: string, queueEntryId: string): Promise<QueuePlace> {
  const places = await computePlaces(unit.tx, queueId);
  return places.find((candidate) => candidate.queueEntryId === queueEntryId) ?? overPlace(unit.tx, queueEntryId);
}

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
    const actor = context.agent;
    const isRelated =
      entry !== undefined &&
      (actor.role === 'resident' ? await isOfResident(unit, actor, input.queueEntryId) : isOfStaff(actor, entry));
    if (entry === undefined || !isRelated) {
      throw hiddenError(entry !== undefined, {
        action: 'queue:place',
        entityKind: 'QueueEntry',
        entityId: input.queueEntryId,
        patientId: entry?.patient_id ?? null,
      });
    }
    return placeOf(unit, entry.queue_id, input.queueEntryId);
  });
