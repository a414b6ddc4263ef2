import { AppError } from '@cloud-hospital/protocol';
import { Encounter, type WalkInInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import { localDate } from '../../domain/localTime.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { nextPoolTicketNumber, nextTicketNumber } from '../booking/nextTicketNumber.ts';
import { staffLocation } from '../booking/visibility.ts';
import { runVisibleOnce } from '../denied.ts';
import { describeEncounter } from '../encounter/describe.ts';
import type { RecordContext } from '../encounter/visibility.ts';
import { watchForLateStart } from '../queue/lateStart.ts';
import { type LockedPool, lockPoolOf, lockQueueOf } from '../queue/lockQueue.ts';
import { isPoolCalled } from '../queue/pool.ts';
import { admit, terminalFor } from './admit.ts';
import { findOrRegister } from './findOrRegister.ts';
import { assertWalkInRoom } from './walkInRoom.ts';

type WalkIn = z.infer<typeof WalkInInput>;

/** The named specialist; null: whoever of the department is free first. @throws AppError BAD_REQUEST */
async function chosenSpecialist(
  unit: Unit,
  input: WalkIn,
): Promise<{ practitionerId: string; practitionerRoleId: string } | null> {
  if (input.practitionerRoleId === undefined) return null;
  const role = await unit.tx
    .selectFrom('practitioner_role')
    .select(['id', 'practitioner_id'])
    .where('id', '=', input.practitionerRoleId)
    .where('role', '=', 'specialist')
    .where('active', '=', true)
    .executeTakeFirst();
  if (role === undefined) throw new AppError('BAD_REQUEST', { field: 'practitionerRoleId' });
  return { practitionerId: role.practitioner_id, practitionerRoleId: role.id };
}

/** @throws AppError BAD_REQUEST when no specialist of the department takes from its pool: nobody would ever call */
async function chosenPool(unit: Unit, { departmentCode }: WalkIn): Promise<LockedPool> {
  const nobody = new AppError('BAD_REQUEST', { field: 'departmentCode', reason: 'no-pool' });
  // Before, too: no pool is made for a department that has none.
  if (departmentCode === undefined || !(await isPoolCalled(unit, departmentCode))) throw nobody;
  const pool = await lockPoolOf(unit, departmentCode);
  if (!(await isPoolCalled(unit, departmentCode))) throw nobody;
  return pool;
}

/**
 * Registers somebody without an appointment and takes a place in the specialist's queue or the department's pool.
 * @throws AppError BAD_REQUEST, PATIENT_BUSY when they wait for or are with a specialist already, LIMIT_REACHED when the
 * specialist's session takes no more walk-ins
 */
export async function registerWalkIn(services: Services, context: RecordContext, input: WalkIn): Promise<Encounter> {
  const actor = context.agent;
  const locationId = staffLocation(actor);
  const { identityNumber, ...rest } = input;
  const request = { ...rest, identity: services.identityCipher.hash(identityNumber).toString('hex') };
  return runVisibleOnce(
    services,
    context,
    { action: 'clinic.registerWalkIn', request, response: Encounter },
    async (unit) => {
      const specialist = await chosenSpecialist(unit, input);
      const patientId = await findOrRegister(services, unit, input);
      // Two desks that register the same person at once wait for each other here.
      await unit.tx.selectFrom('patient').select('id').where('id', '=', patientId).forNoKeyUpdate().execute();
      const busy = await unit.tx
        .selectFrom('queue_entry')
        .select('id')
        .where('patient_id', '=', patientId)
        .where('state', 'in', ['waiting', 'called', 'serving'])
        .executeTakeFirst();
      if (busy !== undefined) throw new AppError('PATIENT_BUSY');
      const queue =
        specialist === null ? await chosenPool(unit, input) : await lockQueueOf(unit, specialist.practitionerRoleId);
      // Urgency doesn't wait for a place.
      if (specialist !== null && !input.urgent) await assertWalkInRoom(unit, specialist.practitionerRoleId);
      const day = localDate(unit.now);
      const encounterId = await admit(unit, queue, {
        appointmentId: null,
        patientId,
        specialist,
        locationId,
        deviceId: await terminalFor(unit, actor, locationId),
        complaint: input.complaint,
        ticketNumber:
          specialist === null
            ? await nextPoolTicketNumber(unit.tx, queue.id, day)
            : await nextTicketNumber(unit.tx, specialist.practitionerRoleId, day, 'walk-in'),
        scheduledStart: null,
        urgent: input.urgent,
      });
      if (specialist !== null) watchForLateStart(unit, services.config, encounterId, unit.now);
      unit.audit({
        action: 'encounter:register-walk-in',
        entityKind: 'Encounter',
        entityId: encounterId,
        patientId,
        details: { urgent: input.urgent },
      });
      return describeEncounter(context, unit, encounterId);
    },
  );
}
