import { AppError, type ErrorCode } from '@cloud-hospital/protocol';
import type { RelatedPerson } from '@cloud-hospital/protocol/rest';
import { isConsentCode } from '../../auth/consentCodes.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { runVisible } from '../denied.ts';
import { activateRelation } from './activate.ts';
import { fits, knownMember, memberPatient } from './knownMember.ts';
import { describeRelation, lockOwnRelation, type RelationRow } from './relation.ts';

const MAX_TRIES = 5;

/** Counts a try that must be committed, so nothing is thrown. */
async function tryCode(
  services: Services,
  unit: Unit,
  relation: RelationRow,
  code: string,
): Promise<'proven' | 'good' | 'wrong' | 'expired'> {
  const { code_hash: hash, code_expires_at: expiresAt, code_tries: tries, phone } = relation;
  if (hash === null || phone === null || expiresAt === null || expiresAt <= unit.now || tries >= MAX_TRIES) {
    return 'expired';
  }
  const known = await knownMember(unit, relation.identity_hash, relation.account_id);
  const isCode = isConsentCode(services.config.secrets.sessionSecret, relation.id, code, hash);
  // Looked at again: who registered meanwhile with another name or phone did not get this code.
  if (isCode && fits(known, relation.name, phone)) return known?.provenPhone === phone ? 'proven' : 'good';
  await unit.tx
    .updateTable('related_person')
    .set((eb) => ({ code_tries: eb('code_tries', '+', 1) }))
    .where('id', '=', relation.id)
    .execute();
  return 'wrong';
}

/**
 * The member told the code that came to their own phone: that is their consent. Confirming again changes nothing.
 * @throws AppError CODE_WRONG, CODE_EXPIRED (also after five wrong tries), INVALID_TRANSITION, NOT_FOUND
 */
export async function confirmMember(
  services: Services,
  context: ActorContext,
  input: { readonly relatedPersonId: string; readonly code: string },
): Promise<RelatedPerson> {
  const outcome = await runVisible<RelatedPerson | ErrorCode>(services, context, async (unit) => {
    const who = { userId: context.agent.userId, patientId: null };
    const { relation } = await lockOwnRelation(unit, who, input.relatedPersonId);
    if (relation.status === 'active') return describeRelation(unit, services.config, relation.id);
    if (relation.status !== 'proposed') return 'INVALID_TRANSITION';
    const check = await tryCode(services, unit, relation, input.code);
    if (check === 'wrong' || check === 'expired') {
      unit.audit({
        action: 'related-person:activate',
        entityKind: 'RelatedPerson',
        entityId: relation.id,
        outcome: 'failure',
        reason: `code-${check}`,
      });
      return check === 'wrong' ? 'CODE_WRONG' : 'CODE_EXPIRED';
    }
    const patientId = await memberPatient(services, unit, relation);
    // A phone that only the holder named proves that somebody consents, not that it is this person.
    await activateRelation(unit, relation, { patientId, method: 'code', vouched: check === 'proven' });
    return describeRelation(unit, services.config, relation.id);
  });
  if (typeof outcome === 'string') throw new AppError(outcome);
  return outcome;
}
