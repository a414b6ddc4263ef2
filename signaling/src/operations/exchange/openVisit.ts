import { AppError, EncounterId } from '@cloud-hospital/protocol';
import type { EncounterStatus } from '@cloud-hospital/protocol/states';
import type { Actor } from '../../domain/Actor.ts';
import { type Topic, topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';
import { staffTopics } from '../../store/participantTopics.ts';
import { assertConsent } from '../encounter/assertConsent.ts';
import { assertVisibleEncounter } from '../encounter/visibility.ts';

/** A visit to which something may be added now. */
export interface OpenVisit {
  readonly encounterId: EncounterId;
  readonly patientId: string;
  /** Under which the camera that takes its stills is reached; null: nobody is there to take one. */
  readonly camera: Topic | null;
  readonly status: EncounterStatus;
}

/**
 * From check-in until the visit ends, with the resident's consent; the row is held, so that it can't end meanwhile.
 * @throws AppError NOT_FOUND, INVALID_TRANSITION, CONSENT_REQUIRED
 */
export async function openVisit(unit: Unit, actor: Actor, action: string, encounterId: string): Promise<OpenVisit> {
  await assertVisibleEncounter(unit, actor, action, encounterId);
  const row = await unit.tx
    .selectFrom('encounter')
    .select(['id', 'patient_id', 'device_id', 'by_phone', 'status'])
    .where('id', '=', encounterId)
    .forShare()
    .executeTakeFirstOrThrow();
  if (row.status === 'finished' || row.status === 'cancelled') {
    throw new AppError('INVALID_TRANSITION', { entity: 'Encounter', from: row.status });
  }
  await assertConsent(unit, encounterId);
  return {
    encounterId: EncounterId.parse(row.id),
    patientId: row.patient_id,
    camera: cameraOf(row),
    status: row.status,
  };
}

const cameraOf = (visit: { readonly id: string; readonly device_id: string | null; readonly by_phone: boolean }) => {
  if (visit.by_phone) return topic.phone(visit.id);
  return visit.device_id === null ? null : topic.device(visit.device_id);
};

/**
 * Who hears of what is exchanged: the staff in the room, never its guests, and terminal, phone and specialist before they
 * entered it.
 */
export async function exchangeTopics(unit: Unit, encounterId: string): Promise<Topic[]> {
  const row = await unit.tx
    .selectFrom('encounter')
    .select(['id', 'device_id', 'by_phone', 'practitioner_role_id'])
    .where('id', '=', encounterId)
    .executeTakeFirstOrThrow();
  const topics = new Set(await staffTopics(unit.tx, encounterId));
  const camera = cameraOf(row);
  if (camera !== null) topics.add(camera);
  if (row.practitioner_role_id !== null) topics.add(topic.practitionerRole(row.practitioner_role_id));
  return [...topics];
}

/** Everybody fetches anew what they show. */
export async function tellExchange(unit: Unit, encounterId: string): Promise<void> {
  unit.emit(await exchangeTopics(unit, encounterId), 'exchange:changed', {
    encounterId: EncounterId.parse(encounterId),
  });
}
