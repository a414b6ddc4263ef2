import { EncounterId } from '@cloud-hospital/protocol';
import type { Topic } from '../../domain/topics.ts';
import type { Unit } from '../../store/command.ts';
import { exchangeTopics } from '../exchange/openVisit.ts';

/**
 * Who is in the call, or could come, changed: their screens fetch it anew, and every replica brings the media node in
 * line with it. @param also whoever isn't in the call (yet, or any more)
 */
export async function tellPeople(unit: Unit, encounterId: string, also: readonly Topic[] = []): Promise<void> {
  const topics = new Set([...(await exchangeTopics(unit, encounterId)), ...also]);
  unit.emit([...topics], 'people:changed', { encounterId: EncounterId.parse(encounterId) });
}
