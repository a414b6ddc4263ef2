import { randomUUID } from 'node:crypto';
import { PROTOCOL_VERSION } from '@cloud-hospital/protocol';
import { SOCKET_PATH } from '@cloud-hospital/protocol/socket';
import { io, type Socket } from 'socket.io-client';
import { pooled } from './statistics.ts';

const CONNECTING_AT_ONCE = 20;
const CONNECT_TIMEOUT_MS = 20_000;

/** Connects one socket for each cookie, as waiting pages do. */
export function connectAll(url: string, cookies: readonly string[]): Promise<Socket[]> {
  return pooled(
    CONNECTING_AT_ONCE,
    cookies.map(
      (cookie) => () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = io(url, {
            path: SOCKET_PATH,
            transports: ['websocket'],
            forceNew: true,
            reconnection: false,
            timeout: CONNECT_TIMEOUT_MS,
            extraHeaders: { cookie, origin: url },
            auth: { protocolVersion: PROTOCOL_VERSION, face: 'resident', instanceId: randomUUID() },
          });
          socket.once('connect', () => resolve(socket));
          socket.once('connect_error', reject);
        }),
    ),
  );
}
