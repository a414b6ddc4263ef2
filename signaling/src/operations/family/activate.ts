import { AppError } from '@cloud-hospital/protocol';
import { canTransition, RELATED_PERSON_TRANSITIONS, type RelationConsentMethod } from '@cloud-hospital/protocol/states';
import type { Unit } from '../../store/command.ts';
import { notify } from '../inbox/notify.ts';
import { announceRelation, holderOf, type RelationRow } from './relation.ts';

interface Consent {
  readonly patientId: string;
  readonly method: RelationConsentMethod;
  /** Staff who saw the member. */
  readonly recordedBy?: string;
  /** Staff or a phone of record vouch for the relation: it opens the history. */
  readonly vouched: boolean;
}

/** The consent begins: from this commit on the account acts for the member. The row must be locked. */
export async function activateRelation(unit: Unit, relation: RelationRow, consent: Consent): Promise<void> {
  if (!canTransition(RELATED_PERSON_TRANSITIONS, relation.status, 'active')) {
    throw new AppError('INVALID_TRANSITION', { entity: 'RelatedPerson', from: relation.status, to: 'active' });
  }
  await unit.tx
    .updateTable('related_person')
    .set((eb) => ({
      status: 'active',
      patient_id: consent.patientId,
      consent_method: consent.method,
      consented_at: unit.now,
      consent_recorded_by: consent.recordedBy ?? null,
      verified_at: consent.vouched ? unit.now : null,
      identity_encrypted: null,
      code_hash: null,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', relation.id)
    .execute();
  unit.audit({
    action: 'related-person:activate',
    entityKind: 'RelatedPerson',
    entityId: relation.id,
    patientId: consent.patientId,
    reason: consent.method,
    details: { relationship: relation.relationship, vouched: consent.vouched },
  });
  await announceRelation(unit, relation, consent.patientId);
  const member = await unit.tx
    .selectFrom('patient')
    .select(['account_id', 'phone'])
    .where('id', '=', consent.patientId)
    .executeTakeFirstOrThrow();
  if (member.phone === null && member.account_id === null) return;
  const holder = await holderOf(unit, relation.account_id);
  await notify(unit, {
    kind: 'family-started',
    params: { holder: holder.name },
    accountId: member.account_id,
    phone: member.phone,
    subjectId: relation.id,
    dedupeKey: `family-started:${relation.id}`,
  });
}
