import type { PeerId } from '@cloud-hospital/protocol';
import { type Topic, topic } from '../domain/topics.ts';
import type { Tx } from './database.ts';

interface Present {
  readonly id: string;
  readonly device_id: string | null;
  readonly practitioner_role_id: string | null;
  readonly guest_link_id: string | null;
  readonly patient_id: string | null;
  readonly encounter_id: string;
}

const presentIn = (tx: Tx, encounterId: string): Promise<Present[]> =>
  tx
    .selectFrom('participant')
    .select(['id', 'device_id', 'practitioner_role_id', 'guest_link_id', 'patient_id', 'encounter_id'])
    .where('encounter_id', '=', encounterId)
    .where('removed_at', 'is', null)
    .execute();

function topicOf(row: Present): Topic | undefined {
  if (row.device_id !== null) return topic.device(row.device_id);
  if (row.guest_link_id !== null) return topic.guest(row.guest_link_id);
  if (row.patient_id !== null) return topic.phone(row.encounter_id);
  return row.practitioner_role_id === null ? undefined : topic.practitionerRole(row.practitioner_role_id);
}

/**
 * The topics under which those who may be in the encounter's room hear of it, wherever they are connected.
 * @param except the one who need not hear it
 */
export const participantTopics = async (tx: Tx, encounterId: string, except?: PeerId): Promise<Topic[]> =>
  (await presentIn(tx, encounterId)).filter(({ id }) => id !== except).flatMap((row) => topicOf(row) ?? []);

/** Where one of them hears of it; undefined: not of this encounter. */
export async function participantTopic(tx: Tx, encounterId: string, peerId: PeerId): Promise<Topic | undefined> {
  const row = (await presentIn(tx, encounterId)).find(({ id }) => id === peerId);
  return row === undefined ? undefined : topicOf(row);
}

/** The same without guests and residents' phones, who hear of nothing but the room. */
export const staffTopics = async (tx: Tx, encounterId: string): Promise<Topic[]> =>
  (await presentIn(tx, encounterId))
    .filter((row) => row.guest_link_id === null && row.patient_id === null)
    .flatMap((row) => topicOf(row) ?? []);
