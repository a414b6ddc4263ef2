import { AppError } from '@cloud-hospital/protocol';
import { Encounter, type FinishInput } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import type { Services } from '../../Services.ts';
import { runVisibleOnce } from '../denied.ts';
import { assertSpecialistQueue } from '../queue/lockQueue.ts';
import { concludeEncounter } from './concludeEncounter.ts';
import { describeEncounter } from './describe.ts';
import { lockVisibleEncounter, type RecordContext } from './visibility.ts';

/**
 * The specialist ends the consultation. The note can be written and signed afterwards.
 * @throws AppError VERSION_CONFLICT, INVALID_TRANSITION, NOT_FOUND
 */
export const finish = (
  services: Services,
  context: RecordContext,
  input: z.infer<typeof FinishInput>,
): Promise<Encounter> =>
  runVisibleOnce(
    services,
    context,
    { action: 'encounters.finish', request: input, response: Encounter },
    async (unit) => {
      const { queue, encounter } = await lockVisibleEncounter(
        unit,
        context.agent,
        'encounter:conclude',
        input.encounterId,
      );
      if (encounter.version !== input.version) throw new AppError('VERSION_CONFLICT');
      await concludeEncounter(unit, assertSpecialistQueue(queue), encounter, input.outcome);
      unit.audit({
        action: 'encounter:conclude',
        entityKind: 'Encounter',
        entityId: encounter.id,
        patientId: encounter.patientId,
        reason: input.outcome,
      });
      return describeEncounter(context, unit, encounter.id);
    },
  );
