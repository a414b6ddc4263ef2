import { AppError } from '@cloud-hospital/protocol';
import { canTransition, RELATED_PERSON_TRANSITIONS, type RelatedPersonStatus } from '@cloud-hospital/protocol/states';
import { z } from 'zod';
import { maskName } from '../../domain/masking.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { runVisibleOnce } from '../denied.ts';
import { notify } from '../inbox/notify.ts';
import { announceRelation, holderOf, lockOwnRelation, type RelationRow } from './relation.ts';

/** Whatever links the holder sent for this member's appointments open nothing any more. */
const revokeLinks = (unit: Unit, relation: RelationRow, patientId: string) =>
  unit.tx
    .updateTable('helper_link')
    .set({ revoked_at: unit.now })
    .where('created_by_account', '=', relation.account_id)
    .where('revoked_at', 'is', null)
    .where('appointment_id', 'in', (eb) =>
      eb.selectFrom('appointment').select('id').where('patient_id', '=', patientId),
    )
    .execute();

async function tellOtherSide(unit: Unit, relation: RelationRow, patientId: string, by: RelationRow['ended_by']) {
  const holder = await holderOf(unit, relation.account_id);
  const member = await unit.tx
    .selectFrom('patient')
    .select(['name', 'phone', 'account_id'])
    .where('id', '=', patientId)
    .executeTakeFirstOrThrow();
  const dedupe = `family-ended:${relation.id}`;
  const tell = (other: string, accountId: string | null, phone: string | null, side: string) =>
    accountId === null && phone === null
      ? Promise.resolve()
      : notify(unit, {
          kind: 'family-ended',
          params: { other },
          accountId,
          phone,
          subjectId: relation.id,
          dedupeKey: `${dedupe}:${side}`,
        });
  if (by !== 'holder') await tell(maskName(member.name), relation.account_id, holder.phone, 'holder');
  if (by !== 'member') await tell(holder.name, member.account_id, member.phone, 'member');
}

/** Ends a request or a relation: from this commit on the account sees nothing of the member. The row must be locked. */
export async function endLockedRelation(
  unit: Unit,
  relation: RelationRow,
  to: Extract<RelatedPersonStatus, 'rejected' | 'inactive'>,
  by: NonNullable<RelationRow['ended_by']>,
): Promise<void> {
  if (!canTransition(RELATED_PERSON_TRANSITIONS, relation.status, to)) {
    throw new AppError('INVALID_TRANSITION', { entity: 'RelatedPerson', from: relation.status, to });
  }
  await unit.tx
    .updateTable('related_person')
    .set((eb) => ({
      status: to,
      ended_at: unit.now,
      ended_by: by,
      identity_encrypted: null,
      code_hash: null,
      version: eb('version', '+', 1),
    }))
    .where('id', '=', relation.id)
    .execute();
  unit.audit({
    action: 'related-person:end',
    entityKind: 'RelatedPerson',
    entityId: relation.id,
    patientId: relation.patient_id,
    reason: by,
    details: { from: relation.status, to },
  });
  if (relation.status === 'active' && relation.patient_id !== null) {
    await revokeLinks(unit, relation, relation.patient_id);
    await tellOtherSide(unit, relation, relation.patient_id, by);
  }
  await announceRelation(unit, relation, relation.patient_id);
}

/**
 * Either side ends it, at once.
 * @throws AppError VERSION_CONFLICT, INVALID_TRANSITION, NOT_FOUND
 */
export const endRelation = (
  services: Services,
  context: ActorContext,
  input: { readonly relatedPersonId: string; readonly version: number },
): Promise<Record<string, never>> =>
  runVisibleOnce(services, context, { action: 'family.end', request: input, response: z.object({}) }, async (unit) => {
    const { relation, side } = await lockOwnRelation(unit, context.agent, input.relatedPersonId);
    if (relation.version !== input.version) throw new AppError('VERSION_CONFLICT');
    await endLockedRelation(unit, relation, 'inactive', side);
    return {};
  });
