import { randomUUID } from 'node:crypto';
import { EncounterId } from '@cloud-hospital/protocol';
import type { Actor } from '../../domain/Actor.ts';
import { dayBounds, localDate } from '../../domain/localTime.ts';
import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';
import { type AnyLockedQueue, bumpQueue } from '../queue/lockQueue.ts';
import { seatSpecialist } from '../queue/pool.ts';

/** After midnight, so that a late clinic is over for certain. */
const CLOSE_DAY_AFTER_MS = 3 * 3_600_000;

/** A visit that begins: at the desk, or on the resident's phone. */
export interface Admission {
  readonly appointmentId: string | null;
  readonly patientId: string;
  /** Null: waits in the department's pool. */
  readonly specialist: { readonly practitionerId: string; readonly practitionerRoleId: string } | null;
  readonly locationId: string;
  readonly deviceId: string | null;
  /** The resident takes part from their own phone. */
  readonly byPhone?: boolean;
  readonly complaint: string;
  readonly ticketNumber: string;
  readonly scheduledStart: Date | null;
  readonly urgent: boolean;
}

/**
 * The terminal at which a visit will be called: the one staff sit at, or for a desk browser one of the clinic's that
 * works. Null where the clinic has none.
 * @param before the one chosen before, which stays unless staff sit at another
 */
export async function terminalFor(
  unit: Unit,
  actor: Actor,
  locationId: string,
  before: string | null = null,
): Promise<string | null> {
  const device = await unit.tx
    .selectFrom('device')
    .select('id')
    .where('location_id', '=', locationId)
    .where('status', 'not in', ['unenrolled', 'revoked'])
    .orderBy((eb) => eb('id', 'is not distinct from', actor.deviceId), 'desc')
    .orderBy((eb) => eb('id', 'is not distinct from', before), 'desc')
    .orderBy((eb) => eb('status', '=', 'offline'))
    .orderBy('name')
    .executeTakeFirst();
  return device?.id ?? null;
}

/** Makes the terminal the one that takes part in the visit; a resident's phone no longer does. */
export async function seatTerminal(unit: Unit, encounterId: string, deviceId: string): Promise<void> {
  const { name_zh: clinicName } = await unit.tx
    .selectFrom('encounter')
    .innerJoin('location', 'location.id', 'encounter.location_id')
    .select('location.name_zh')
    .where('encounter.id', '=', encounterId)
    .executeTakeFirstOrThrow();
  await unit.tx
    .updateTable('participant')
    .set({ removed_at: unit.now, rights: 'parked' })
    .where('encounter_id', '=', encounterId)
    .where((eb) => eb.or([eb('device_id', '<>', deviceId), eb('patient_id', 'is not', null)]))
    .where('removed_at', 'is', null)
    .execute();
  await unit.tx
    .insertInto('participant')
    .values({ encounter_id: encounterId, role: 'terminal', device_id: deviceId, display_name: clinicName })
    .onConflict((conflict) =>
      conflict
        .columns(['encounter_id', 'device_id'])
        .where('device_id', 'is not', null)
        .doUpdateSet({ removed_at: null }),
    )
    .execute();
}

/**
 * Opens the visit: Encounter, place in the queue, media room and who may be in it. The queue must be
 * locked by this transaction.
 * @returns the encounter's id
 */
export async function admit(unit: Unit, queue: AnyLockedQueue, admission: Admission): Promise<string> {
  const encounterId = randomUUID();
  await unit.tx
    .insertInto('encounter')
    .values({
      id: encounterId,
      appointment_id: admission.appointmentId,
      patient_id: admission.patientId,
      practitioner_id: admission.specialist?.practitionerId ?? null,
      practitioner_role_id: admission.specialist?.practitionerRoleId ?? null,
      location_id: admission.locationId,
      device_id: admission.deviceId,
      by_phone: admission.byPhone ?? false,
      status: 'arrived',
      complaint: admission.complaint,
      ticket_number: admission.ticketNumber,
      scheduled_start: admission.scheduledStart,
      checked_in_at: unit.now,
    })
    .execute();
  await unit.tx
    .insertInto('queue_entry')
    .values({
      queue_id: queue.id,
      encounter_id: encounterId,
      patient_id: admission.patientId,
      location_id: admission.locationId,
      device_id: admission.deviceId,
      state: 'waiting',
      urgent: admission.urgent,
      scheduled_start: admission.scheduledStart,
      checked_in_at: unit.now,
    })
    .execute();
  await unit.tx.insertInto('room').values({ encounter_id: encounterId }).execute();
  await seatSpecialist(unit, encounterId, admission.specialist?.practitionerRoleId ?? null);
  if (admission.deviceId !== null) await seatTerminal(unit, encounterId, admission.deviceId);
  unit.schedule({
    kind: 'encounter.close-day',
    subjectId: encounterId,
    dueAt: new Date(dayBounds(localDate(unit.now)).end.getTime() + CLOSE_DAY_AFTER_MS),
  });
  await bumpQueue(unit, queue);
  const clinic = topic.location(admission.locationId);
  const specialist =
    admission.specialist === null ? [] : [topic.practitionerRole(admission.specialist.practitionerRoleId)];
  unit.emit([topic.patient(admission.patientId), clinic, ...specialist], 'encounter:changed', {
    encounterId: EncounterId.parse(encounterId),
    status: 'arrived',
    version: 1,
  });
  unit.emit([clinic], 'worklist:changed', {});
  return encounterId;
}
