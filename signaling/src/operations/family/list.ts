import { RelatedPersonId } from '@cloud-hospital/protocol';
import type { Family } from '@cloud-hospital/protocol/rest';
import { maskPhone } from '../../domain/masking.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { isCurrent } from '../../store/family.ts';
import { accountOf } from '../booking/visibility.ts';
import { relationView } from './relation.ts';

/** Whom the account acts for or asked to, and who acts for its holder. */
export const listFamily = (services: Services, context: ActorContext): Promise<Family> =>
  services.commands.run(context, async (unit) => {
    const accountId = accountOf(context.agent);
    const { patientId } = context.agent;
    const members = await unit.tx
      .selectFrom('related_person')
      .leftJoin('patient', 'patient.id', 'related_person.patient_id')
      .selectAll('related_person')
      .select('patient.identity_verified_at')
      .where('related_person.account_id', '=', accountId)
      .where((eb) => eb.or([eb('related_person.status', '=', 'proposed'), isCurrent()]))
      .orderBy('related_person.requested_at')
      .execute();
    const representatives =
      patientId === null
        ? []
        : await unit.tx
            .selectFrom('related_person')
            .innerJoin('account', 'account.id', 'related_person.account_id')
            .leftJoin('patient as holder', 'holder.account_id', 'account.id')
            .selectAll('related_person')
            .select(['account.phone as holder_phone', 'holder.name as holder_name'])
            .where('related_person.patient_id', '=', patientId)
            .where(isCurrent())
            .orderBy('related_person.consented_at')
            .execute();
    unit.audit({
      action: 'related-person:read',
      entityKind: 'RelatedPerson',
      entityId: null,
      patientId,
      details: { members: members.length, representatives: representatives.length },
    });
    return {
      members: members.map((row) => relationView(row, row.identity_verified_at !== null, unit.now, services.config)),
      representatives: representatives.map((row) => ({
        relatedPersonId: RelatedPersonId.parse(row.id),
        version: row.version,
        name: row.holder_name ?? maskPhone(row.holder_phone),
        phoneMasked: maskPhone(row.holder_phone),
        relationship: row.relationship,
        consentedAt: (row.consented_at ?? row.requested_at).toISOString(),
      })),
      now: unit.now.toISOString(),
    };
  });
