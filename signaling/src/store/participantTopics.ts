import type { PeerId } from '@cloud-hospital/protocol';
import { type Topic, topic } from '../domain/topics.ts';
import type { Tx } from './database.ts';

/**
 * The topics under which those who may be in the encounter's room hear of it, wherever they are connected.
 * @param except the one who need not hear it
 */
export async function participantTopics(tx: Tx, encounterId: string, except?: PeerId): Promise<Topic[]> {
  const rows = await tx
    .selectFrom('participant')
    .select(['id', 'device_id', 'practitioner_role_id'])
    .where('encounter_id', '=', encounterId)
    .where('removed_at', 'is', null)
    .execute();
  return rows.flatMap((row): Topic[] => {
    if (row.id === except) return [];
    if (row.device_id !== null) return [topic.device(row.device_id)];
    return row.practitioner_role_id === null ? [] : [topic.practitionerRole(row.practitioner_role_id)];
  });
}
