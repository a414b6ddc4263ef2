import { AppError } from '@cloud-hospital/protocol';
import type { NoShowStanding } from '@cloud-hospital/protocol/rest';
import { type Kysely, sql } from 'kysely';
import type { Actor } from '../../domain/Actor.ts';
import { localDate } from '../../domain/localTime.ts';
import type { Unit } from '../../store/command.ts';
import type { Database } from '../../store/schema.ts';
import { isClinicStaff } from './visibility.ts';

/** Three within a year: from then on bookings are made at a desk, where somebody asks why. */
export const NO_SHOW_LIMIT = 3;

/**
 * How many no-shows count against each of these people: their own (not the clinic's or the specialist's), of the last
 * year, not excused. Booking online opens by itself when enough of them are a year old.
 */
export async function noShowStandings(
  db: Kysely<Database>,
  patientIds: readonly string[],
): Promise<Map<string, NoShowStanding>> {
  const standings = new Map<string, NoShowStanding>(
    patientIds.map((id) => [id, { count: 0, limit: NO_SHOW_LIMIT, mayBookOnline: true, onlineAgainOn: null }]),
  );
  if (patientIds.length === 0) return standings;
  const { rows } = await sql<{ patient_id: string; counted: number; open_at: Date | null }>`
    SELECT patient_id, count(*)::int AS counted,
      -- The one that must grow old before fewer than the limit are left.
      (array_agg(lower(period) ORDER BY lower(period) DESC))[${NO_SHOW_LIMIT}::int] + interval '1 year' AS open_at
    FROM appointment
    WHERE patient_id = ANY(${patientIds}::uuid[]) AND status = 'noshow' AND coalesce(noshow_party, 'patient') = 'patient'
      AND noshow_excused_at IS NULL AND lower(period) > now() - interval '1 year'
    GROUP BY patient_id`.execute(db);
  for (const { patient_id: patientId, counted, open_at: openAt } of rows) {
    const mayBookOnline = counted < NO_SHOW_LIMIT;
    standings.set(patientId, {
      count: counted,
      limit: NO_SHOW_LIMIT,
      mayBookOnline,
      onlineAgainOn: mayBookOnline || openAt === null ? null : localDate(openAt),
    });
  }
  return standings;
}

/** One person's. */
export async function noShowStanding(db: Kysely<Database>, patientId: string): Promise<NoShowStanding> {
  const standing = (await noShowStandings(db, [patientId])).get(patientId);
  if (standing === undefined) throw new AppError('INTERNAL');
  return standing;
}

/**
 * Whatever lets a resident get an appointment by themselves asks this; staff at a desk always may book.
 * @throws AppError LIMIT_REACHED with `limit: 'no-shows'`, `count` and `onlineAgainOn`
 */
export async function assertMayBookOnline(unit: Unit, actor: Actor, patientId: string): Promise<void> {
  if (isClinicStaff(actor)) return;
  const { mayBookOnline, count, limit, onlineAgainOn } = await noShowStanding(unit.tx, patientId);
  if (!mayBookOnline) throw new AppError('LIMIT_REACHED', { limit: 'no-shows', max: limit, count, onlineAgainOn });
}
