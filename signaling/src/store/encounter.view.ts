import {
  AppError,
  AppointmentId,
  ConsentId,
  EncounterId,
  ObservationId,
  QueueEntryId,
  ReportId,
} from '@cloud-hospital/protocol';
import {
  type Consent,
  type Encounter,
  type HistoryItem,
  type Observation,
  VITALS,
} from '@cloud-hospital/protocol/rest';
import { type Kysely, type Selectable, sql } from 'kysely';
import { localDate } from '../domain/localTime.ts';
import { loadRefs } from './refs.ts';
import { onlyOne, reportViews, selectReports } from './report.view.ts';
import type { ConsentTable, Database, ObservationTable } from './schema.ts';

type Reader = Kysely<Database>;

/** Earlier visits shown beside the chart. */
const HISTORY_LIMIT = 20;
const VITALS_HISTORY_LIMIT = 200;
const CONCLUSION_LENGTH = 200;

export const consentView = (row: Selectable<ConsentTable>): Consent => ({
  consentId: ConsentId.parse(row.id),
  purpose: row.purpose,
  status: row.status,
  recordedAt: row.recorded_at.toISOString(),
  recordedBy: row.recorded_by_name,
});

export function observationView(row: Selectable<ObservationTable>): Observation {
  const value = Number(row.value);
  const { usual } = VITALS[row.code];
  return {
    observationId: ObservationId.parse(row.id),
    code: row.code,
    value,
    effectiveAt: row.effective_at.toISOString(),
    recordedBy: row.recorded_by_name,
    attention: usual !== null && (value < usual[0] || value > usual[1]),
  };
}

/** Earlier finished visits with what the specialist concluded, latest first. */
async function history(db: Reader, patientId: string, exceptId: string): Promise<HistoryItem[]> {
  const rows = await db
    .selectFrom('encounter')
    .innerJoin('practitioner_role', 'practitioner_role.id', 'encounter.practitioner_role_id')
    .innerJoin('practitioner', 'practitioner.id', 'practitioner_role.practitioner_id')
    .innerJoin('department', 'department.code', 'practitioner_role.department_code')
    .leftJoin('report', 'report.encounter_id', 'encounter.id')
    .leftJoin('report_version', (join) =>
      join.onRef('report_version.report_id', '=', 'report.id').onRef('report_version.version', '=', 'report.version'),
    )
    .select([
      'encounter.id',
      'encounter.started_at',
      'encounter.created_at',
      'report.id as report_id',
      'report_version.content',
      'practitioner.name',
      'department.name_zh',
      'department.name_en',
    ])
    .where('encounter.patient_id', '=', patientId)
    .where('encounter.id', '<>', exceptId)
    .where('encounter.status', '=', 'finished')
    .orderBy('encounter.created_at', 'desc')
    .limit(HISTORY_LIMIT)
    .execute();
  return rows.map((row) => ({
    encounterId: EncounterId.parse(row.id),
    reportId: row.report_id === null ? null : ReportId.parse(row.report_id),
    date: localDate(row.started_at ?? row.created_at),
    specialistName: row.name,
    departmentName: { zh: row.name_zh, en: row.name_en },
    conclusion: (row.content?.diagnoses.map((diagnosis) => diagnosis.text).join('; ') ?? '').slice(
      0,
      CONCLUSION_LENGTH,
    ),
  }));
}

export interface ChartReader {
  readonly publicOrigin: string;
  /** The draft is the specialist's own until it is signed. */
  readonly withDraft: boolean;
  readonly now: Date;
}

/** The whole chart of one visit, with a fixed number of queries. @throws AppError NOT_FOUND */
export async function encounterView(db: Reader, encounterId: string, reader: ChartReader): Promise<Encounter> {
  const { now } = reader;
  const row = await db
    .selectFrom('encounter')
    .leftJoin('device', 'device.id', 'encounter.device_id')
    .selectAll('encounter')
    .select([
      'device.status as device_status',
      sql<string | null>`(SELECT entry.id FROM queue_entry entry WHERE entry.encounter_id = encounter.id
        ORDER BY entry.checked_in_at DESC LIMIT 1)`.as('queue_entry_id'),
      // The specialist's, or that of the pool it waits in.
      sql<string>`coalesce(
        (SELECT role.department_code FROM practitioner_role role WHERE role.id = encounter.practitioner_role_id),
        (SELECT queue.department_code FROM queue_entry entry JOIN queue ON queue.id = entry.queue_id
          WHERE entry.encounter_id = encounter.id ORDER BY entry.checked_in_at DESC LIMIT 1))`.as('department_code'),
    ])
    .where('encounter.id', '=', encounterId)
    .executeTakeFirst();
  if (row === undefined) throw new AppError('NOT_FOUND');
  const [refs, consents, observations, pastVisits, note, reports] = await Promise.all([
    loadRefs(
      db,
      {
        patients: [row.patient_id],
        clinics: [row.location_id],
        specialists: [row.practitioner_role_id],
        departments: [row.department_code],
      },
      now,
    ),
    db
      .selectFrom('consent')
      .selectAll()
      .where('encounter_id', '=', encounterId)
      .orderBy('recorded_at')
      .orderBy('id')
      .execute(),
    db
      .selectFrom('observation')
      .selectAll()
      .where('patient_id', '=', row.patient_id)
      .orderBy('effective_at', 'desc')
      .orderBy('id')
      .limit(VITALS_HISTORY_LIMIT)
      .execute(),
    history(db, row.patient_id, encounterId),
    reader.withDraft
      ? db.selectFrom('note_draft').selectAll().where('encounter_id', '=', encounterId).executeTakeFirst()
      : undefined,
    selectReports(db).where('report.encounter_id', '=', encounterId).execute(),
  ]);
  const [own, earlier] = [
    observations.filter((observation) => observation.encounter_id === encounterId),
    observations.filter((observation) => observation.encounter_id !== encounterId),
  ].map((list) => list.toReversed().map(observationView));
  const report = reports.length === 0 ? null : onlyOne(await reportViews(db, reports, reader.publicOrigin, now));
  return {
    encounterId: EncounterId.parse(row.id),
    version: row.version,
    status: row.status,
    outcome: row.outcome,
    appointmentId: row.appointment_id === null ? null : AppointmentId.parse(row.appointment_id),
    patient: refs.patient(row.patient_id),
    specialist: row.practitioner_role_id === null ? null : refs.specialist(row.practitioner_role_id),
    departmentName: refs.departmentName(row.department_code),
    clinic: refs.clinic(row.location_id),
    complaint: row.complaint,
    scheduledStart: row.scheduled_start?.toISOString() ?? null,
    checkedInAt: row.checked_in_at?.toISOString() ?? null,
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    ticketNumber: row.ticket_number,
    queueEntryId: row.queue_entry_id === null ? null : QueueEntryId.parse(row.queue_entry_id),
    readiness: {
      consent: consents.some((consent) => consent.purpose === 'consultation' && consent.status === 'active'),
      vitals: own !== undefined && own.length > 0,
      ready: row.ready_at !== null,
      terminalOnline: row.by_phone ? row.phone_present : isOnline(row.device_status),
      byPhone: row.by_phone,
    },
    consents: consents.map(consentView),
    observations: own ?? [],
    vitalsHistory: earlier ?? [],
    history: pastVisits,
    note:
      note === undefined
        ? null
        : { content: note.content, version: note.version, savedAt: note.saved_at.toISOString() },
    report,
    now: now.toISOString(),
  };
}

/** Whether a terminal of this status can take a call, now or after the present one. */
export const isOnline = (status: string | null): boolean =>
  status === 'ready' || status === 'failing' || status === 'in-call';
