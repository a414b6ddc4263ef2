import { AppError } from '@cloud-hospital/protocol';
import { type DecisionInput, Report } from '@cloud-hospital/protocol/rest';
import type { z } from 'zod';
import type { Services } from '../../Services.ts';
import { onlyOne, reportViews } from '../../store/report.view.ts';
import { accountOf } from '../booking/visibility.ts';
import { runVisibleOnce } from '../denied.ts';
import type { RecordContext } from '../encounter/visibility.ts';
import { announceReport } from './announce.ts';
import { assertVisibleReport } from './visibility.ts';

/**
 * The clinic doctor accepts the opinion, amends or declines it; once for each version.
 * @throws AppError BAD_REQUEST without a reason for amending or declining, VERSION_CONFLICT when the report was amended
 * meanwhile, INVALID_TRANSITION when this version is decided, NOT_FOUND
 */
export const decide = (
  services: Services,
  context: RecordContext,
  input: z.infer<typeof DecisionInput>,
): Promise<Report> =>
  runVisibleOnce(services, context, { action: 'reports.decide', request: input, response: Report }, async (unit) => {
    const actor = context.agent;
    if (input.decision !== 'accepted' && input.reason === '') throw new AppError('BAD_REQUEST', { field: 'reason' });
    await assertVisibleReport(unit, actor, 'report:decide', input.reportId);
    await unit.tx.selectFrom('report').select('id').where('id', '=', input.reportId).forUpdate().execute();
    const report = await assertVisibleReport(unit, actor, 'report:decide', input.reportId);
    if (report.version !== input.version) throw new AppError('VERSION_CONFLICT', { version: report.version });
    if (report.decision !== null) {
      throw new AppError('INVALID_TRANSITION', { entity: 'ClinicDecision', from: report.decision });
    }
    await unit.tx
      .insertInto('clinic_decision')
      .values({
        report_id: report.id,
        report_version: report.version,
        decision: input.decision,
        reason: input.reason,
        decided_by_account: accountOf(actor),
        decided_by_name: actor.name,
        decided_at: unit.now,
      })
      .execute();
    announceReport(
      unit,
      { reportId: report.id, version: report.version },
      {
        id: report.encounter_id,
        patientId: report.patient_id,
        locationId: report.location_id,
        practitionerRoleId: report.practitioner_role_id,
      },
    );
    unit.audit({
      action: 'report:decide',
      entityKind: 'Report',
      entityId: report.id,
      patientId: report.patient_id,
      details: { version: report.version, decision: input.decision },
    });
    const decided = await assertVisibleReport(unit, actor, 'report:decide', input.reportId);
    return onlyOne(await reportViews(unit.tx, [decided], context.publicOrigin, unit.now));
  });
