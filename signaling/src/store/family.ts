import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from './schema.ts';

/**
 * Who acts for whom, asked inside the query that shows or changes something: a relation that ended a moment ago is
 * gone from the next answer. What a relation opens (also for the account's holder themselves):
 * - everything this account booked itself;
 * - the rest of the record once staff have seen the patient's card AND somebody vouched for the relation.
 */

/** A guardian's declaration ends with the child's majority. */
export const ADULT_YEARS = 18;

/** Rows of `related_person` (or an alias of it) that count at this moment. */
export const isCurrent = (relation = 'related_person'): RawBuilder<boolean> => sql<boolean>`(
  ${sql.ref(`${relation}.status`)} = 'active' AND (
    ${sql.ref(`${relation}.consent_method`)} <> 'guardian'
    OR ${sql.ref(`${relation}.birth_date`)} > (now() AT TIME ZONE 'Asia/Shanghai')::date - make_interval(years => ${ADULT_YEARS}::int)
  ))`;

/** Whether the account may act for the patient beside its holder. */
export async function isRepresenting(db: Kysely<Database>, accountId: string, patientId: string): Promise<boolean> {
  const found = await db
    .selectFrom('related_person')
    .select('id')
    .where('account_id', '=', accountId)
    .where('patient_id', '=', patientId)
    .where(isCurrent())
    .executeTakeFirst();
  return found !== undefined;
}

/** Its holder and everybody the account acts for, as an array that an index can be asked with. */
const peopleOf = (accountId: string, ownPatientId: string) => sql`ARRAY(
  SELECT ${ownPatientId}::uuid
  UNION ALL
  SELECT patient_id FROM related_person WHERE account_id = ${accountId} AND ${isCurrent()})`;

/**
 * What a resident's account may see of things that belong to a patient.
 * @param columns where the row says whose it is and which account booked it; `patient` must be joined
 */
export const isVisibleToAccount = (
  accountId: string,
  ownPatientId: string,
  columns: { readonly patientId: string; readonly bookedBy: string },
): RawBuilder<boolean> => sql<boolean>`(
  ${sql.ref(columns.patientId)} = ANY(${peopleOf(accountId, ownPatientId)})
  AND (
    ${sql.ref(columns.bookedBy)} = ${accountId}
    OR (patient.identity_verified_at IS NOT NULL AND (
      ${sql.ref(columns.patientId)} = ${ownPatientId} OR EXISTS (
        SELECT FROM related_person relation
        WHERE relation.account_id = ${accountId} AND relation.patient_id = ${sql.ref(columns.patientId)}
          AND relation.verified_at IS NOT NULL AND ${isCurrent('relation')}
      )))
  ))`;

/** Patients whose news an account may hear live: those whose whole record its relation opens. */
export async function heardPatients(
  db: Kysely<Database>,
  accountIds: readonly string[],
): Promise<{ accountId: string; patientId: string }[]> {
  if (accountIds.length === 0) return [];
  const { rows } = await sql<{ account_id: string; patient_id: string }>`
    SELECT relation.account_id, relation.patient_id
    FROM related_person relation JOIN patient ON patient.id = relation.patient_id
    WHERE relation.account_id = ANY(${accountIds}::uuid[]) AND relation.verified_at IS NOT NULL
      AND patient.identity_verified_at IS NOT NULL AND ${isCurrent('relation')}`.execute(db);
  return rows.map((row) => ({ accountId: row.account_id, patientId: row.patient_id }));
}

/** Whether the account takes part in the visit from its phone; `encounterId` names a column. */
export const takesPartByPhone = (accountId: string | null, encounterId: string): RawBuilder<boolean> =>
  sql<boolean>`takes_part_by_phone(${accountId}::uuid, ${sql.ref(encounterId)})`;
