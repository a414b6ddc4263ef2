import { AppError, EncounterId } from '@cloud-hospital/protocol';
import {
  canTransition,
  ENCOUNTER_TRANSITIONS,
  type EncounterOutcome,
  type EncounterStatus,
} from '@cloud-hospital/protocol/states';
import { topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';

/** A visit as the transaction holds it. */
export interface LockedEncounter {
  readonly id: string;
  readonly appointmentId: string | null;
  readonly patientId: string;
  /** Null while the visit waits in a pool. */
  readonly practitionerRoleId: string | null;
  readonly locationId: string;
  readonly deviceId: string | null;
  /** The resident takes part from their own phone. */
  readonly byPhone: boolean;
  readonly status: EncounterStatus;
  readonly version: number;
  readonly startedAt: Date | null;
}

export const lockEncounter = (unit: Unit, encounterId: string): Promise<LockedEncounter | undefined> =>
  unit.tx
    .selectFrom('encounter')
    .select([
      'id',
      'appointment_id as appointmentId',
      'patient_id as patientId',
      'practitioner_role_id as practitionerRoleId',
      'location_id as locationId',
      'device_id as deviceId',
      'by_phone as byPhone',
      'status',
      'version',
      'started_at as startedAt',
    ])
    .where('id', '=', encounterId)
    .forUpdate()
    .executeTakeFirst();

export interface EncounterChange {
  readonly outcome?: EncounterOutcome;
  readonly ready_at?: Date | null;
  readonly started_at?: Date;
  readonly ended_at?: Date;
  readonly onleave_at?: Date | null;
  readonly device_id?: string;
  readonly by_phone?: boolean;
  readonly phone_seen_at?: Date;
  readonly phone_present?: boolean;
  readonly printed_at?: Date;
  readonly reason?: string;
  readonly practitioner_id?: string | null;
  readonly practitioner_role_id?: string | null;
}

async function write(
  unit: Unit,
  encounter: LockedEncounter,
  status: EncounterStatus,
  change: EncounterChange,
): Promise<LockedEncounter> {
  const version = encounter.version + 1;
  await unit.tx
    .updateTable('encounter')
    .set({ ...change, status, version })
    .where('id', '=', encounter.id)
    .execute();
  const clinic = topic.location(encounter.locationId);
  const roleIds = new Set([encounter.practitionerRoleId, change.practitioner_role_id ?? null]);
  const specialists = [...roleIds].flatMap((id) => (id === null ? [] : [topic.practitionerRole(id)]));
  unit.emit([topic.patient(encounter.patientId), clinic, ...specialists], 'encounter:changed', {
    encounterId: EncounterId.parse(encounter.id),
    status,
    version,
  });
  unit.emit([clinic], 'worklist:changed', {});
  return {
    ...encounter,
    status,
    version,
    deviceId: change.device_id ?? encounter.deviceId,
    startedAt: change.started_at ?? encounter.startedAt,
    practitionerRoleId:
      change.practitioner_role_id === undefined ? encounter.practitionerRoleId : change.practitioner_role_id,
  };
}

/**
 * Moves a locked visit by the table, raises its version and tells resident, clinic and specialist.
 * @returns the visit as it is now @throws AppError INVALID_TRANSITION
 */
export async function moveEncounter(
  unit: Unit,
  encounter: LockedEncounter,
  to: EncounterStatus,
  change: EncounterChange = {},
): Promise<LockedEncounter> {
  if (!canTransition(ENCOUNTER_TRANSITIONS, encounter.status, to)) {
    throw new AppError('INVALID_TRANSITION', { entity: 'Encounter', from: encounter.status, to });
  }
  return write(unit, encounter, to, change);
}

/** Something of a locked visit's chart changed, not its state: raises its version and tells the same people. */
export const touchEncounter = (
  unit: Unit,
  encounter: LockedEncounter,
  change: EncounterChange = {},
): Promise<LockedEncounter> => write(unit, encounter, encounter.status, change);
