import { randomBytes, randomUUID } from 'node:crypto';
import { PatientId, UserId } from '@cloud-hospital/protocol';
import { SYSTEM } from '../../signaling/src/domain/Actor.ts';
import type { Services } from '../../signaling/src/Services.ts';
import type { SignedIn } from './callDistrict.ts';

/** Somebody whose identity staff have seen. @param accountId of whoever may see what is theirs; null: nobody yet */
export async function verifiedPatient({ db }: Pick<Services, 'db'>, accountId: string | null): Promise<PatientId> {
  const { id } = await db
    .insertInto('patient')
    .values({
      account_id: accountId,
      name: '王秀英',
      identity_hash: randomBytes(32),
      identity_encrypted: randomBytes(32),
      identity_masked: '110*************17',
      birth_date: '1950-01-01',
      gender: 'female',
      phone: null,
      identity_verified_at: new Date(),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return PatientId.parse(id);
}

/** A resident with an account of their own, signed in on a phone. */
export async function signedInAccount(
  services: Services,
): Promise<SignedIn & { readonly accountId: UserId; readonly patientId: PatientId }> {
  const { id } = await services.db
    .insertInto('account')
    .values({
      username: null,
      phone: `138${String(randomBytes(4).readUInt32BE() % 100_000_000).padStart(8, '0')}`,
      password_hash: null,
      totp_secret: null,
      totp_confirmed_at: null,
      totp_last_step: null,
      locked_until: null,
      disabled_at: null,
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
