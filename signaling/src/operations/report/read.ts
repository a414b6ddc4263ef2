import type { Report, ReportSummary } from '@cloud-hospital/protocol/rest';
import type { ActorContext } from '../../store/command.ts';
import type { Services } from '../../Services.ts';
import { onlyOne, reportSummaries, reportViews } from '../../store/report.view.ts';
import { runVisible } from '../denied.ts';
import type { RecordContext } from '../encounter/visibility.ts';
import { assertVisibleReport, visibleReports } from './visibility.ts';

const LIMIT = 100;

/** The actor's reports, latest first. */
export const listReports = (services: Services, context: ActorContext): Promise<{ reports: ReportSummary[] }> =>
  runVisible(services, context, async (unit) => {
    const rows = await visibleReports(unit, context.agent)
      .orderBy('report_version.signed_at', 'desc')
      .limit(LIMIT)
      .execute();
    unit.audit({
      action: 'report:read',
      entityKind: 'Report',
      entityId: null,
      patientId: context.agent.patientId,
      details: { count: rows.length },
    });
    return { reports: await reportSummaries(unit.tx, rows, unit.now) };
  });

/** @throws AppError NOT_FOUND */
export const getReport = (
  services: Services,
  context: RecordContext,
  input: { readonly reportId: string },
): Promise<Report> =>
  runVisible(services, context, async (unit) => {
    const row = await assertVisibleReport(unit, context.agent, 'report:read', input.reportId);
    unit.audit({ action: 'report:read', entityKind: 'Report', entityId: row.id, patientId: row.patient_id });
    return onlyOne(await reportViews(unit.tx, [row], context.publicOrigin, unit.now));
  });
