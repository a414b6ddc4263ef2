import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import { SOCKET_PATH } from '@cloud-hospital/protocol/socket';
import { Server } from 'socket.io';
import { isAllowedOrigin } from '../http/origin.ts';
import type { RoomServices } from '../operations/room/RoomServices.ts';
import type { Services } from '../Services.ts';
import type { SfuConnections } from '../sfu/createSfuConnections.ts';
import { AddressQuota } from './AddressQuota.ts';
import { createCallHandlers } from './call.handlers.ts';
import { createClientAddress } from './clientAddress.ts';
import { dispatch, type Handlers, refuse } from './dispatch.ts';
import { authenticate, isStaffSession, refusalOf, topicsOf } from './handshake.ts';
import { FamilyTopics } from './FamilyTopics.ts';
import { createLineTestHandlers } from './lineTest.handlers.ts';
import { createMediaHandlers } from './media.handlers.ts';
import { PacketLimiter } from './PacketLimiter.ts';
import { createReactions, idsOf } from './reactions.ts';
import { RecordingDesk } from './RecordingDesk.ts';
import { createRoomHandlers } from './room.handlers.ts';
import { forwardMediaEvents } from './RoomEvents.ts';
import { RoomSessions } from './RoomSessions.ts';
import { RoomSweep } from './RoomSweep.ts';
import { PhonePresence } from './PhonePresence.ts';
import { SendBacklog } from './SendBacklog.ts';
import { SessionWatch } from './SessionWatch.ts';
import { SocketHub } from './SocketHub.ts';
import type { ServerSocket, SocketServer } from './socketTypes.ts';
import { TerminalPresence } from './TerminalPresence.ts';

/** The largest message is a `producer:create` with its RTP parameters, some 5 kB. Bytes. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** Together the longest time until a dead browser is noticed. Milliseconds. */
const PING_INTERVAL_MS = 2_000;
const PING_TIMEOUT_MS = 3_000;
/** From the WebSocket's opening to a complete handshake. Milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000;
/** Whoever is refused has this long to read why. Milliseconds. */
const REFUSAL_LINGER_MS = 1_000;

/** Socket.IO on a given HTTP server: nothing listens here. */
export function createSocketServer(
  httpServer: HttpServer | HttpsServer,
  base: Services,
  sfu: SfuConnections,
): SocketHub {
  const services: RoomServices = { ...base, sfu };
  const { config, metrics, log } = services;
  const addressOf = createClientAddress(config.TRUSTED_PROXIES);
  const quota = new AddressQuota(config.SOCKETS_PER_ADDRESS);
  const limiter = new PacketLimiter();
  const backlog = new SendBacklog((bytes) => log.warn({ bytes }, 'browser does not read, cut'));
  const sessions = new RoomSessions(services);
  const sweep = new RoomSweep(services, sessions);
  const recordings = new RecordingDesk(services);
  const reactions = createReactions(services, sessions, sweep, recordings);
  const stopEvents = forwardMediaEvents(services, sessions);
  const phones = new PhonePresence(services);
  const handlers: Handlers = {
    ...createRoomHandlers(sessions),
    ...createMediaHandlers(sessions),
    ...createCallHandlers(sessions, sweep),
    ...createLineTestHandlers(),
    'phone:here': async ({ socket, context }, { encounterId, here }) => {
      if (here) await phones.hold(socket, context, encounterId);
      else phones.release(socket);
      return {};
    },
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
      const refuseUnless = (allowed: boolean): void => decide(allowed ? null : 'forbidden', allowed);
      if (!isAllowedOrigin(config, request.headers.origin, request.headers.host)) refuseUnless(false);
      else if (!quota.isFull(addressOf(request))) refuseUnless(true);
      else {
        isStaffSession(services, request).then(refuseUnless, (error: unknown) => {
          log.warn({ err: error }, 'connection over the quota refused unseen');
          refuseUnless(false);
        });
      }
    },
  });

  const uncount = new WeakMap<object, () => void>();
  io.engine.on('connection', (connection: ServerSocket['conn']) => {
    const leave = quota.count(addressOf(connection.request));
    uncount.set(connection, leave);
    connection.once('close', leave);
    backlog.watch(connection);
  });

  io.use((socket, next) => {
    authenticate(services, socket.request, socket.handshake.auth, addressOf(socket.request)).then(
      (data) => {
        socket.data = data;
        if (data.face !== 'resident') uncount.get(socket.conn)?.();
        next();
      },
      (error: unknown) => {
        next(refusalOf(error));
        setTimeout(() => socket.conn.close(), REFUSAL_LINGER_MS).unref();
      },
    );
  });

  async function receive(socket: ServerSocket, packet: readonly unknown[]): Promise<void> {
    const verdict = await limiter.admit(socket.id);
    let cut = verdict === 'cut';
    if (verdict === 'too-many') refuse(packet, 'RATE_LIMITED');
    if (verdict === 'pass') {
      const wellBehaved = await dispatch(services, handlers, socket, packet);
      if (!wellBehaved) cut = await limiter.abuse(socket.id);
    }
    if (!cut || !socket.connected) return;
    log.warn({ address: socket.data.address, role: socket.data.actor.role }, 'browser sends nonsense, cut');
    socket.disconnect(true);
  }

  io.on('connection', (socket) => {
    const { actor, face, instanceId } = socket.data;
    void socket.join(topicsOf(actor, instanceId));
    metrics.sockets.inc({ face });
    terminals.connected(socket);
    family.connected(socket);
    // Every packet ends here: none reaches the emitter, where an event named `error` would throw.
    socket.use((packet) => {
      receive(socket, packet).catch((error: unknown) => log.error({ err: error }, 'packet not handled'));
    });
    socket.on('disconnect', () => {
      metrics.sockets.dec({ face });
      if (!hub.isDraining) sessions.socketLost(socket);
    });
  });

  const hub = new SocketHub(services, io, {
    onEvent: (event) => {
      reactions.onEvent(event);
      if (event.name === 'related-persons:changed') family.changed(idsOf(event.topics, 'account'));
    },
    onClose: () => {
      stopEvents();
      watch.close();
      terminals.close();
      phones.close();
      family.close();
      sweep.close();
      recordings.close();
      sessions.close();
      backlog.close();
    },
  });
  const terminals = new TerminalPresence(services, io);
  const family = new FamilyTopics(services, io);
  const watch = new SessionWatch(services, io, (sessionId, reason) => {
    // The clock never cuts a call; it cuts the browser afterwards.
    if (reason === 'expired' && sessions.attachments.ofSession(sessionId).length > 0) return;
    hub.sessionEnded(sessionId, reason);
  });
  return hub;
}
