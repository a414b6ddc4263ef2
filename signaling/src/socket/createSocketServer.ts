import { SOCKET_PATH } from '@cloud-hospital/protocol/socket';
import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { Server } from 'socket.io';
import { isAllowedOrigin } from '../http/origin.ts';
import type { RoomServices } from '../operations/room/RoomServices.ts';
import type { SfuConnections } from '../sfu/createSfuConnections.ts';
import type { Services } from '../Services.ts';
import { createCallHandlers } from './call.handlers.ts';
import { dispatch, type Handlers } from './dispatch.ts';
import { authenticate, refusalOf, topicsOf } from './handshake.ts';
import { createMediaHandlers } from './media.handlers.ts';
import { createRoomHandlers } from './room.handlers.ts';
import { forwardMediaEvents } from './RoomEvents.ts';
import { RoomSessions } from './RoomSessions.ts';
import { SocketHub } from './SocketHub.ts';
import type { SocketServer } from './socketTypes.ts';

/** The largest message is a `producer:create` with its RTP parameters, some 5 kB. Bytes. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** Together the longest time until a dead browser is noticed. Milliseconds. */
const PING_INTERVAL_MS = 2_000;
const PING_TIMEOUT_MS = 3_000;
/** From the WebSocket's opening to a complete handshake. Milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;

/** Socket.IO on a given HTTP server: nothing listens here. */
export function createSocketServer(
  httpServer: HttpServer | HttpsServer,
  base: Services,
  sfu: SfuConnections,
): SocketHub {
  const services: RoomServices = { ...base, sfu };
  const { config, metrics, log } = services;
  const sessions = new RoomSessions(services);
  const handlers: Handlers = {
    ...createRoomHandlers(sessions),
    ...createMediaHandlers(sessions),
    ...createCallHandlers(sessions),
  };
  const io: SocketServer = new Server(httpServer, {
    path: SOCKET_PATH,
    serveClient: false,
    transports: ['websocket'],
    maxHttpBufferSize: MAX_MESSAGE_BYTES,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    perMessageDeflate: false,
    allowRequest: (request, decide) => {
      decide(null, isAllowedOrigin(config, request.headers.origin, request.headers.host));
    },
  });
  const stopEvents = forwardMediaEvents(services, sessions);

  io.use((socket, next) => {
    authenticate(services, socket.request, socket.handshake.auth, socket.handshake.address).then(
      (data) => {
        socket.data = data;
        next();
      },
      (error: unknown) => next(refusalOf(error)),
    );
  });

  io.on('connection', (socket) => {
    const { actor, face, instanceId } = socket.data;
    void socket.join(topicsOf(actor, instanceId));
    metrics.sockets.inc({ face });
    // Every packet ends here: none reaches the emitter, where an event named `error` would throw.
    socket.use((packet) => {
      dispatch(services, handlers, socket, packet).catch((error: unknown) => {
        log.error({ err: error }, 'dispatch failed');
      });
    });
    socket.on('disconnect', () => {
      metrics.sockets.dec({ face });
      if (!hub.isDraining) sessions.socketLost(socket);
    });
  });

  const hub = new SocketHub(services, io, {
    onEvent: () => undefined,
    onClose: () => {
      stopEvents();
      sessions.close();
    },
  });
  return hub;
}
