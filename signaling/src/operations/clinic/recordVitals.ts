import { AppError } from '@cloud-hospital/protocol';
import { Observation, type ObservationsInput } from '@cloud-hospital/protocol/rest';
import { z } from 'zod';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { observationView } from '../../store/encounter.view.ts';
import { accountOf } from '../booking/visibility.ts';
import { runVisibleOnce } from '../denied.ts';
import { touchEncounter } from '../encounter/changeEncounter.ts';
import { lockVisibleEncounter } from '../encounter/visibility.ts';

const Output = z.object({ observations: z.array(Observation) });

/** Adds measurements to the chart; a later one never replaces an earlier one. @throws AppError INVALID_TRANSITION, NOT_FOUND */
export const recordVitals = (
  services: Services,
  context: ActorContext,
  input: z.infer<typeof ObservationsInput>,
): Promise<z.infer<typeof Output>> =>
  runVisibleOnce(
    services,
    context,
    { action: 'clinic.recordVitals', request: input, response: Output },
    async (unit) => {
      const actor = context.agent;
      const { encounter } = await lockVisibleEncounter(unit, actor, 'observation:record', input.encounterId);
      if (encounter.status === 'finished' || encounter.status === 'cancelled') {
        throw new AppError('INVALID_TRANSITION', { entity: 'Encounter', from: encounter.status });
      }
      const rows = await unit.tx
        .insertInto('observation')
        .values(
          input.vitals.map(({ code, value }) => ({
            encounter_id: encounter.id,
            patient_id: encounter.patientId,
            code,
            value: String(value),
            effective_at: unit.now,
            recorded_by_account: accountOf(actor),
            recorded_by_name: actor.name,
          })),
        )
        .returningAll()
        .execute();
      await touchEncounter(unit, encounter);
      unit.audit({
        action: 'observation:record',
        entityKind: 'Encounter',
        entityId: encounter.id,
        patientId: encounter.patientId,
        details: { count: rows.length },
      });
      return { observations: rows.map(observationView) };
    },
  );
