import type { Encounter } from '@cloud-hospital/protocol/rest';
import type { Services } from '../../Services.ts';
import { runVisible } from '../denied.ts';
import { describeEncounter } from './describe.ts';
import { assertVisibleEncounter, type RecordContext } from './visibility.ts';

/** The chart of one visit. Reading it is audited. @throws AppError NOT_FOUND */
export const getEncounter = (
  services: Services,
  context: RecordContext,
  input: { readonly encounterId: string },
): Promise<Encounter> =>
  runVisible(services, context, async (unit) => {
    const { patientId } = await assertVisibleEncounter(unit, context.agent, 'encounter:read', input.encounterId);
    unit.audit({ action: 'encounter:read', entityKind: 'Encounter', entityId: input.encounterId, patientId });
    return describeEncounter(context, unit, input.encounterId);
  });
