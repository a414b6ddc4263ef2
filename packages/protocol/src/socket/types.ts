import { z } from 'zod';
import { Face } from '../common/face.ts';
import { resultOf, type Result } from '../common/result.ts';
import {
  type SocketNotificationData,
  type SocketNotificationName,
  type SocketRequestInput,
  type SocketRequestName,
  type SocketResponseData,
  socketRequests,
} from './messages.ts';

/** Socket.IO generics inferred from the one map of messages. Arguments are `unknown` where the server must parse them first. */
export type ClientToServerEvents = {
  [Name in SocketRequestName]: (
    data: SocketRequestInput<Name>,
    ack: (result: Result<SocketResponseData<Name>>) => void,
  ) => void;
};
export type ServerToClientEvents = {
  [Name in SocketNotificationName]: (data: SocketNotificationData<Name>) => void;
};

/** What a browser presents when it connects; the session itself is the HttpOnly cookie. */
export const SocketAuth = z.object({
  protocolVersion: z.int(),
  face: Face,
  /** Random per tab, kept in sessionStorage: a reload is the same instance, a second tab is another. */
  instanceId: z.uuid(),
});
export type SocketAuth = z.infer<typeof SocketAuth>;

/** Path of the Socket.IO endpoint. WebSocket transport only. */
export const SOCKET_PATH = '/socket';

export const socketResultSchema = <Name extends SocketRequestName>(name: Name) =>
  resultOf(socketRequests[name].response);
