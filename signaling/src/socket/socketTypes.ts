import type { Face } from '@cloud-hospital/protocol';
import type { SocketNotificationData, SocketNotificationName } from '@cloud-hospital/protocol/socket';
import type { Server, Socket } from 'socket.io';
import type { DeviceIdentity } from '../domain/DeviceIdentity.ts';
import type { Actor } from '../domain/Actor.ts';

/** What the server knows of a connected browser. */
export interface SocketData {
  readonly face: Face;
  readonly actor: Actor;
  readonly device: DeviceIdentity | null;
  /** Names the tab. */
  readonly instanceId: string;
  readonly address: string;
}

/** Incoming packets never reach Socket.IO's emitter: one middleware takes them all (dispatch.ts). */
type Incoming = Record<never, never>;
type Outgoing = Record<string, (data: unknown) => void>;
export type SocketServer = Server<Incoming, Outgoing, Record<never, never>, SocketData>;
export type ServerSocket = Socket<Incoming, Outgoing, Record<never, never>, SocketData>;

/** The one way to say something to browsers: the name decides the shape. */
export function notify<Name extends SocketNotificationName>(
  target: { emit(name: string, data: unknown): unknown },
  name: Name,
  data: SocketNotificationData<Name>,
): void {
  target.emit(name, data);
}
