import { z } from 'zod';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { staffLocation } from '../booking/visibility.ts';
import { runVisibleOnce } from '../denied.ts';
import { lockEncounter, touchEncounter } from '../encounter/changeEncounter.ts';
import { assertVisibleReport } from './visibility.ts';

/** Staff put the printed report into the resident's hands. @throws AppError NOT_FOUND, FORBIDDEN for others than staff */
export const markPrinted = (
  services: Services,
  context: ActorContext,
  input: { readonly reportId: string },
): Promise<Record<string, never>> =>
  runVisibleOnce(
    services,
    context,
    { action: 'reports.markPrinted', request: input, response: z.strictObject({}) },
    async (unit) => {
      staffLocation(context.agent);
      const report = await assertVisibleReport(unit, context.agent, 'report:read', input.reportId);
      const encounter = await lockEncounter(unit, report.encounter_id);
      if (encounter !== undefined) {
        await touchEncounter(unit, encounter, { printed_at: unit.now });
      }
      unit.audit({
        action: 'report:print',
        entityKind: 'Report',
        entityId: report.id,
        patientId: report.patient_id,
        details: { version: report.version },
      });
      return {};
    },
  );
