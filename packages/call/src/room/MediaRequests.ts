import type { RoomId } from '@cloud-hospital/protocol';
import type { SocketRequestInput, SocketRequestName, SocketResponseData } from '@cloud-hospital/protocol/socket';
import type { SignalClient } from '../signal/SignalClient.ts';

/** Requests that name a room by `roomId` and `epoch`. */
export type InRoomRequestName = {
  [Name in SocketRequestName]: SocketRequestInput<Name> extends { roomId: string; epoch: number } ? Name : never;
}[SocketRequestName];

/** Sends requests of one join of a room; fills in which room that is. */
export type MediaRequests = <Name extends InRoomRequestName>(
  name: Name,
  data: Omit<SocketRequestInput<Name>, 'roomId' | 'epoch'>,
) => Promise<SocketResponseData<Name>>;

/**
 * Media requests fail at once while the socket is lost: what they wanted is reconciled by `room:attach` when it is
 * back, and a request from before would only contradict it.
 */
export function mediaRequests(signal: SignalClient, room: { roomId: RoomId; epoch: number }): MediaRequests {
  return (name, data) => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Omit<> of a generic request and its two keys make the request again
    const request = { ...data, roomId: room.roomId, epoch: room.epoch } as unknown as SocketRequestInput<typeof name>;
    return signal.request(name, request, { whenLost: 'fail' });
  };
}
