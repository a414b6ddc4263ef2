import { AppError } from '@cloud-hospital/protocol';
import type { Actor } from '../../domain/Actor.ts';
import type { Unit } from '../../store/command.ts';
import { isVisibleToAccount } from '../../store/family.ts';
import { type ReportRow, selectReports } from '../../store/report.view.ts';
import { accountOf, isClinicStaff, staffLocation } from '../booking/visibility.ts';
import { hiddenError } from '../denied.ts';

/**
 * Query of the reports an actor may read: residents their own and their family's, staff those of their
 * clinic, specialists their own opinions. Until staff have once seen the identity card, an account reads only what came of its own bookings.
 */
export function visibleReports(unit: Unit, actor: Actor) {
  const query = selectReports(unit.tx);
  if (isClinicStaff(actor)) return query.where('encounter.location_id', '=', staffLocation(actor));
  if (actor.role === 'specialist' && actor.practitionerRoleId !== null) {
    return query.where('encounter.practitioner_role_id', '=', actor.practitionerRoleId);
  }
  if (actor.role !== 'resident' || actor.patientId === null) throw new AppError('FORBIDDEN');
  const { patientId } = actor;
  return query
    .innerJoin('patient', 'patient.id', 'report.patient_id')
    .leftJoin('appointment', 'appointment.id', 'encounter.appointment_id')
    .where(
      isVisibleToAccount(accountOf(actor), patientId, {
        patientId: 'report.patient_id',
        bookedBy: 'appointment.booked_by_account',
      }),
    );
}

/** @throws AppError NOT_FOUND when it doesn't exist or isn't the actor's; the latter leaves an AuditEvent */
export async function assertVisibleReport(
  unit: Unit,
  actor: Actor,
  action: string,
  reportId: string,
): Promise<ReportRow> {
  const row = await visibleReports(unit, actor).where('report.id', '=', reportId).executeTakeFirst();
  if (row !== undefined) return row;
  const foreign = await unit.tx.selectFrom('report').select('patient_id').where('id', '=', reportId).executeTakeFirst();
  throw hiddenError(foreign !== undefined, {
    action,
    entityKind: 'Report',
    entityId: reportId,
    patientId: foreign?.patient_id ?? null,
  });
}
