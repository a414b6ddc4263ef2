import { AppError, type EncounterId, type PeerId, type RoomId } from '@cloud-hospital/protocol';
import type { CameraChoice } from '@cloud-hospital/protocol/socket';
import { participantTopic } from '../../store/participantTopics.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';

export interface WantCamerasInput {
  /** Of the call that the asking socket is in. */
  readonly encounterId: EncounterId;
  /** Whose cameras. */
  readonly peerId: PeerId;
  readonly roomId: RoomId;
  readonly cameras: CameraChoice;
}

/**
 * Tells a participant of the same call which of its cameras the specialist wishes to see. Nothing is kept.
 * @throws AppError NOT_FOUND when nobody of that name is in the call
 */
export async function wantCameras(services: Services, context: ActorContext, input: WantCamerasInput): Promise<void> {
  const { encounterId, peerId, roomId, cameras } = input;
  await services.commands.run(context, async (unit) => {
    const to = await participantTopic(unit.tx, encounterId, peerId);
    if (to === undefined) throw new AppError('NOT_FOUND');
    unit.emit([to], 'peer:cameras-wanted', { roomId, cameras });
  });
}
