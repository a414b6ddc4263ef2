import { AppointmentId, EncounterId, QueueEntryId, ReportId } from '@cloud-hospital/protocol';
import type { Worklist, WorklistItem } from '@cloud-hospital/protocol/rest';
import type {
  AppointmentStatus,
  EncounterOutcome,
  EncounterStatus,
  QueueEntryState,
} from '@cloud-hospital/protocol/states';
import { type Kysely, sql } from 'kysely';
import { dayBounds } from '../domain/localTime.ts';
import { worklistStatus } from '../domain/worklistStatus.ts';
import { isOnline } from './encounter.view.ts';
import type { LocatedPlace } from './queuePlaces.ts';
import { loadRefs } from './refs.ts';
import type { Database } from './schema.ts';

type Reader = Kysely<Database>;

interface Row {
  appointment_id: string | null;
  appointment_status: AppointmentStatus | null;
  start: Date | null;
  encounter_id: string | null;
  encounter_status: EncounterStatus | null;
  outcome: EncounterOutcome | null;
  ready_at: Date | null;
  printed_at: Date | null;
  checked_in_at: Date | null;
  device_status: string | null;
  by_phone: boolean;
  phone_present: boolean;
  queue_entry_id: string | null;
  queue_id: string | null;
  entry_state: QueueEntryState | null;
  report_id: string | null;
  signed_at: Date | null;
  patient_id: string;
  practitioner_role_id: string | null;
  department_code: string;
  ticket_number: string;
  complaint: string;
  has_consent: boolean;
  has_vitals: boolean;
  answer_needed: boolean;
}

/**
 * Everybody who has or had to do with this clinic on this day: appointments of the day that were at least booked,
 * visits that were checked in on it, and on the present day visits of earlier days that are not over.
 */
async function rowsOf(db: Reader, locationId: string, start: Date, end: Date, withOpen: boolean): Promise<Row[]> {
  const { rows } = await sql<Row>`
    WITH visit AS (
      SELECT * FROM encounter
      WHERE location_id = ${locationId}
        AND (
          (checked_in_at >= ${start} AND checked_in_at < ${end})
          OR (${withOpen}::boolean AND status IN ('arrived', 'in-progress', 'onleave'))
        )
    ),
    planned AS (
      SELECT * FROM appointment
      WHERE location_id = ${locationId} AND lower(period) >= ${start} AND lower(period) < ${end}
        AND ticket_number IS NOT NULL AND status <> 'entered-in-error'
    )
    SELECT coalesce(planned.id, visit.appointment_id) AS appointment_id, planned.status AS appointment_status,
      coalesce(lower(planned.period), visit.scheduled_start) AS start,
      visit.id AS encounter_id, visit.status AS encounter_status, visit.outcome, visit.ready_at, visit.printed_at,
      visit.checked_in_at, device.status AS device_status,
      coalesce(visit.by_phone, planned.by_phone) AS by_phone, coalesce(visit.phone_present, false) AS phone_present,
      entry.id AS queue_entry_id, entry.queue_id, entry.state AS entry_state,
      report.id AS report_id, report_version.signed_at,
      coalesce(visit.patient_id, planned.patient_id) AS patient_id,
      specialist.id AS practitioner_role_id,
      coalesce(specialist.department_code, waits_in.department_code) AS department_code,
      coalesce(visit.ticket_number, planned.ticket_number) AS ticket_number,
      coalesce(visit.complaint, planned.complaint) AS complaint,
      EXISTS (
        SELECT FROM consent
        WHERE consent.encounter_id = visit.id AND purpose = 'consultation' AND consent.status = 'active'
      ) AS has_consent,
      EXISTS (SELECT FROM observation WHERE observation.encounter_id = visit.id) AS has_vitals,
      EXISTS (
        SELECT FROM schedule_change
        WHERE schedule_change.appointment_id = planned.id AND schedule_change.status = 'open'
      ) AS answer_needed
    FROM planned
    FULL JOIN visit ON visit.appointment_id = planned.id
    LEFT JOIN device ON device.id = visit.device_id
    LEFT JOIN LATERAL (
      SELECT id, queue_id, state FROM queue_entry
      WHERE queue_entry.encounter_id = visit.id ORDER BY checked_in_at DESC LIMIT 1
    ) entry ON true
    LEFT JOIN queue waits_in ON waits_in.id = entry.queue_id
    -- Somebody handed over to a pool has no specialist any more, whoever was booked.
    LEFT JOIN practitioner_role specialist
      ON specialist.id = CASE WHEN visit.id IS NULL THEN planned.practitioner_role_id ELSE visit.practitioner_role_id END
    LEFT JOIN report ON report.encounter_id = visit.id
    LEFT JOIN report_version ON report_version.report_id = report.id AND report_version.version = report.version
    ORDER BY coalesce(lower(planned.period), visit.scheduled_start, visit.checked_in_at), ticket_number`.execute(db);
  return rows;
}

/**
 * The clinic's day, with a fixed number of queries however long the list is.
 * @param date `YYYY-MM-DD` @param withOpen whether visits of earlier days that are not over belong to it
 * @param places where those who wait there stand
 */
export async function worklistView(
  db: Reader,
  locationId: string,
  { date, withOpen }: { readonly date: string; readonly withOpen: boolean },
  now: Date,
  places: readonly LocatedPlace[],
): Promise<Worklist> {
  const { start, end } = dayBounds(date);
  const rows = await rowsOf(db, locationId, start, end, withOpen);
  const refs = await loadRefs(
    db,
    {
      patients: rows.map((row) => row.patient_id),
      specialists: rows.map((row) => row.practitioner_role_id),
      departments: rows.map((row) => row.department_code),
      clinics: [locationId],
    },
    now,
  );
  const placeOf = new Map(places.map(({ place }) => [String(place.queueEntryId), place]));
  const items = rows.map(
    (row): WorklistItem => ({
      appointmentId: row.appointment_id === null ? null : AppointmentId.parse(row.appointment_id),
      encounterId: row.encounter_id === null ? null : EncounterId.parse(row.encounter_id),
      queueEntryId: row.queue_entry_id === null ? null : QueueEntryId.parse(row.queue_entry_id),
      reportId: row.report_id === null ? null : ReportId.parse(row.report_id),
      status: worklistStatus({
        now,
        appointment:
          row.appointment_status === null || row.start === null
            ? null
            : { status: row.appointment_status, start: row.start },
        encounter:
          row.encounter_status === null
            ? null
            : {
                status: row.encounter_status,
                outcome: row.outcome,
                ready: row.ready_at !== null,
                entryState: row.entry_state,
                printedAt: row.printed_at,
              },
        reportSignedAt: row.signed_at,
      }),
      patient: refs.patient(row.patient_id),
      specialist: row.practitioner_role_id === null ? null : refs.specialist(row.practitioner_role_id),
      departmentName: refs.departmentName(row.department_code),
      scheduledStart: row.start?.toISOString() ?? null,
      checkedInAt: row.checked_in_at?.toISOString() ?? null,
      ticketNumber: row.ticket_number,
      complaint: row.complaint,
      answerNeeded: row.answer_needed,
      readiness: {
        consent: row.has_consent,
        vitals: row.has_vitals,
        ready: row.ready_at !== null,
        terminalOnline: row.by_phone ? row.phone_present : isOnline(row.device_status),
        byPhone: row.by_phone,
      },
      place: row.queue_entry_id === null ? null : (placeOf.get(row.queue_entry_id) ?? null),
    }),
  );
  return { date, clinic: refs.clinic(locationId), items, now: now.toISOString() };
}
