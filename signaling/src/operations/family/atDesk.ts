import { AppError, RelatedPersonId } from '@cloud-hospital/protocol';
import type { DeskRelation, RecordRelationInput } from '@cloud-hospital/protocol/rest';
import { z } from 'zod';
import { maskPhone } from '../../domain/masking.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import { isCurrent } from '../../store/family.ts';
import { accountOf, staffLocation } from '../booking/visibility.ts';
import { verifyIdentity } from '../clinic/checkIn.ts';
import { hiddenError, runVisibleOnce } from '../denied.ts';
import { activateRelation } from './activate.ts';
import { endLockedRelation } from './end.ts';
import { memberPatient } from './knownMember.ts';
import { announceRelation, isMinor, type RelationRow } from './relation.ts';

/** Who asks to act, or acts, for the person whose card is on the desk. Leaves an AuditEvent also when nobody does. */
export const searchRelations = (
  services: Services,
  context: ActorContext,
  input: { readonly identityNumber: string },
): Promise<{ relations: DeskRelation[] }> =>
  services.commands.run(context, async (unit) => {
    staffLocation(context.agent);
    const rows = await unit.tx
      .selectFrom('related_person')
      .innerJoin('account', 'account.id', 'related_person.account_id')
      .leftJoin('patient as holder', 'holder.account_id', 'account.id')
      .leftJoin('patient', 'patient.id', 'related_person.patient_id')
      .selectAll('related_person')
      .select([
        'account.phone as holder_phone',
        'holder.name as holder_name',
        'patient.identity_verified_at as seen_at',
      ])
      .where('related_person.identity_hash', '=', services.identityCipher.hash(input.identityNumber))
      .where((eb) => eb.or([eb('related_person.status', '=', 'proposed'), isCurrent()]))
      .orderBy('related_person.requested_at')
      .execute();
    unit.audit({
      action: 'related-person:find',
      entityKind: 'RelatedPerson',
      entityId: null,
      patientId: rows.find((row) => row.patient_id !== null)?.patient_id ?? null,
      details: { count: rows.length },
    });
    return {
      relations: rows.map((row) => ({
        relatedPersonId: RelatedPersonId.parse(row.id),
        version: row.version,
        status: row.status === 'active' ? ('active' as const) : ('proposed' as const),
        relationship: row.relationship,
        memberName: row.name,
        holderName: row.holder_name ?? maskPhone(row.holder_phone),
        holderPhoneMasked: maskPhone(row.holder_phone),
        minor: isMinor(row.birth_date, unit.now),
        historyVisible: row.verified_at !== null && row.seen_at !== null,
        requestedAt: row.requested_at.toISOString(),
      })),
    };
  });

/** Staff saw the member and their card, and they agree. */
async function agree(services: Services, unit: Unit, relation: RelationRow, staff: string): Promise<void> {
  const patientId = await memberPatient(services, unit, relation);
  const { name } = await unit.tx
    .selectFrom('patient')
    .select('name')
    .where('id', '=', patientId)
    .executeTakeFirstOrThrow();
  // Another name on the card than the holder wrote: a slip of the finger, or somebody else.
  if (name !== relation.name) throw new AppError('BAD_REQUEST', { field: 'name', reason: 'identity-name-mismatch' });
  await verifyIdentity(unit, patientId);
  if (relation.status === 'proposed') {
    await activateRelation(unit, relation, { patientId, method: 'desk', recordedBy: staff, vouched: true });
    return;
  }
  await unit.tx
    .updateTable('related_person')
    .set((eb) => ({ verified_at: unit.now, consent_recorded_by: staff, version: eb('version', '+', 1) }))
    .where('id', '=', relation.id)
    .where('verified_at', 'is', null)
    .execute();
  unit.audit({
    action: 'related-person:vouch',
    entityKind: 'RelatedPerson',
    entityId: relation.id,
    patientId,
  });
  await announceRelation(unit, relation, patientId);
}

/**
 * Staff who have the member before them record what they want: to be acted for, not to be, or no longer.
 * @throws AppError NOT_FOUND also for a relation of another card, VERSION_CONFLICT, INVALID_TRANSITION, BAD_REQUEST
 */
export function recordRelation(
  services: Services,
  context: ActorContext,
  input: z.infer<typeof RecordRelationInput>,
): Promise<Record<string, never>> {
  const hash = services.identityCipher.hash(input.identityNumber);
  const { identityNumber: _number, ...rest } = input;
  const request = { ...rest, identity: hash.toString('hex') };
  return runVisibleOnce(
    services,
    context,
    { action: 'family.record', request, response: z.object({}) },
    async (unit) => {
      staffLocation(context.agent);
      const relation = await unit.tx
        .selectFrom('related_person')
        .selectAll()
        .where('id', '=', input.relatedPersonId)
        .forUpdate()
        .executeTakeFirst();
      if (relation === undefined || !relation.identity_hash.equals(hash)) {
        throw hiddenError(relation !== undefined, {
          action: 'related-person:record',
          entityKind: 'RelatedPerson',
          entityId: input.relatedPersonId,
          patientId: relation?.patient_id ?? null,
        });
      }
      if (relation.version !== input.version) throw new AppError('VERSION_CONFLICT');
      if (input.decision === 'active') await agree(services, unit, relation, accountOf(context.agent));
      else await endLockedRelation(unit, relation, input.decision, 'staff');
      return {};
    },
  );
}
