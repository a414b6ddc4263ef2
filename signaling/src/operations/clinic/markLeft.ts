import { Encounter } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import { runVisibleOnce } from '../denied.ts';
import { describeEncounter } from '../encounter/describe.ts';
import { leaveUnserved } from '../encounter/leaveUnserved.ts';
import { assertVisibleEncounter, type RecordContext } from '../encounter/visibility.ts';

/**
 * Staff say that somebody who waited went home.
 * @throws AppError INVALID_TRANSITION once the specialist is calling, NOT_FOUND
 */
export const markLeft = (
  services: Services,
  context: RecordContext,
  input: { readonly encounterId: string },
): Promise<Encounter> =>
  runVisibleOnce(
    services,
    context,
    { action: 'clinic.markLeft', request: input, response: Encounter },
    async (unit) => {
      const { patientId } = await assertVisibleEncounter(unit, context.agent, 'encounter:prepare', input.encounterId);
      await leaveUnserved(unit, input.encounterId, 'patient-left');
      unit.audit({
        action: 'encounter:leave',
        entityKind: 'Encounter',
        entityId: input.encounterId,
        patientId,
        reason: 'patient-left',
      });
      return describeEncounter(context, unit, input.encounterId);
    },
  );
