import { AppError } from '@cloud-hospital/protocol';
import { sql } from 'kysely';
import type { Config } from '../../config.ts';
import { localDate, TIME_ZONE } from '../../domain/localTime.ts';
import type { Unit } from '../../store/command.ts';

export interface WantedTime {
  readonly patientId: string;
  readonly practitionerRoleId: string;
  readonly start: Date;
}

type Limit = 'active-bookings' | 'bookings-per-day' | 'bookings-per-specialist';

/** Which limit one more booking would break; null: none. The patient must be locked, or two could count at once. */
export async function brokenLimit(
  unit: Pick<Unit, 'tx' | 'now'>,
  config: Config,
  { patientId, practitionerRoleId, start }: WantedTime,
): Promise<{ limit: Limit; max: number } | null> {
  const { rows } = await sql<{ active: number; same_day: number; same_specialist: number }>`
    SELECT count(*)::int AS active,
      count(*) FILTER (WHERE (lower(period) AT TIME ZONE ${TIME_ZONE})::date = ${localDate(start)}::date)::int AS same_day,
      count(*) FILTER (WHERE practitioner_role_id = ${practitionerRoleId})::int AS same_specialist
    FROM appointment
    WHERE patient_id = ${patientId} AND status IN ('pending', 'booked') AND upper(period) > ${unit.now}`.execute(
    unit.tx,
  );
  const counted = rows[0] ?? { active: 0, same_day: 0, same_specialist: 0 };
  if (counted.active >= config.MAX_ACTIVE_BOOKINGS) {
    return { limit: 'active-bookings', max: config.MAX_ACTIVE_BOOKINGS };
  }
  if (counted.same_specialist >= config.MAX_BOOKINGS_PER_SPECIALIST) {
    return { limit: 'bookings-per-specialist', max: config.MAX_BOOKINGS_PER_SPECIALIST };
  }
  if (counted.same_day >= config.MAX_BOOKINGS_PER_DAY) {
    return { limit: 'bookings-per-day', max: config.MAX_BOOKINGS_PER_DAY };
  }
  return null;
}

/** @throws AppError LIMIT_REACHED with `limit` and `max` */
export async function assertWithinLimits(unit: Unit, config: Config, wanted: WantedTime): Promise<void> {
  const broken = await brokenLimit(unit, config, wanted);
  if (broken !== null) throw new AppError('LIMIT_REACHED', { ...broken });
}
