import { isIdentityNumber, readIdentityNumber } from '@cloud-hospital/protocol';
import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { IdentityCipher } from '../../signaling/src/auth/IdentityCipher.ts';
import { LocalSigner } from '../../signaling/src/auth/LocalSigner.ts';
import { documentDigest } from '../../signaling/src/domain/reportDocument.ts';
import { dayBounds, localDate } from '../../signaling/src/domain/localTime.ts';
import { DEMO_ACCOUNTS } from '../../signaling/src/seed/demoAccounts.ts';
import { seedDemoDistrict } from '../../signaling/src/seed/seedDemoDistrict.ts';
import { type Db, openDatabase } from '../../signaling/src/store/database.ts';
import { promiseStatistics } from '../../signaling/src/store/promiseStatistics.ts';
import { ensureSlots } from '../../signaling/src/store/ensureSlots.ts';
import { violations } from '../support/careInvariants.ts';
import { createTestDatabase, type TestDatabase } from '../support/testDatabase.ts';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase({ seeded: true });
  db = openDatabase({ url: database.ownerUrl, poolSize: 4, statementTimeoutMs: 30_000 }, () => undefined);
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});

const secrets = async (): Promise<{ identityKey: string; reportSigningKey: string }> =>
  JSON.parse(await readFile(inject('servers').secretsFile, 'utf8'));
const count = async (query: string): Promise<number> => {
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM ${sql.raw(query)}`.execute(db);
  return rows[0]?.n ?? -1;
};

test('the district has its 12 sub-districts, 93 clinics with terminal and staff, 5 hospitals, 15 departments, 60 specialists, 300 residents', async () => {
  expect(await count(`organization WHERE kind = 'sub-district'`)).toBe(12);
  expect(await count(`organization WHERE kind = 'hospital'`)).toBe(5);
  expect(await count('location')).toBe(93);
  expect(await count(`device WHERE status = 'unenrolled'`)).toBe(93);
  expect(await count('department WHERE jsonb_array_length(symptoms) >= 4')).toBe(15);
  expect(await count(`practitioner_role WHERE role = 'specialist'`)).toBe(60);
  expect(await count(`practitioner_role WHERE role IN ('clinic-doctor', 'nurse')`)).toBe(186);
  expect(await count(`practitioner_role WHERE role = 'coordinator'`)).toBe(5);
  expect(await count('patient WHERE demo')).toBe(300);
  expect(await count(`patient WHERE birth_date < now() - interval '60 years'`)).toBeGreaterThan(180);
  expect(await count('queue JOIN availability USING (practitioner_role_id)')).toBe(60);
});

test('a database that has a district is left alone', async () => {
  const before = await count('slot');
  expect(await seedDemoDistrict({ databaseUrl: database.ownerUrl, secretsFile: inject('servers').secretsFile })).toBe(
    false,
  );
  expect(await count('slot')).toBe(before);
});

test('seeding an empty database twice at once fills it once, within ten seconds, with the same people', async () => {
  const empty = await createTestDatabase();
  const other = openDatabase({ url: empty.ownerUrl, poolSize: 1, statementTimeoutMs: 30_000 }, () => undefined);
  try {
    const options = { databaseUrl: empty.ownerUrl, secretsFile: inject('servers').secretsFile };
    const start = performance.now();
    const written = await Promise.all([seedDemoDistrict(options), seedDemoDistrict(options)]);
    // Ten seconds on an idle machine; the rest of this run shares it.
    expect(performance.now() - start).toBeLessThan(25_000);
    expect(written.sort()).toEqual([false, true]);
    const names = (from: Db) => from.selectFrom('patient').select(['id', 'name']).orderBy('id').execute();
    expect(await names(other)).toEqual(await names(db));
  } finally {
    await other.destroy();
    await empty.drop();
  }
});

test('identity numbers pass every check, agree with birth date and gender, and belong to no place in China', async () => {
  const cipher = new IdentityCipher((await secrets()).identityKey);
  const patients = await db
    .selectFrom('patient')
    .select(['identity_encrypted', 'identity_hash', 'birth_date', 'gender'])
    .execute();
  for (const patient of patients) {
    const number = cipher.decrypt(patient.identity_encrypted);
    expect(isIdentityNumber(number)).toBe(true);
    expect(number.startsWith('999999')).toBe(true);
    expect(readIdentityNumber(number)).toEqual({ birthDate: patient.birth_date, gender: patient.gender });
    expect(cipher.hash(number).equals(patient.identity_hash)).toBe(true);
  }
});

test('every department has free slots within the next hour, at any hour of the day', async () => {
  const { rows } = await sql<{ departments: number }>`
    SELECT count(DISTINCT department_code)::int AS departments FROM slot
    JOIN practitioner_role ON practitioner_role.id = practitioner_role_id
    WHERE status = 'free' AND lower(period) BETWEEN now() AND now() + interval '2 hours'`.execute(db);
  expect(rows[0]?.departments).toBe(15);
});

test('most promises of yesterday held, people wait at this moment, and whatever must be true of queues is', async () => {
  const bounds = dayBounds(localDate(new Date(Date.now() - 24 * 3_600_000)));
  const { share, settled } = await promiseStatistics(db, bounds.start, bounds.end);
  expect(settled).toBeGreaterThan(50);
  expect(share).toBeGreaterThan(0.75);
  expect(share).toBeLessThan(0.98);
  const { rows } = await sql<{ kind: string; waiting: number; overdue: number }>`
    SELECT queue.kind, count(*)::int AS waiting, count(promise_breached_at)::int AS overdue
    FROM queue_entry JOIN queue ON queue.id = queue_id WHERE state = 'waiting' GROUP BY queue.kind ORDER BY queue.kind`.execute(
    db,
  );
  expect(rows).toEqual([
    { kind: 'pool', waiting: 2, overdue: 0 },
    { kind: 'specialist', waiting: 5, overdue: 3 },
  ]);
  expect(await count('late_start WHERE resolved_at IS NULL AND told_at IS NOT NULL')).toBe(1);
  expect(await violations(db)).toEqual([]);
});

test('every report of the history verifies with the key of the installation', async () => {
  const signer = new LocalSigner((await secrets()).reportSigningKey);
  const versions = await db
    .selectFrom('report_version')
    .select(['document', 'sha256', 'signature', 'key_id'])
    .execute();
  expect(versions.length).toBeGreaterThan(200);
  for (const { document, sha256, signature, key_id: keyId } of versions) {
    const digest = documentDigest(document);
    expect(digest.toString('hex')).toBe(sha256);
    expect(await signer.verify(digest, Buffer.from(signature, 'base64url'), keyId)).toBe(true);
  }
});

test('the resident of the demonstration has a trend to show, and nothing has happened in the future', async () => {
  const trend = await db
    .selectFrom('observation')
    .innerJoin('patient', 'patient.id', 'observation.patient_id')
    .select('value')
    .where('patient.phone', '=', DEMO_ACCOUNTS.resident.phone)
    .where('code', '=', 'systolic')
    .execute();
  expect(trend.length).toBe(6);
  expect(await count('encounter WHERE ended_at > now() OR checked_in_at > started_at OR started_at > ended_at')).toBe(
    0,
  );
  expect(await count(`appointment WHERE lower(period) < now() AND status NOT IN ('fulfilled', 'noshow')`)).toBe(0);
  expect(
    await count(
      `encounter LEFT JOIN report ON report.encounter_id = encounter.id WHERE encounter.status = 'finished' AND report.id IS NULL`,
    ),
  ).toBe(0);
});

test('slots of a later day are made when its time comes, once, and never over others', async () => {
  const before = await count('slot');
  expect(await ensureSlots(db, 14)).toBe(0);
  const made = await Promise.all([ensureSlots(db, 15), ensureSlots(db, 15)]);
  const after = await count('slot');
  expect(made[0] + made[1]).toBe(after - before);
  expect(after).toBeGreaterThanOrEqual(before + 15 * 96);
  expect(await ensureSlots(db, 15)).toBe(0);
});
