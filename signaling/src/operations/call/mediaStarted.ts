import type { RoomId } from '@cloud-hospital/protocol';
import type { RoomServices } from '../room/RoomServices.ts';

/** The first RTP of the room: the consultation has begun. Every replica with a peer in the room hears it; once counts. */
export async function mediaStarted(services: RoomServices, room: { roomId: RoomId; epoch: number }): Promise<void> {
  const pin = await services.sfu.placement.read(room.roomId);
  if (pin.epoch !== room.epoch) return;
}
