import { randomBytes, randomUUID } from 'node:crypto';
import type pg from 'pg';
import { faceCookie } from '../../signaling/src/auth/cookies.ts';
import { newToken, tokenHash } from '../../signaling/src/auth/token.ts';

/** Somebody who is signed in: what a browser would send, and who they are. */
export interface SignedInResident {
  readonly cookie: string;
  readonly patientId: string;
}

/**
 * Residents with sessions, put into the database at once: thousands of login codes would measure signing in. From then
 * on they are residents like any other.
 */
export async function signedInResidents(database: Pick<pg.Pool, 'query'>, count: number): Promise<SignedInResident[]> {
  const people = Array.from({ length: count }, () => ({
    accountId: randomUUID(),
    patientId: randomUUID(),
    // No such number, so that it is nobody's.
    phone: `000-${randomBytes(6).toString('hex')}`,
    token: newToken(),
  }));
  await database.query(
    `WITH person AS (
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bytea[]) AS p(account_id, patient_id, phone, hash)
     ),
     account AS (
       INSERT INTO account (id, phone) SELECT account_id, phone FROM person RETURNING id
     ),
     patient AS (
       INSERT INTO patient (id, account_id, name, identity_hash, identity_encrypted, identity_masked, birth_date, gender, phone)
       SELECT patient_id, account_id, '测试', hash, '', '1101**********1234', '1960-01-01', 'female', phone FROM person RETURNING id
     )
     INSERT INTO session (token_hash, face, kind, account_id, expires_at, idle_seconds)
     SELECT hash, 'resident', 'account', account_id, now() + interval '1 day', 86400 FROM person`,
    [
      people.map(({ accountId }) => accountId),
      people.map(({ patientId }) => patientId),
      people.map(({ phone }) => phone),
      people.map(({ token }) => tokenHash(token)),
    ],
  );
  return people.map(({ patientId, token }) => ({ patientId, cookie: `${faceCookie('resident')}=${token}` }));
}
