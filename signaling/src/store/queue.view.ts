import { EncounterId, QueueEntryId, QueueId } from '@cloud-hospital/protocol';
import type { QueueView } from '@cloud-hospital/protocol/rest';
import { type Kysely, sql } from 'kysely';
import { dayBounds, localDate } from '../domain/localTime.ts';
import { isOnline } from './encounter.view.ts';
import { type LocatedPlace, locatedPlaces } from './queuePlaces.ts';
import { loadRefs } from './refs.ts';
import type { SharedQueue } from './sharedPlaces.ts';
import type { Database } from './schema.ts';

type Reader = Kysely<Database>;

/** Where each waiting entry stands when own queue and pool are called from together. */
async function callingOrder(db: Reader, queueIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await sql<{ queue_entry_id: string; place: number }>`
    SELECT queue_entry_id, place FROM queue_order(${queueIds}::uuid[], now())`.execute(db);
  return new Map(rows.map((row) => [row.queue_entry_id, row.place]));
}

/**
 * A specialist's queue with everything the console shows of it. The queue must exist.
 * @param shared its places as they were read for several who look at once; else they are read here
 */
export async function queueView(
  db: Reader,
  practitionerRoleId: string,
  now: Date,
  shared?: SharedQueue,
): Promise<QueueView> {
  const { start, end } = dayBounds(localDate(now));
  // The version first: entries that are newer than it are harmless, entries older than it would never be refetched.
  const queue = await db
    .selectFrom('queue')
    .innerJoin('practitioner_role', 'practitioner_role.id', 'queue.practitioner_role_id')
    .innerJoin('practitioner', 'practitioner.id', 'practitioner_role.practitioner_id')
    .innerJoin('department', 'department.code', 'practitioner_role.department_code')
    .leftJoin('availability', 'availability.practitioner_role_id', 'practitioner_role.id')
    .select([
      'queue.id',
      'queue.version',
      'practitioner.name',
      'practitioner.name_en',
      'availability.state',
      'availability.break_until',
      'availability.takes_pool',
      'department.name_zh as department_zh',
      'department.name_en as department_en',
      sql<string[]>`queues_called_from(queue.id)`.as('called_from'),
    ])
    .where('queue.practitioner_role_id', '=', practitionerRoleId)
    .executeTakeFirstOrThrow();
  const [places, order, entries, upcoming, done] = await Promise.all([
    shared?.places ?? locatedPlaces(db, queue.called_from),
    callingOrder(db, queue.called_from),
    db
      .selectFrom('queue_entry')
      .innerJoin('encounter', 'encounter.id', 'queue_entry.encounter_id')
      .leftJoin('device', 'device.id', 'queue_entry.device_id')
      .selectAll('queue_entry')
      .select([
        'encounter.complaint',
        'encounter.ready_at',
        'encounter.by_phone',
        'encounter.phone_present',
        'device.status as device_status',
        sql<boolean>`EXISTS (SELECT FROM consent WHERE consent.encounter_id = encounter.id
          AND purpose = 'consultation' AND consent.status = 'active')`.as('has_consent'),
        sql<boolean>`EXISTS (SELECT FROM observation WHERE observation.encounter_id = encounter.id)`.as('has_vitals'),
      ])
      .where('queue_entry.queue_id', 'in', queue.called_from)
      .where('queue_entry.state', 'in', ['waiting', 'called', 'serving'])
      .execute(),
    db
      .selectFrom('appointment')
      .innerJoin('patient', 'patient.id', 'appointment.patient_id')
      .innerJoin('location', 'location.id', 'appointment.location_id')
      .select([
        sql<Date>`lower(appointment.period)`.as('start'),
        'patient.name',
        'location.name_zh',
        'location.name_en',
        'appointment.ticket_number',
      ])
      .where('appointment.practitioner_role_id', '=', practitionerRoleId)
      .where('appointment.status', '=', 'booked')
      .where(sql<Date>`lower(appointment.period)`, '>=', start)
      .where(sql<Date>`lower(appointment.period)`, '<', end)
      .orderBy(sql`lower(appointment.period)`)
      .execute(),
    db
      .selectFrom('encounter')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .where('practitioner_role_id', '=', practitionerRoleId)
      .where('status', '=', 'finished')
      .where('ended_at', '>=', start)
      .executeTakeFirstOrThrow(),
  ]);
  const refs = await loadRefs(
    db,
    { patients: entries.map((entry) => entry.patient_id), clinics: entries.map((entry) => entry.location_id) },
    now,
  );
  const placeIn = ({ place }: LocatedPlace): number => order.get(place.queueEntryId) ?? 0;
  const inCallingOrder = places.toSorted((left, right) => placeIn(left) - placeIn(right));
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return {
    queueId: QueueId.parse(queue.id),
    version: Number(shared?.version ?? queue.version),
    name: { zh: queue.name, en: queue.name_en },
    availability: queue.state ?? 'off',
    breakUntil: queue.break_until?.toISOString() ?? null,
    departmentName: { zh: queue.department_zh, en: queue.department_en },
    takesPool: queue.takes_pool ?? false,
    entries: inCallingOrder.flatMap(({ place, queueId }) => {
      const entry = byId.get(place.queueEntryId);
      if (entry === undefined) return [];
      return [
        {
          queueEntryId: QueueEntryId.parse(entry.id),
          encounterId: EncounterId.parse(entry.encounter_id),
          version: entry.version,
          state: entry.state,
          pooled: queueId !== queue.id,
          position: order.get(entry.id) ?? null,
          ticketNumber: place.ticketNumber,
          patient: refs.patient(entry.patient_id),
          clinic: refs.clinic(entry.location_id),
          complaint: entry.complaint,
          scheduledStart: entry.scheduled_start?.toISOString() ?? null,
          checkedInAt: entry.checked_in_at.toISOString(),
          urgent: entry.urgent,
          readiness: {
            consent: entry.has_consent,
            vitals: entry.has_vitals,
            ready: entry.ready_at !== null,
            terminalOnline: entry.by_phone ? entry.phone_present : isOnline(entry.device_status),
            byPhone: entry.by_phone,
          },
          orderReason: place.orderReason,
          lastReason: entry.last_reason,
          callCount: entry.call_count,
          expected: place.expected,
          promiseBreachedAt: place.promise?.breachedAt ?? null,
        },
      ];
    }),
    upcoming: upcoming.map((row) => ({
      start: row.start.toISOString(),
      patientName: row.name,
      clinicName: { zh: row.name_zh, en: row.name_en },
      ticketNumber: row.ticket_number ?? '',
    })),
    doneToday: Number(done.count),
    now: now.toISOString(),
  };
}
