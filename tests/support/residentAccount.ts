import { randomBytes, randomUUID } from 'node:crypto';
import { type PatientId, UserId } from '@cloud-hospital/protocol';
import { SYSTEM } from '../../signaling/src/domain/Actor.ts';
import type { Services } from '../../signaling/src/Services.ts';
import type { SignedIn } from './callDistrict.ts';
import { verifiedPatient } from './insertPatient.ts';

/** A resident with an account of their own, signed in on a phone. */
export async function signedInAccount(
  services: Services,
): Promise<SignedIn & { readonly accountId: UserId; readonly patientId: PatientId }> {
  const { id } = await services.db
    .insertInto('account')
    .values({
      phone: `138${String(randomBytes(4).readUInt32BE() % 100_000_000).padStart(8, '0')}`,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  const accountId = UserId.parse(id);
  const patientId = await verifiedPatient(services, accountId);
  const { setCookie, sessionId } = await services.commands.run({ agent: SYSTEM, requestId: randomUUID() }, (unit) =>
    services.sessions.createForAccount(unit, {
      face: 'resident',
      accountId,
      practitionerRoleId: null,
      secondFactor: false,
      deviceId: null,
    }),
  );
  return { cookie: setCookie.split(';')[0] ?? '', sessionId, face: 'resident', accountId, patientId };
}
