import { AppError, readIdentityNumber } from '@cloud-hospital/protocol';
import { Encounter, type WalkInInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import { localDate } from '../../domain/localTime.ts';
import { maskIdentityNumber } from '../../domain/masking.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { nextTicketNumber } from '../booking/nextTicketNumber.ts';
import { staffLocation } from '../booking/visibility.ts';
import { runVisibleOnce } from '../denied.ts';
import { describeEncounter } from '../encounter/describe.ts';
import type { RecordContext } from '../encounter/visibility.ts';
import { lockQueueOf } from '../queue/lockQueue.ts';
import { admit, terminalFor } from './admit.ts';
import { verifyIdentity } from './checkIn.ts';

type WalkIn = z.infer<typeof WalkInInput>;

/**
 * The patient with this identity number, made at the first visit. Staff have the card before them.
 * @throws AppError BAD_REQUEST `identity-name-mismatch` when the number belongs to somebody of another name: a slip of
 * the finger must not open a stranger's record
 */
async function findOrRegister(services: Services, unit: Unit, input: WalkIn): Promise<string> {
  const { identityCipher } = services;
  const number = input.identityNumber;
  await unit.tx
    .insertInto('patient')
    .values({
      name: input.name,
      identity_hash: identityCipher.hash(number),
      identity_encrypted: identityCipher.encrypt(number),
      identity_masked: maskIdentityNumber(number),
      birth_date: readIdentityNumber(number).birthDate,
      gender: readIdentityNumber(number).gender,
      phone: input.phone ?? null,
      identity_verified_at: unit.now,
    })
    .onConflict((conflict) => conflict.column('identity_hash').doNothing())
    .execute();
  const patient = await unit.tx
    .selectFrom('patient')
    .select(['id', 'name', 'phone'])
    .where('identity_hash', '=', identityCipher.hash(number))
    .executeTakeFirstOrThrow();
  if (patient.name !== input.name) {
    throw new AppError('BAD_REQUEST', { field: 'name', reason: 'identity-name-mismatch' });
  }
  await verifyIdentity(unit, patient.id);
  if (patient.phone === null && input.phone !== undefined) {
    await unit.tx.updateTable('patient').set({ phone: input.phone }).where('id', '=', patient.id).execute();
  }
  return patient.id;
}

/**
 * Registers somebody without an appointment and takes a place in the specialist's queue.
 * @throws AppError BAD_REQUEST, PATIENT_BUSY when they wait for or are with a specialist already
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
      const specialist = await unit.tx
        .selectFrom('practitioner_role')
        .select(['id', 'practitioner_id'])
        .where('id', '=', input.practitionerRoleId)
        .where('role', '=', 'specialist')
        .where('active', '=', true)
        .executeTakeFirst();
      if (specialist === undefined) throw new AppError('BAD_REQUEST', { field: 'practitionerRoleId' });
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
      const queue = await lockQueueOf(unit, specialist.id);
      const encounterId = await admit(unit, queue, {
        appointmentId: null,
        patientId,
        practitionerId: specialist.practitioner_id,
        practitionerRoleId: specialist.id,
        locationId,
        deviceId: await terminalFor(unit, actor, locationId),
        complaint: input.complaint,
        ticketNumber: await nextTicketNumber(unit.tx, specialist.id, localDate(unit.now), 'walk-in'),
        scheduledStart: null,
        urgent: input.urgent,
      });
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
