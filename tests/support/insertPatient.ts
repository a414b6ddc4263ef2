import { randomBytes } from 'node:crypto';
import { PatientId } from '@cloud-hospital/protocol';
import type { Insertable } from 'kysely';
import type { Services } from '../../signaling/src/Services.ts';
import type { PatientTable } from '../../signaling/src/store/schema.ts';

/** Somebody known to the district, with nobody's card. */
export async function insertPatient(
  { db }: Pick<Services, 'db'>,
  values: Pick<Insertable<PatientTable>, 'account_id' | 'name' | 'identity_verified_at'>,
): Promise<PatientId> {
  const { id } = await db
    .insertInto('patient')
    .values({
      ...values,
      identity_hash: randomBytes(32),
      identity_encrypted: randomBytes(32),
      identity_masked: '110*************17',
      birth_date: '1950-01-01',
      gender: 'female',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return PatientId.parse(id);
}

/** Somebody whose identity staff have seen. @param accountId of whoever may see what is theirs; null: nobody yet */
export const verifiedPatient = (services: Pick<Services, 'db'>, accountId: string | null): Promise<PatientId> =>
  insertPatient(services, { account_id: accountId, name: '王秀英', identity_verified_at: new Date() });
