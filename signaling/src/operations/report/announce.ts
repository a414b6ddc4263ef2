import { EncounterId, ReportId } from '@cloud-hospital/protocol';
import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';

/** Tells resident, clinic and specialist that a report is there or changed. */
export function announceReport(
  unit: Unit,
  report: { reportId: string; version: number },
  encounter: { id: string; patientId: string; locationId: string; practitionerRoleId: string },
): void {
  const clinic = topic.location(encounter.locationId);
  unit.emit(
    [topic.patient(encounter.patientId), clinic, topic.practitionerRole(encounter.practitionerRoleId)],
    'report:changed',
    {
      reportId: ReportId.parse(report.reportId),
      encounterId: EncounterId.parse(encounter.id),
      version: report.version,
    },
  );
  unit.emit([clinic], 'worklist:changed', {});
}
