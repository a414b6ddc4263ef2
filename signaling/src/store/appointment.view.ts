import { AppointmentId, EncounterId, QueueEntryId, ReportId } from '@cloud-hospital/protocol';
import type { Appointment } from '@cloud-hospital/protocol/rest';
import { type Kysely, sql } from 'kysely';
import { loadRefs } from './refs.ts';
import type { Database } from './schema.ts';

type Reader = Kysely<Database>;

/** The base of every query whose rows become `Appointment`. */
export const selectAppointments = (db: Reader) =>
  db
    .selectFrom('appointment')
    .leftJoin('encounter', 'encounter.appointment_id', 'appointment.id')
    .leftJoin('schedule_change', (join) =>
      join.onRef('schedule_change.appointment_id', '=', 'appointment.id').on('schedule_change.status', '=', 'open'),
    )
    .leftJoin('report', 'report.encounter_id', 'encounter.id')
    .leftJoin('appointment as next', 'next.previous_appointment_id', 'appointment.id')
    // Whoever waits for a time is shown on the waiting list, not here.
    .where('appointment.period', 'is not', null)
    .select([
      'appointment.id',
      'appointment.version',
      'appointment.status',
      'appointment.patient_id',
      'appointment.practitioner_role_id',
      'appointment.location_id',
      'appointment.complaint',
      'appointment.ticket_number',
      'appointment.hold_expires_at',
      'appointment.cancellation_reason',
      'appointment.booked_by_role',
      'appointment.series_id',
      'appointment.series_ordinal',
      'appointment.device_check',
      'next.id as rescheduled_to',
      'appointment.booked_by_account',
      'encounter.id as encounter_id',
      'encounter.ready_at',
      sql<boolean>`coalesce(encounter.by_phone, appointment.by_phone)`.as('by_phone'),
      sql<boolean>`(SELECT phone_visits FROM practitioner_role WHERE id = appointment.practitioner_role_id)`.as(
        'phone_visits',
      ),
      'report.id as report_id',
      'schedule_change.cause as schedule_change_cause',
      'schedule_change.answer_by',
      sql<Date>`lower(appointment.period)`.as('start'),
      sql<Date>`upper(appointment.period)`.as('end'),
      sql<string | null>`(SELECT entry.id FROM queue_entry entry WHERE entry.encounter_id = encounter.id
        ORDER BY entry.checked_in_at DESC LIMIT 1)`.as('queue_entry_id'),
    ]);

export type AppointmentRow = Awaited<ReturnType<ReturnType<typeof selectAppointments>['executeTakeFirstOrThrow']>>;

/** Only somebody with a valid appointment holds a ticket that checks in. */
const HAS_TICKET: ReadonlySet<string> = new Set(['booked', 'checked-in']);

/** Who booked, for each appointment that the person did not book themselves. */
async function proxiesOf(
  db: Reader,
  rows: readonly AppointmentRow[],
): Promise<Map<string, NonNullable<Appointment['bookedBy']>>> {
  const accountIds = [...new Set(rows.map((row) => row.booked_by_account).filter((id) => id !== null))];
  const found =
    accountIds.length === 0
      ? []
      : await db
          .selectFrom('account')
          .leftJoin('patient', 'patient.account_id', 'account.id')
          .leftJoin('practitioner', 'practitioner.account_id', 'account.id')
          .select(['account.id', 'patient.id as patient_id', 'patient.name', 'practitioner.name as staff_name'])
          .where('account.id', 'in', accountIds)
          .execute();
  const accounts = new Map(found.map((account) => [account.id, account]));
  const proxies = new Map<string, NonNullable<Appointment['bookedBy']>>();
  for (const row of rows) {
    const account = row.booked_by_account === null ? undefined : accounts.get(row.booked_by_account);
    const isStaff = row.booked_by_role !== 'resident';
    if (!isStaff && (account === undefined || account.patient_id === row.patient_id)) continue;
    proxies.set(row.id, { name: (isStaff ? account?.staff_name : account?.name) ?? '', role: row.booked_by_role });
  }
  return proxies;
}

export interface AppointmentWords {
  /** The database's clock, told to the client for its countdowns. */
  readonly now: Date;
  /** Text of the QR code for an appointment's id. */
  readonly ticketQr: (appointmentId: string) => string;
  /** Up to when a resident may change what begins then. */
  readonly changeableUntil: (start: Date) => Date;
  readonly changeCutoffMinutes: number;
  /** From when the resident may check in on the phone. */
  readonly phoneCheckInFrom: (start: Date) => Date;
}

export async function appointmentViews(
  db: Reader,
  rows: readonly AppointmentRow[],
  { now, ticketQr, changeableUntil, changeCutoffMinutes, phoneCheckInFrom }: AppointmentWords,
): Promise<Appointment[]> {
  const refs = await loadRefs(
    db,
    {
      patients: rows.map((row) => row.patient_id),
      clinics: rows.map((row) => row.location_id),
      specialists: rows.map((row) => row.practitioner_role_id),
    },
    now,
  );
  const bookers = await proxiesOf(db, rows);
  return rows.map((row) => ({
    appointmentId: AppointmentId.parse(row.id),
    version: row.version,
    status: row.status,
    start: row.start.toISOString(),
    end: row.end.toISOString(),
    specialist: refs.specialist(row.practitioner_role_id),
    clinic: row.location_id === null ? null : refs.clinic(row.location_id),
    patient: refs.patient(row.patient_id),
    complaint: row.complaint,
    ticketNumber: row.ticket_number,
    ticketQr: HAS_TICKET.has(row.status) ? ticketQr(row.id) : null,
    holdExpiresAt: row.status === 'pending' ? (row.hold_expires_at?.toISOString() ?? null) : null,
    cancellationReason: row.cancellation_reason,
    changeableUntil:
      row.status === 'booked' && changeableUntil(row.start) > now ? changeableUntil(row.start).toISOString() : null,
    changeCutoffMinutes,
    seriesId: AppointmentId.parse(row.series_id ?? row.id),
    moves: row.series_ordinal,
    rescheduledTo: row.rescheduled_to === null ? null : AppointmentId.parse(row.rescheduled_to),
    bookedByProxy: bookers.has(row.id),
    bookedBy: bookers.get(row.id) ?? null,
    encounterId: row.encounter_id === null ? null : EncounterId.parse(row.encounter_id),
    queueEntryId: row.queue_entry_id === null ? null : QueueEntryId.parse(row.queue_entry_id),
    reportId: row.report_id === null ? null : ReportId.parse(row.report_id),
    scheduleChange:
      row.schedule_change_cause === null || row.answer_by === null
        ? null
        : { cause: row.schedule_change_cause, answerBy: row.answer_by.toISOString() },
    deviceCheck: row.device_check,
    phone: {
      allowed: row.phone_visits,
      chosen: row.by_phone,
      checkInFrom: phoneCheckInFrom(row.start).toISOString(),
      ready: row.by_phone && row.ready_at !== null,
    },
    now: now.toISOString(),
  }));
}
