import { AppError } from '@cloud-hospital/protocol';
import { RelatedPerson } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { runVisibleOnce } from '../denied.ts';
import { type SecretMessage, sendSecret } from '../inbox/sendSecret.ts';
import { issueConsentCode } from './consentCode.ts';
import { describeRelation, lockOwnRelation } from './relation.ts';

/**
 * Sends the member a new code; the earlier one is void.
 * @throws AppError RATE_LIMITED, INVALID_TRANSITION when no consent is awaited, NOT_FOUND
 */
export async function requestMemberCode(
  services: Services,
  context: ActorContext,
  input: { readonly relatedPersonId: string },
): Promise<RelatedPerson> {
  const sent: (SecretMessage<'family-code'> | null)[] = [];
  const answer = await runVisibleOnce(
    services,
    context,
    { action: 'family.requestCode', request: input, response: RelatedPerson },
    async (unit) => {
      sent.length = 0;
      // The member can't ask for it: they have the code or they don't.
      const who = { userId: context.agent.userId, patientId: null };
      const { relation } = await lockOwnRelation(unit, who, input.relatedPersonId);
      if (relation.status !== 'proposed' || relation.phone === null) {
        throw new AppError('INVALID_TRANSITION', { entity: 'RelatedPerson', from: relation.status });
      }
      sent.push(await issueConsentCode(services, unit, relation));
      return describeRelation(unit, services.config, relation.id);
    },
  );
  for (const message of sent) if (message !== null) sendSecret(services, message);
  return answer;
}
