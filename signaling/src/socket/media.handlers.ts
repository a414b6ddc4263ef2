import { AppError, type PeerId, type RoomId } from '@cloud-hospital/protocol';
import { relationFor } from '../domain/rules.ts';
import { wantCameras } from '../operations/room/wantCameras.ts';
import { setMode } from '../operations/room/setMode.ts';
import type { SfuLink } from '../sfu/SfuLink.ts';
import type { Handlers } from './dispatch.ts';
import type { RoomSessions } from './RoomSessions.ts';
import type { ServerSocket } from './socketTypes.ts';

type InRoom = { readonly roomId: RoomId; readonly epoch: number };
type MediaHandlers = Omit<
  Handlers,
  | 'room:join'
  | 'room:attach'
  | 'room:leave'
  | 'call:answer'
  | 'call:decline'
  | 'call:leave'
  | 'call:report'
  | 'call:hold'
  | 'room:remove'
  | 'phone:here'
  | `line-test:${string}`
>;

/**
 * Media requests go on to the node only for the room, epoch and peer that this very socket is attached to: a foreign
 * transport, producer or consumer can't even be named.
 */
export function createMediaHandlers({ attachments }: RoomSessions): MediaHandlers {
  function at<Data extends InRoom>(
    socket: ServerSocket,
    data: Data,
  ): { link: SfuLink; addressed: Data & { peerId: PeerId } } {
    const { node, peerId } = attachments.assertAndGet(socket, data);
    return { link: node.link, addressed: { ...data, peerId } };
  }

  return {
    'peer:set-capabilities': ({ socket }, data) => {
      const { link, addressed } = at(socket, data);
      return link.request('peer:set-capabilities', addressed);
    },
    'transport:create': ({ socket }, data) => {
      const { link, addressed } = at(socket, data);
      return link.request('transport:create', addressed);
    },
    'transport:connect': ({ socket }, data) => {
      const { link, addressed } = at(socket, data);
      return link.request('transport:connect', addressed);
    },
    'transport:restart-ice': ({ socket }, data) => {
      const { link, addressed } = at(socket, data);
      return link.request('transport:restart-ice', addressed);
    },
    'producer:create': async ({ socket }, data) => {
      const { link, addressed } = at(socket, data);
      if (data.source === 'screen' && relationFor('screen:share', socket.data.actor.role) === null) {
        throw new AppError('FORBIDDEN', { reason: 'screen' });
      }
      const { producerId, consumers } = await link.request('producer:create', addressed);
      // Peers of other replicas hear it from the node.
      for (const { peerId, consumer } of consumers) {
        attachments.ofPeer(peerId)?.notify('consumer:created', { roomId: data.roomId, consumer });
      }
      return { producerId };
    },
    'producer:pause': ({ socket }, data) => {
      const { link, addressed } = at(socket, data);
      return link.request('producer:pause', addressed);
    },
    'producer:resume': ({ socket }, data) => {
      const { link, addressed } = at(socket, data);
      return link.request('producer:resume', addressed);
    },
    'producer:close': ({ socket }, data) => {
      const { link, addressed } = at(socket, data);
      return link.request('producer:close', addressed);
    },
    'consumer:pause': ({ socket }, data) => {
      const { link, addressed } = at(socket, data);
      return link.request('consumer:pause', addressed);
    },
    'consumer:resume': ({ socket }, data) => {
      const { link, addressed } = at(socket, data);
      return link.request('consumer:resume', addressed);
    },
    'consumer:set-layers': ({ socket }, data) => {
      const { link, addressed } = at(socket, data);
      return link.request('consumer:set-layers', addressed);
    },
    'consumer:request-key-frame': ({ socket }, data) => {
      const { link, addressed } = at(socket, data);
      return link.request('consumer:request-key-frame', addressed);
    },
    'peer:set-mode': async ({ services, socket, context }, data) => {
      const { encounterId, peerId } = attachments.assertAndGet(socket, data);
      const { epoch: _epoch, ...told } = data;
      await setMode(services, context, { ...told, encounterId, peerId });
      return {};
    },
    'peer:want-cameras': async ({ services, socket, context }, data) => {
      const { encounterId } = attachments.assertAndGet(socket, data);
      const { roomId, peerId, cameras } = data;
      await wantCameras(services, context, { encounterId, peerId, roomId, cameras });
      return {};
    },
  };
}
