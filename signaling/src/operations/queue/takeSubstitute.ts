import { AppError } from '@cloud-hospital/protocol';
import { QueuePlace } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { isClinicStaff } from '../booking/visibility.ts';
import { hiddenError, runVisibleOnce } from '../denied.ts';
import { lockQueueOf } from './lockQueue.ts';
import { computePlaces } from './places.ts';
import { substitutesOf } from './substitutes.ts';
import { transfer } from './transfer.ts';

/**
 * The specialist is late, everybody was told, and this resident (or staff, for them) prefers whoever of the department
 * is there now.
 * @throws AppError NOT_FOUND, INVALID_TRANSITION when nobody is late any more, NOT_READY without a substitute
 */
export const takeSubstitute = (
  services: Services,
  context: ActorContext,
  input: { readonly queueEntryId: string },
): Promise<QueuePlace> =>
  runVisibleOnce(
    services,
    context,
    { action: 'queue.takeSubstitute', request: input, response: QueuePlace },
    async (unit) => {
      const actor = context.agent;
      const entry = await unit.tx
        .selectFrom('queue_entry')
        .innerJoin('queue', 'queue.id', 'queue_entry.queue_id')
        .innerJoin('encounter', 'encounter.id', 'queue_entry.encounter_id')
        .select([
          'queue_entry.queue_id',
          'queue_entry.patient_id',
          'queue_entry.location_id',
          'queue.practitioner_role_id',
          'encounter.by_phone',
        ])
        .where('queue_entry.id', '=', input.queueEntryId)
        .executeTakeFirst();
      const related =
        entry !== undefined &&
        (isClinicStaff(actor)
          ? actor.locationId === entry.location_id
          : actor.patientId !== null && actor.patientId === entry.patient_id);
      if (entry === undefined || !related) {
        throw hiddenError(entry !== undefined, {
          action: 'queue:take-substitute',
          entityKind: 'QueueEntry',
          entityId: input.queueEntryId,
          patientId: entry?.patient_id ?? null,
        });
      }
      const late =
        entry.practitioner_role_id === null
          ? undefined
          : await unit.tx
              .selectFrom('late_start')
              .innerJoin('practitioner_role', 'practitioner_role.id', 'late_start.practitioner_role_id')
              .select(['practitioner_role.id', 'practitioner_role.department_code'])
              .where('practitioner_role_id', '=', entry.practitioner_role_id)
              .where('told_at', 'is not', null)
              .where('resolved_at', 'is', null)
              .executeTakeFirst();
      if (late === undefined || late.department_code === null) {
        throw new AppError('INVALID_TRANSITION', { entity: 'QueueEntry', reason: 'not-late' });
      }
      const standIns = await substitutesOf(unit, late.department_code, late.id);
      const best = standIns.find(({ phoneVisits }) => phoneVisits || !entry.by_phone);
      if (best === undefined || (best.availability !== 'available' && best.availability !== 'in-call')) {
        throw new AppError('NOT_READY', { reason: 'no-substitute' });
      }
      const target = await unit.tx
        .selectFrom('queue')
        .select('id')
        .where('practitioner_role_id', '=', best.practitionerRoleId)
        .executeTakeFirst();
      const toQueueId = target?.id ?? (await lockQueueOf(unit, best.practitionerRoleId)).id;
      await transfer(unit, {
        entryId: input.queueEntryId,
        fromQueueId: entry.queue_id,
        toQueueId,
        reason: 'specialist-late',
        version: null,
      });
      const places = await computePlaces(unit.tx, toQueueId);
      const found = places.find((one) => one.queueEntryId === input.queueEntryId);
      if (found === undefined) throw new AppError('INTERNAL', { reason: 'handed over and not there' });
      return found;
    },
  );
