import { AppointmentId } from '@cloud-hospital/protocol';
import type { NoShow } from '@cloud-hospital/protocol/rest';
import { type Kysely, sql } from 'kysely';
import type { Database } from './schema.ts';

/** The base of every query whose rows become `NoShow`. */
export const selectNoShows = (db: Kysely<Database>) =>
  db
    .selectFrom('appointment')
    .innerJoin('practitioner', 'practitioner.id', 'appointment.practitioner_id')
    .innerJoin('practitioner_role as role', 'role.id', 'appointment.practitioner_role_id')
    .innerJoin('department', 'department.code', 'role.department_code')
    .leftJoin('practitioner as excuser', 'excuser.account_id', 'appointment.noshow_excused_by')
    .select([
      'appointment.id',
      'appointment.version',
      'appointment.noshow_party',
      'appointment.noshow_excuse',
      'appointment.noshow_excused_at',
      'practitioner.name as specialist',
      'department.name_zh',
      'department.name_en',
      'excuser.name as excuser',
      sql<Date>`lower(appointment.period)`.as('start'),
    ])
    .where('appointment.status', '=', 'noshow');

type NoShowRow = Awaited<ReturnType<ReturnType<typeof selectNoShows>['executeTakeFirstOrThrow']>>;

export const noShowView = (row: NoShowRow): NoShow => ({
  appointmentId: AppointmentId.parse(row.id),
  version: row.version,
  start: row.start.toISOString(),
  specialistName: row.specialist,
  departmentName: { zh: row.name_zh, en: row.name_en },
  party: row.noshow_party ?? 'patient',
  excused:
    row.noshow_excused_at === null || row.noshow_excuse === null
      ? null
      : { reason: row.noshow_excuse, by: row.excuser ?? '', at: row.noshow_excused_at.toISOString() },
});
