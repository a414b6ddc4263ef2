import { z } from 'zod';
import type { PeerAddress } from '../rooms/Notifier.ts';
import type { Peer } from '../rooms/Peer.ts';
import type { Room } from '../rooms/Room.ts';
import type { Handler, RequestContext } from './context.ts';

/** @throws AppError STALE_EPOCH or NOT_JOINED */
export function assertAndGetPeer(address: PeerAddress, context: RequestContext): { room: Room; peer: Peer } {
  const room = context.rooms.assertAndGetRoom(address.roomId, address.epoch);
  return { room, peer: room.assertAndGetPeer(address.peerId) };
}

export const joinPeer: Handler<'peer:join'> = (request, { rooms, replicaId }) => rooms.join(request, replicaId);

export const attachPeer: Handler<'peer:attach'> = (request, context) => {
  const { room, peer } = assertAndGetPeer(request, context);
  peer.attach(request.attachment, context.replicaId);
  return room.stateOf(peer);
};

export const setCapabilities: Handler<'peer:set-capabilities'> = async (request, context) => {
  const { room, peer } = assertAndGetPeer(request, context);
  return { consumers: await room.setCapabilities(peer, request.rtpCapabilities) };
};

export const setRights: Handler<'peer:set-rights'> = async (request, context) => {
  const { room, peer } = assertAndGetPeer(request, context);
  return { consumers: await room.setRights(peer, request.rights, context.replicaId) };
};

export const closePeer: Handler<'peer:close'> = (request, { rooms, replicaId }) => {
  const { roomId, epoch, peerId, reason } = request;
  rooms.closePeer(roomId, epoch, peerId, reason, replicaId);
  return {};
};

/** mediasoup's statistics are plain data, typed more narrowly than JSON; undefined fields fall away on the wire anyway. */
const statsAsJson = (stats: readonly unknown[]) => z.array(z.json()).parse(JSON.parse(JSON.stringify(stats)));

export const getPeerStats: Handler<'peer:stats'> = async (request, context) => {
  const { peer } = assertAndGetPeer(request, context);
  const [transports, producers, consumers] = await Promise.all([
    Promise.all(peer.transports.map((transport) => transport.getStats())),
    Promise.all(peer.producers.all.map((producer) => producer.getStats())),
    Promise.all(peer.consumers.all.map((consumer) => consumer.getStats())),
  ]);
  return {
    transports: statsAsJson(transports.flat()),
    producers: statsAsJson(producers.flat()),
    consumers: statsAsJson(consumers.flat()),
  };
};
