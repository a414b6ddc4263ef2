import { PhoneVisitsInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { runVisibleOnce } from '../denied.ts';
import { assertSchedule } from './access.ts';

type Input = z.infer<typeof PhoneVisitsInput>;

/**
 * Whether residents may choose to be seen at their own phone. What is booked so stays so.
 * @throws AppError NOT_FOUND for a specialist the actor has nothing to do with
 */
export const setPhoneVisits = (services: Services, context: ActorContext, input: Input): Promise<Input> =>
  runVisibleOnce(
    services,
    context,
    { action: 'schedules.setPhoneVisits', request: input, response: PhoneVisitsInput },
    async (unit) => {
      const { practitionerRoleId, allowed } = input;
      await assertSchedule(unit, context.agent, 'schedule:write', practitionerRoleId);
      await unit.tx
        .updateTable('practitioner_role')
        .set((eb) => ({ phone_visits: allowed, version: eb('version', '+', 1) }))
        .where('id', '=', practitionerRoleId)
        .execute();
      unit.audit({
        action: 'schedule:write',
        entityKind: 'PractitionerRole',
        entityId: practitionerRoleId,
        details: { phoneVisits: allowed },
      });
      return input;
    },
  );
