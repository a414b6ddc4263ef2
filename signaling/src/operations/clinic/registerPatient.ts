import { PatientRef, type RegisterPatientInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { loadRefs } from '../../store/refs.ts';
import { staffLocation } from '../booking/visibility.ts';
import { findOrRegister } from './findOrRegister.ts';

/**
 * The person whose card is on the desk, made at the first time. For a day it lets this account book for them.
 * @throws AppError BAD_REQUEST `identity-name-mismatch`
 */
export function registerPatient(
  services: Services,
  context: ActorContext,
  input: z.infer<typeof RegisterPatientInput>,
): Promise<PatientRef> {
  const { identityNumber, ...rest } = input;
  const request = { ...rest, identity: services.identityCipher.hash(identityNumber).toString('hex') };
  return services.commands.runOnce(
    context,
    { action: 'clinic.registerPatient', request, response: PatientRef },
    async (unit) => {
      staffLocation(context.agent);
      const patientId = await findOrRegister(services, unit, input);
      unit.audit({ action: 'patient:register', entityKind: 'Patient', entityId: patientId, patientId });
      const refs = await loadRefs(unit.tx, { patients: [patientId] }, unit.now);
      return refs.patient(patientId);
    },
  );
}
