import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { z } from 'zod';
import { faceCookie } from '../../signaling/src/auth/cookies.ts';
import { newToken, tokenHash } from '../../signaling/src/auth/token.ts';
import { type SignedInResident, signedInResidents } from './signedInResidents.ts';

export interface FullPool {
  readonly poolId: string;
  /** Signed in at the console, at work, and calling from the pool. */
  readonly specialists: readonly { readonly practitionerRoleId: string; readonly cookie: string }[];
  /** Waiting in the pool, ready, each before a terminal of their own. The order is the queue's. */
  readonly people: readonly (SignedInResident & { readonly queueEntryId: string })[];
}

const Known = z.object({ hospital: z.string(), account: z.string(), clinics: z.array(z.string()).min(1) });

type Pool = Pick<pg.Pool, 'query'>;

/**
 * A department of its own with specialists who share its pool and people who wait in it, put into a seeded database at
 * once. From then on all of them are like any others.
 */
export async function fillPool(database: Pool, specialistCount: number, peopleCount: number): Promise<FullPool> {
  // Codes are letters.
  const code = `pool-${randomUUID().replaceAll(/[^a-f]/g, '')}`;
  const poolId = randomUUID();
  const { rows } = await database.query<Record<string, unknown>>(
    `SELECT (SELECT id FROM organization WHERE kind = 'hospital' LIMIT 1) AS hospital,
       (SELECT id FROM account WHERE username IS NOT NULL LIMIT 1) AS account,
       (SELECT array_agg(id) FROM location) AS clinics`,
  );
  const known = Known.parse(rows[0]);
  await database.query(`INSERT INTO department (code, name_zh, name_en) VALUES ($1, '候诊测试', 'Pool test')`, [code]);
  await database.query(`INSERT INTO queue (id, kind, department_code) VALUES ($1, 'pool', $2)`, [poolId, code]);
  return {
    poolId,
    specialists: await specialistsOf(database, code, known.hospital, specialistCount),
    people: await peopleIn(database, poolId, known, peopleCount),
  };
}

async function specialistsOf(
  database: Pool,
  code: string,
  hospitalId: string,
  count: number,
): Promise<FullPool['specialists']> {
  const made = Array.from({ length: count }, () => ({
    accountId: randomUUID(),
    practitionerId: randomUUID(),
    practitionerRoleId: randomUUID(),
    token: newToken(),
  }));
  await database.query(
    `WITH person AS (
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[]) AS p(account_id, practitioner_id, role_id, hash)
     ),
     account AS (INSERT INTO account (id, username) SELECT account_id, account_id::text FROM person),
     practitioner AS (
       INSERT INTO practitioner (id, account_id, name, name_en, gender)
       SELECT practitioner_id, account_id, '测试', 'Test', 'female' FROM person
     ),
     role AS (
       INSERT INTO practitioner_role (id, practitioner_id, role, organization_id, department_code)
       SELECT role_id, practitioner_id, 'specialist', $5, $6 FROM person
     ),
     queue AS (INSERT INTO queue (kind, practitioner_role_id) SELECT 'specialist', role_id FROM person),
     availability AS (
       INSERT INTO availability (practitioner_role_id, state, takes_pool) SELECT role_id, 'available', true FROM person
     )
     INSERT INTO session (token_hash, face, kind, account_id, practitioner_role_id, expires_at, idle_seconds)
     SELECT hash, 'console', 'account', account_id, role_id, now() + interval '1 day', 86400 FROM person`,
    [
      made.map(({ accountId }) => accountId),
      made.map(({ practitionerId }) => practitionerId),
      made.map(({ practitionerRoleId }) => practitionerRoleId),
      made.map(({ token }) => tokenHash(token)),
      hospitalId,
      code,
    ],
  );
  return made.map(({ practitionerRoleId, token }) => ({
    practitionerRoleId,
    cookie: `${faceCookie('console')}=${token}`,
  }));
}

async function peopleIn(
  database: Pool,
  poolId: string,
  { account, clinics }: z.infer<typeof Known>,
  count: number,
): Promise<FullPool['people']> {
  const residents = await signedInResidents(database, count);
  const waiting = residents.map((resident, index) => ({
    ...resident,
    queueEntryId: randomUUID(),
    encounterId: randomUUID(),
    deviceId: randomUUID(),
    clinicId: clinics[index % clinics.length] ?? '',
    ordinal: index,
  }));
  await database.query(
    `WITH person AS (
       SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::int[])
         AS p(patient_id, entry_id, encounter_id, device_id, location_id, ordinal)
     ),
     -- Their sign of life lies ahead, so that no terminal counts as switched off meanwhile.
     device AS (
       INSERT INTO device (id, location_id, name, status, last_seen_at)
       SELECT device_id, location_id, 'T' || ordinal, 'ready', now() + interval '1 day' FROM person
     ),
     encounter AS (
       INSERT INTO encounter (id, patient_id, location_id, device_id, status, ticket_number, checked_in_at, ready_at)
       SELECT encounter_id, patient_id, location_id, device_id, 'arrived', 'P' || ordinal, now(), now() FROM person
     ),
     consent AS (
       INSERT INTO consent (encounter_id, patient_id, purpose, status, method, recorded_by_account, recorded_by_name)
       SELECT encounter_id, patient_id, 'consultation', 'active', 'signed-paper', $8, '测试' FROM person
     ),
     room AS (INSERT INTO room (encounter_id) SELECT encounter_id FROM person)
     INSERT INTO queue_entry (id, queue_id, encounter_id, patient_id, location_id, device_id, state, scheduled_start, checked_in_at)
     SELECT entry_id, $7, encounter_id, patient_id, location_id, device_id, 'waiting',
       now() + make_interval(secs => ordinal), now() - interval '1 minute' FROM person`,
    [
      waiting.map(({ patientId }) => patientId),
      waiting.map(({ queueEntryId }) => queueEntryId),
      waiting.map(({ encounterId }) => encounterId),
      waiting.map(({ deviceId }) => deviceId),
      waiting.map(({ clinicId }) => clinicId),
      waiting.map(({ ordinal }) => ordinal),
      poolId,
      account,
    ],
  );
  return waiting.map(({ cookie, patientId, queueEntryId }) => ({ cookie, patientId, queueEntryId }));
}
