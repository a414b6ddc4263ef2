import type { DepartmentCode } from '@cloud-hospital/protocol';
import type { Actor } from '../../../signaling/src/domain/Actor.ts';
import { sql } from 'kysely';
import { waitsFor } from '../../../signaling/src/operations/booking/waitlist/waiters.ts';
import type { CareDistrict, TestClinic, TestResident, TestSpecialist } from '../careDistrict.ts';
import { waitForDay } from '../restOfDay.ts';
import type { ScheduleStage } from '../scheduleStage.ts';

/** What one random day plays in: a department of its own, so that pools and substitutes of other days stay out of it. */
export interface World {
  readonly district: CareDistrict;
  readonly stage: ScheduleStage;
  readonly departmentCode: DepartmentCode;
  readonly clinics: readonly TestClinic[];
  readonly specialists: readonly TestSpecialist[];
  readonly residents: readonly TestResident[];
  readonly coordinator: Actor;
}

/** What a slow machine takes for a day at most; milliseconds. */
const PLAYED_MS = 60_000;
/** Of the sessions that templates plan; nobody checks in then, and leave may take them. */
export const PLANNED_DAY_AHEAD = 1;

/**
 * Two clinics with a terminal each, three specialists and five residents. Today's slots begin within minutes, so that
 * people can check in; two of the specialists have planned ones tomorrow. All have slots at the same times, so that a
 * patient can want to be in two places.
 */
export async function createWorld(district: CareDistrict, stage: ScheduleStage): Promise<World> {
  const departmentCode = await district.department();
  const [clinics, specialists, residents] = await Promise.all([
    Promise.all([district.clinic(), district.clinic()]),
    Promise.all([0, 1, 2].map(() => district.specialist(departmentCode))),
    Promise.all(Array.from({ length: 5 }, () => district.resident())),
  ]);
  const [lead, second] = specialists;
  if (lead === undefined || second === undefined) throw new Error('no specialists');
  for (const one of [lead, second]) {
    await stage.edit(one.actor, one, stage.template(PLANNED_DAY_AHEAD, { endTime: '10:00' }));
  }
  // After the templates: whatever isn't in the plan is taken out when it changes.
  await waitForDay(PLAYED_MS);
  await Promise.all([lead, second].flatMap((one) => [1, 6, 11].map((minutes) => district.slotToday(one, minutes, 5))));
  const coordinator = stage.coordinator(lead);
  return { district, stage, departmentCode, clinics, specialists, residents, coordinator };
}

const idsOf = (world: World): string[] => world.specialists.map((one) => one.practitionerRoleId);

export const appointmentsOf = (world: World) =>
  world.district.services.db
    .selectFrom('appointment')
    .select([
      'id',
      'version',
      'patient_id',
      'location_id',
      // A case to answer and an offer in hand are states of their own to whoever chooses what to do.
      sql<string>`CASE
        WHEN EXISTS (SELECT FROM schedule_change WHERE appointment_id = appointment.id AND schedule_change.status = 'open')
          THEN 'to-answer'
        WHEN status = 'booked' AND lower(period) > now() + interval '1 hour' THEN 'booked-ahead'
        WHEN status = 'pending' AND waitlisted_at IS NOT NULL THEN 'offered'
        ELSE status END`.as('state'),
    ])
    .where(
      'patient_id',
      'in',
      world.residents.map((resident) => resident.patientId),
    )
    .orderBy('created_at')
    .orderBy('id')
    .execute();

export const entriesOf = (world: World) =>
  world.district.services.db
    .selectFrom('queue_entry')
    .innerJoin('encounter', 'encounter.id', 'queue_entry.encounter_id')
    .innerJoin('queue', 'queue.id', 'queue_entry.queue_id')
    .select([
      'queue_entry.id',
      'queue_entry.version',
      sql<string>`CASE
        WHEN encounter.status = 'onleave' AND queue_entry.state = 'waiting' THEN 'parked'
        WHEN queue_entry.state = 'waiting' AND queue_entry.call_count > 0 THEN 'rung'
        WHEN queue_entry.state = 'waiting' AND encounter.ready_at IS NOT NULL THEN 'ready'
        ELSE queue_entry.state END`.as('state'),
      'queue_entry.encounter_id',
      'queue_entry.lease_token',
      'queue_entry.location_id',
      'queue_entry.queue_id',
      'encounter.version as encounter_version',
      'encounter.practitioner_role_id',
      sql<boolean>`queue_entry.state = 'waiting' AND EXISTS (
        SELECT FROM late_start WHERE late_start.practitioner_role_id = queue.practitioner_role_id
          AND told_at IS NOT NULL AND resolved_at IS NULL)`.as('specialist_late'),
      sql<boolean>`EXISTS (
        SELECT FROM availability WHERE availability.practitioner_role_id = queue.practitioner_role_id
          AND availability.state = 'off')`.as('specialist_off'),
    ])
    .where((eb) =>
      eb.or([
        eb('queue.practitioner_role_id', 'in', idsOf(world)),
        eb('queue.department_code', '=', world.departmentCode),
      ]),
    )
    .orderBy('queue_entry.checked_in_at')
    .orderBy('queue_entry.id')
    .execute();

/** The department's slots by time; the same order while no schedule changes. */
export const slotsOf = (world: World) =>
  world.district.services.db
    .selectFrom('slot')
    .select([
      'id',
      sql<string>`CASE WHEN status = 'free' AND ${waitsFor} THEN 'wanted' ELSE status END`.as('state'),
      sql<boolean>`lower(period) < now() + interval '1 hour'`.as('today'),
    ])
    .where('practitioner_role_id', 'in', idsOf(world))
    .orderBy(sql`lower(period)`)
    .orderBy('id')
    .execute();

/** Who waits, in the order in which each specialist would call them: their own queue and the pool they take from. */
export async function callingOrders(world: World): Promise<Map<string, string[]>> {
  const orders = await Promise.all(
    world.specialists.map(async ({ practitionerRoleId }): Promise<[string, string[]]> => {
      const { rows } = await sql<{ queue_entry_id: string }>`
        SELECT queue_entry_id FROM queue, queue_order(queues_called_from(queue.id), now())
        WHERE practitioner_role_id = ${practitionerRoleId} ORDER BY place`.execute(world.district.services.db);
      return [practitionerRoleId, rows.map((row) => row.queue_entry_id)];
    }),
  );
  return new Map(orders);
}

/** Whether each specialist has somebody to call, and is in no call. */
export async function specialistsOf(world: World): Promise<(TestSpecialist & { readonly state: string })[]> {
  const { rows } = await sql<{ practitioner_role_id: string }>`
    SELECT practitioner_role_id FROM queue
    WHERE practitioner_role_id = ANY (${idsOf(world)}::uuid[])
      AND NOT EXISTS (SELECT FROM queue_entry WHERE queue_id = queue.id AND state IN ('called', 'serving'))
      AND EXISTS (SELECT FROM queue_order(queues_called_from(queue.id), now()) WHERE not_ready IS NULL)`.execute(
    world.district.services.db,
  );
  const ids = new Set(rows.map((row) => row.practitioner_role_id));
  return world.specialists.map((one) => ({ ...one, state: ids.has(one.practitionerRoleId) ? 'can-call' : 'idle' }));
}
