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
  readonly deviceId: string | null;
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
    .select(['id', 'patient_id', 'device_id', 'status'])
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
    deviceId: row.device_id,
    status: row.status,
  };
}

/** Who hears of what is exchanged: the staff in the room, never its guests, and terminal and specialist before they entered it. */
export async function exchangeTopics(unit: Unit, encounterId: string): Promise<Topic[]> {
  const row = await unit.tx
    .selectFrom('encounter')
    .select(['device_id', 'practitioner_role_id'])
    .where('id', '=', encounterId)
    .executeTakeFirstOrThrow();
  const topics = new Set(await staffTopics(unit.tx, encounterId));
  if (row.device_id !== null) topics.add(topic.device(row.device_id));
  if (row.practitioner_role_id !== null) topics.add(topic.practitionerRole(row.practitioner_role_id));
  return [...topics];
}

/** Everybody fetches anew what they show. */
export async function tellExchange(unit: Unit, encounterId: string): Promise<void> {
  unit.emit(await exchangeTopics(unit, encounterId), 'exchange:changed', {
    encounterId: EncounterId.parse(encounterId),
  });
}
