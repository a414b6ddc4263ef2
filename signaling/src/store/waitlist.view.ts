import { AppointmentId } from '@cloud-hospital/protocol';
import type { WaitlistEntry } from '@cloud-hospital/protocol/rest';
import { type Kysely, sql } from 'kysely';
import { loadRefs } from './refs.ts';
import type { Database, WaitlistOfferTable } from './schema.ts';

type Reader = Kysely<Database>;

interface PassedOver {
  readonly start: string;
  readonly reason: NonNullable<WaitlistOfferTable['reason']>;
}

/**
 * Places on waiting lists, each with those ahead: whoever waits longer for the same specialist and would come on one of
 * the same days, an offer in hand included.
 */
export const selectWaiting = (db: Reader) =>
  db
    .selectFrom('appointment')
    .where('appointment.waitlisted_at', 'is not', null)
    .where('appointment.status', 'in', ['waitlist', 'pending'])
    .select([
      'appointment.id',
      'appointment.version',
      'appointment.status',
      'appointment.patient_id',
      'appointment.practitioner_role_id',
      'appointment.location_id',
      'appointment.complaint',
      'appointment.hold_expires_at',
      'appointment.waitlisted_at',
      'appointment.waitlist_from',
      'appointment.waitlist_to',
      sql<boolean>`(SELECT phone_visits FROM practitioner_role AS role
        WHERE role.id = appointment.practitioner_role_id)`.as('phone_visits'),
      sql<Date | null>`lower(appointment.period)`.as('start'),
      sql<Date | null>`upper(appointment.period)`.as('end'),
      sql<number>`(SELECT count(*)::int FROM appointment AS earlier
        WHERE earlier.practitioner_role_id = appointment.practitioner_role_id
          AND earlier.waitlisted_at IS NOT NULL AND earlier.status IN ('waitlist', 'pending')
          AND (earlier.waitlisted_at, earlier.id) < (appointment.waitlisted_at, appointment.id)
          AND coalesce(earlier.waitlist_from, '-infinity') <= coalesce(appointment.waitlist_to, 'infinity')
          AND coalesce(earlier.waitlist_to, 'infinity') >= coalesce(appointment.waitlist_from, '-infinity'))`.as(
        'ahead',
      ),
      sql<
        PassedOver[]
      >`(SELECT coalesce(jsonb_agg(jsonb_build_object('start', lower(slot.period), 'reason', passed.reason)
          ORDER BY passed.offered_at DESC), '[]')
        FROM waitlist_offer AS passed JOIN slot ON slot.id = passed.slot_id
        WHERE passed.appointment_id = appointment.id AND passed.outcome = 'passed-over')`.as('passed_over'),
    ]);

type WaitingRow = Awaited<ReturnType<ReturnType<typeof selectWaiting>['executeTakeFirstOrThrow']>>;

/** @param now the database's clock, told to the client for its countdowns */
export async function waitlistViews(db: Reader, rows: readonly WaitingRow[], now: Date): Promise<WaitlistEntry[]> {
  const refs = await loadRefs(
    db,
    {
      patients: rows.map((row) => row.patient_id),
      clinics: rows.map((row) => row.location_id),
      specialists: rows.map((row) => row.practitioner_role_id),
    },
    now,
  );
  return rows.map((row) => ({
    appointmentId: AppointmentId.parse(row.id),
    version: row.version,
    specialist: refs.specialist(row.practitioner_role_id),
    clinic: row.location_id === null ? null : refs.clinic(row.location_id),
    patient: refs.patient(row.patient_id),
    complaint: row.complaint,
    joinedAt: (row.waitlisted_at ?? now).toISOString(),
    from: row.waitlist_from,
    to: row.waitlist_to,
    ahead: row.ahead,
    phoneAllowed: row.phone_visits,
    offer:
      row.status === 'pending' && row.start !== null && row.end !== null && row.hold_expires_at !== null
        ? {
            start: row.start.toISOString(),
            end: row.end.toISOString(),
            expiresAt: row.hold_expires_at.toISOString(),
          }
        : null,
    passedOver: row.passed_over.map(({ start, reason }) => ({ start: new Date(start).toISOString(), reason })),
    now: now.toISOString(),
  }));
}
