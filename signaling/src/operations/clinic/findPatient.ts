import type { PatientRef } from '@cloud-hospital/protocol/rest';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { patientRef } from '../../store/refs.ts';
import { staffLocation } from '../booking/visibility.ts';

/**
 * Who of the district's residents has exactly this identity number. Leaves an AuditEvent also when nobody has; for a
 * day it lets this account book for the person it found.
 */
export const findPatient = (
  services: Services,
  context: ActorContext,
  input: { readonly identityNumber: string },
): Promise<{ patient: PatientRef | null }> =>
  services.commands.run(context, async (unit) => {
    staffLocation(context.agent);
    const row = await unit.tx
      .selectFrom('patient')
      .select(['id', 'name', 'birth_date', 'gender', 'identity_masked', 'phone'])
      .where('identity_hash', '=', services.identityCipher.hash(input.identityNumber))
      .executeTakeFirst();
    unit.audit({
      action: 'patient:find',
      entityKind: 'Patient',
      entityId: row?.id ?? null,
      patientId: row?.id ?? null,
      details: { found: row !== undefined },
    });
    return { patient: row === undefined ? null : patientRef(row, unit.now) };
  });
