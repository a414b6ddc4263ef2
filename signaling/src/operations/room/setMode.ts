import type { EncounterId, PeerId, RoomId } from '@cloud-hospital/protocol';
import type { CallMediaMode } from '@cloud-hospital/protocol/states';
import type { ActorContext } from '../../store/command.ts';
import { participantTopics } from '../../store/participantTopics.ts';
import type { Services } from '../../Services.ts';

export interface SetModeInput {
  readonly encounterId: EncounterId;
  readonly peerId: PeerId;
  readonly roomId: RoomId;
  readonly mode: CallMediaMode;
  readonly hasExamination: boolean;
  readonly receives: CallMediaMode;
  readonly carries: CallMediaMode;
}

/** Tells the others, wherever they are connected, what this participant shows now. Nothing is kept. */
export async function setMode(services: Services, context: ActorContext, input: SetModeInput): Promise<void> {
  const { encounterId, peerId, ...told } = input;
  await services.commands.run(context, async (unit) => {
    const topics = await participantTopics(unit.tx, encounterId, peerId);
    if (topics.length > 0) unit.emit(topics, 'peer:mode-changed', { ...told, peerId });
  });
}
