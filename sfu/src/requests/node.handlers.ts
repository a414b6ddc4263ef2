import type { Handler } from './context.ts';

export const closeRoom: Handler<'room:close'> = (request, { rooms, replicaId }) => {
  const { roomId, epoch, reason } = request;
  rooms.closeRoom(roomId, epoch, reason === 'drain' ? 'drain' : 'closed', replicaId);
  return {};
};

export const getInventory: Handler<'node:inventory'> = (_request, { rooms, recordings }) => ({
  rooms: rooms.rooms.map((room) => ({
    roomId: room.roomId,
    epoch: room.epoch,
    recordingId: recordings.of(room)?.recordingId ?? null,
    peers: room.peers.map(({ peerId, rights }) => ({ peerId, rights })),
  })),
});

export const drainNode: Handler<'node:drain'> = (_request, { startDraining }) => {
  startDraining();
  return {};
};
