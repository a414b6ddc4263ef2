import { AppError, type RoomId } from '@cloud-hospital/protocol';
import type { RoomState } from '@cloud-hospital/protocol/socket';
import { participantInfos } from '../../store/participant.view.ts';
import { recordingMark } from '../recording/mark.ts';
import { type EnterInput, enterRoom } from './enter.ts';
import { catchUpRights, type OnPlace, roomState } from './join.ts';
import type { ActorContext } from '../../store/command.ts';
import type { RoomServices } from './RoomServices.ts';

export interface AttachInput extends EnterInput {
  readonly roomId: RoomId;
  readonly epoch: number;
}

/**
 * Takes a peer over whose media is still up, after its socket was lost; perhaps from another replica.
 *
 * @returns the room's state, and whether the peer's own media is up
 * @throws AppError as `enterRoom`; STALE_EPOCH when the room moved and NOT_JOINED when the node doesn't know the peer
 * any more: join again
 */
export async function attachRoom(
  services: RoomServices,
  context: ActorContext,
  input: AttachInput,
  onPlace: OnPlace,
): Promise<{ state: RoomState; connected: boolean }> {
  const membership = await enterRoom(services, context, input, 'attached');
  const { pin, peerId, attachment, encounterId } = membership;
  if (pin.roomId !== input.roomId) throw new AppError('NOT_FOUND');
  const place = await services.sfu.placement.locate(pin);
  if (place.epoch !== input.epoch) throw new AppError('STALE_EPOCH', { epoch: place.epoch });
  onPlace(membership, place);
  const { roomId, epoch } = place;
  const state = await place.node.link.request('peer:attach', { roomId, epoch, peerId, attachment });
  const current = await catchUpRights(services, membership, place, state);
  // Last, so that nothing of it is older than what the socket hears from now on.
  const [recording, infos] = await Promise.all([
    recordingMark(services.db, encounterId),
    participantInfos(services.db, encounterId),
  ]);
  return { state: roomState(membership, place, current, infos, recording), connected: state.connected };
}
