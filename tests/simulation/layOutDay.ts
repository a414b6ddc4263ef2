import { type Kysely, sql } from 'kysely';
import { localDate, startOfDay } from '../../signaling/src/domain/localTime.ts';
import type { Database } from '../../signaling/src/store/schema.ts';
import { ensureSlots } from '../../signaling/src/store/ensureSlots.ts';
import { SESSIONS } from './planDay.ts';

const DAY_MS = 24 * 3_600_000;
/** The demo seed's own bookings lie within six days; the simulated day is one that is still empty. */
const FIRST_DAY_AHEAD = 7;
const LAST_DAY_AHEAD = 12;
const WINDOW_DAYS = 14;
const SLOT_MINUTES = 15;

export interface ClinicPlace {
  readonly locationId: string;
  readonly deviceId: string;
  readonly nurse: string;
}
export interface SpecialistPlace {
  readonly practitionerRoleId: string;
  readonly queueId: string;
  readonly username: string;
  readonly departmentCode: string;
}
/** Where the day takes place, and when. */
export interface Stage {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly midnight: Date;
  readonly clinics: readonly ClinicPlace[];
  readonly specialists: readonly SpecialistPlace[];
  /** Queues of these specialists and pools of their departments. */
  readonly queueIds: readonly string[];
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** The first working day that is empty yet. */
function chooseDay(now: Date): string {
  for (let ahead = FIRST_DAY_AHEAD; ahead <= LAST_DAY_AHEAD; ahead += 1) {
    const date = localDate(new Date(now.getTime() + ahead * DAY_MS));
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
    if (weekday >= 1 && weekday <= 5) return date;
  }
  throw new RangeError('six days without a working day');
}

/**
 * Picks a day, clinics and specialists (those of one department together, so that even few can stand in for each
 * other), and gives every specialist surgery on that day. Schedules are rows here; the slots are made by the product.
 */
export async function layOutDay(
  db: Kysely<Database>,
  now: Date,
  counts: { readonly clinics: number; readonly specialists: number },
): Promise<Stage> {
  const date = chooseDay(now);
  const clinics = await db
    .selectFrom('account')
    .innerJoin('practitioner', 'practitioner.account_id', 'account.id')
    .innerJoin('practitioner_role as role', 'role.practitioner_id', 'practitioner.id')
    .innerJoin('device', 'device.location_id', 'role.location_id')
    .select(['device.location_id as locationId', 'device.id as deviceId', 'account.username as nurse'])
    .where('role.role', '=', 'nurse')
    .orderBy('account.username')
    .limit(counts.clinics)
    .execute();
  const specialists = await db
    .selectFrom('account')
    .innerJoin('practitioner', 'practitioner.account_id', 'account.id')
    .innerJoin('practitioner_role as role', 'role.practitioner_id', 'practitioner.id')
    .innerJoin('queue', 'queue.practitioner_role_id', 'role.id')
    .select([
      'role.id as practitionerRoleId',
      'queue.id as queueId',
      'account.username',
      'role.department_code as departmentCode',
    ])
    .where('role.role', '=', 'specialist')
    .orderBy('role.department_code')
    .orderBy('account.username')
    .limit(counts.specialists)
    .execute();
  for (const { practitionerRoleId } of specialists) {
    for (const { from, to } of SESSIONS) {
      await sql`
        INSERT INTO schedule (practitioner_role_id, weekday, start_time, end_time, slot_minutes, walk_in_capacity,
          effective_from, effective_to)
        SELECT ${practitionerRoleId}, extract(isodow FROM ${date}::date), ${clock(from)}, ${clock(to)}, ${SLOT_MINUTES},
          40, ${date}::date, ${date}::date
        WHERE NOT EXISTS (SELECT FROM schedule WHERE practitioner_role_id = ${practitionerRoleId}
          AND weekday = extract(isodow FROM ${date}::date) AND start_time <= ${clock(from)}::time
          AND end_time >= ${clock(to)}::time)`.execute(db);
    }
  }
  await ensureSlots(db, WINDOW_DAYS);
  const queues = await db
    .selectFrom('queue')
    .select('id')
    .where((eb) =>
      eb.or([
        eb(
          'practitioner_role_id',
          'in',
          specialists.map((row) => row.practitionerRoleId),
        ),
        eb.and([
          eb('kind', '=', 'pool'),
          eb(
            'department_code',
            'in',
            specialists.map((row) => row.departmentCode),
          ),
        ]),
      ]),
    )
    .execute();
  return {
    queueIds: queues.map(({ id }) => id),
    date,
    midnight: startOfDay(date),
    clinics: clinics.map((row) => ({ ...row, nurse: row.nurse ?? '' })),
    specialists: specialists.map((row) => ({
      ...row,
      username: row.username ?? '',
      departmentCode: row.departmentCode ?? '',
    })),
  };
}
