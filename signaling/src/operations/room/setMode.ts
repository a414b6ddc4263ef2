import type { EncounterId, PeerId, RoomId } from '@cloud-hospital/protocol';
import type { PeerShows } from '@cloud-hospital/protocol/socket';
import type { ActorContext } from '../../store/command.ts';
import { participantTopics } from '../../store/participantTopics.ts';
import type { Services } from '../../Services.ts';

export interface SetModeInput extends PeerShows {
  readonly encounterId: EncounterId;
  readonly peerId: PeerId;
  readonly roomId: RoomId;
}

/**
 * Tells the others, wherever they are connected, what this participant shows now, and keeps it for whoever isn't at the
 * moment.
 */
export async function setMode(services: Services, context: ActorContext, input: SetModeInput): Promise<void> {
  const { encounterId, peerId, roomId, ...shows } = input;
  await services.commands.run(context, async (unit) => {
    await unit.tx
      .updateTable('participant')
      .set({ shows: JSON.stringify(shows) })
      .where('id', '=', peerId)
      .where('encounter_id', '=', encounterId)
      .execute();
    const topics = await participantTopics(unit.tx, encounterId, peerId);
    if (topics.length > 0) unit.emit(topics, 'peer:mode-changed', { roomId, peerId, ...shows });
  });
}
