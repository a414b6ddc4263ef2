import { PatientId, RelatedPersonId } from '@cloud-hospital/protocol';
import type { RelatedPerson } from '@cloud-hospital/protocol/rest';
import type { Selectable } from 'kysely';
import type { Config } from '../../config.ts';
import { fullYears, localDate } from '../../domain/localTime.ts';
import { maskPhone } from '../../domain/masking.ts';
import { topic } from '../../domain/topics.ts';
import { ADULT_YEARS } from '../../store/family.ts';
import type { RelatedPersonTable } from '../../store/people.schema.ts';
import type { Unit } from '../../store/command.ts';
import { hiddenError } from '../denied.ts';

export type RelationRow = Selectable<RelatedPersonTable>;

export const isMinor = (birthDate: string, now: Date): boolean => fullYears(birthDate, localDate(now)) < ADULT_YEARS;

/** A relation as the account that asked for it sees it. @param patientVerified whether staff have seen the member */
export const relationView = (
  row: RelationRow,
  patientVerified: boolean,
  now: Date,
  config: Pick<Config, 'LOGIN_CODE_RESEND_SECONDS'>,
): RelatedPerson => ({
  relatedPersonId: RelatedPersonId.parse(row.id),
  version: row.version,
  status: row.status,
  relationship: row.relationship,
  name: row.name,
  identityMasked: row.identity_masked,
  minor: isMinor(row.birth_date, now),
  patientId: row.patient_id === null ? null : PatientId.parse(row.patient_id),
  consentMethod: row.consent_method,
  historyVisible: row.status === 'active' && row.verified_at !== null && patientVerified,
  phoneMasked: maskPhone(row.phone),
  requestedAt: row.requested_at.toISOString(),
  consentedAt: row.consented_at?.toISOString() ?? null,
  resendAt:
    row.status !== 'proposed' || row.code_sent_at === null
      ? null
      : new Date(row.code_sent_at.getTime() + config.LOGIN_CODE_RESEND_SECONDS * 1000).toISOString(),
});

const isVerified = async (unit: Unit, patientId: string | null): Promise<boolean> => {
  if (patientId === null) return false;
  const patient = await unit.tx
    .selectFrom('patient')
    .select('identity_verified_at')
    .where('id', '=', patientId)
    .executeTakeFirst();
  return patient !== undefined && patient.identity_verified_at !== null;
};

/** The relation as it is now inside the transaction. */
export async function describeRelation(unit: Unit, config: Config, relatedPersonId: string): Promise<RelatedPerson> {
  const row = await unit.tx
    .selectFrom('related_person')
    .selectAll()
    .where('id', '=', relatedPersonId)
    .executeTakeFirstOrThrow();
  return relationView(row, await isVerified(unit, row.patient_id), unit.now, config);
}

/**
 * Locks a relation for one of its two sides.
 * @returns the row and which side the actor is
 * @throws AppError NOT_FOUND when there is none or it is other people's; the latter leaves an AuditEvent
 */
export async function lockOwnRelation(
  unit: Unit,
  who: { readonly userId: string | null; readonly patientId: string | null },
  relatedPersonId: string,
): Promise<{ relation: RelationRow; side: 'holder' | 'member' }> {
  const relation = await unit.tx
    .selectFrom('related_person')
    .selectAll()
    .where('id', '=', relatedPersonId)
    .forUpdate()
    .executeTakeFirst();
  if (relation !== undefined && relation.account_id === who.userId) return { relation, side: 'holder' };
  if (relation !== undefined && relation.patient_id !== null && relation.patient_id === who.patientId) {
    return { relation, side: 'member' };
  }
  throw hiddenError(relation !== undefined, {
    action: 'related-person:manage',
    entityKind: 'RelatedPerson',
    entityId: relatedPersonId,
    patientId: relation?.patient_id ?? null,
  });
}

/** Tells both sides' browsers; every replica also changes what their sockets hear. */
export async function announceRelation(
  unit: Unit,
  relation: Pick<RelationRow, 'account_id'>,
  patientId: string | null,
) {
  const member =
    patientId === null
      ? undefined
      : await unit.tx.selectFrom('patient').select('account_id').where('id', '=', patientId).executeTakeFirst();
  const accounts = [relation.account_id, member?.account_id ?? null].filter((id) => id !== null);
  unit.emit(
    accounts.map((id) => topic.account(id)),
    'related-persons:changed',
    {},
  );
}

/** The account's holder as others read them: their name, or the masked phone of somebody who has none yet. */
export async function holderOf(unit: Unit, accountId: string): Promise<{ name: string; phone: string | null }> {
  const row = await unit.tx
    .selectFrom('account')
    .leftJoin('patient', 'patient.account_id', 'account.id')
    .select(['account.phone', 'patient.name'])
    .where('account.id', '=', accountId)
    .executeTakeFirstOrThrow();
  return { name: row.name ?? maskPhone(row.phone), phone: row.phone };
}
