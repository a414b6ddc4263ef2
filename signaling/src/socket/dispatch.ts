import { AppError, type ErrorCode, type Result } from '@cloud-hospital/protocol';
import {
  type SocketRequestData,
  type SocketRequestName,
  type SocketResponseData,
  socketRequests,
} from '@cloud-hospital/protocol/socket';
import { randomUUID } from 'node:crypto';
import { relationFor } from '../domain/rules.ts';
import { toAppError } from '../http/errors.ts';
import type { ActorContext } from '../store/command.ts';
import type { RoomServices } from '../operations/room/RoomServices.ts';
import type { ServerSocket } from './socketTypes.ts';

/** What every handler is given besides the parsed request. */
export interface SocketRequest {
  readonly services: RoomServices;
  readonly socket: ServerSocket;
  readonly context: ActorContext;
}

type Handler<Name extends SocketRequestName> = (
  request: SocketRequest,
  data: SocketRequestData<Name>,
) => Promise<SocketResponseData<Name>>;

/** One handler for every request of the protocol: a missing one does not compile. */
export type Handlers = { readonly [Name in SocketRequestName]: Handler<Name> };

type Ack = (result: Result<unknown>) => void;

const isRequest = (name: unknown): name is SocketRequestName =>
  typeof name === 'string' && Object.hasOwn(socketRequests, name);
const isAck = (value: unknown): value is Ack => typeof value === 'function';

const ackOf = (packet: readonly unknown[]): Ack => {
  const last = packet.at(-1);
  // A request without an ack is carried out all the same; nobody hears the answer.
  return packet.length > 1 && isAck(last) ? last : () => undefined;
};

/** Answers a packet without looking at it. */
export function refuse(packet: readonly unknown[], code: ErrorCode): void {
  ackOf(packet)({ ok: false, error: { code } });
}

/**
 * Answers one packet, whatever it holds: looks the rule up, parses the data, runs the handler and acknowledges with a
 * `Result`. Never throws.
 *
 * @param packet the event's name and arguments, as they came
 * @returns false when the packet was none of a well-behaved client: unknown name, wrong shape
 */
export async function dispatch(
  services: RoomServices,
  handlers: Handlers,
  socket: ServerSocket,
  packet: readonly unknown[],
): Promise<boolean> {
  const [name, first] = packet;
  const ack = ackOf(packet);
  const data = isAck(first) ? undefined : first;
  if (!isRequest(name)) {
    ack({ ok: false, error: { code: 'BAD_REQUEST', details: { reason: 'unknown-request' } } });
    return false;
  }
  const requestId = randomUUID();
  const stop = services.metrics.socketSeconds.startTimer({ name });
  try {
    const answer = await answerRequest(handlers, name, { services, socket, requestId }, data);
    ack({ ok: true, data: answer });
    stop({ outcome: 'ok' });
    return true;
  } catch (error) {
    const known = toAppError(error);
    if (known.code === 'INTERNAL')
      services.log.error({ err: error, requestId, request: name }, 'socket request failed');
    ack({
      ok: false,
      error: { code: known.code, requestId, ...(known.details === undefined ? {} : { details: known.details }) },
    });
    stop({ outcome: known.code });
    return !(error instanceof MalformedRequest);
  }
}

/** The data doesn't fit the request's schema. */
class MalformedRequest extends AppError {
  constructor(field: string, cause: unknown) {
    super('BAD_REQUEST', { field }, { cause });
  }
}

async function answerRequest<Name extends SocketRequestName>(
  handlers: Handlers,
  name: Name,
  { services, socket, requestId }: { services: RoomServices; socket: ServerSocket; requestId: string },
  data: unknown,
): Promise<SocketResponseData<Name>> {
  const { rule, request } = socketRequests[name];
  const { actor } = socket.data;
  if (relationFor(rule, actor.role) === null) {
    await services.commands.run({ agent: actor, requestId }, (unit) => {
      unit.audit({ action: rule, entityKind: 'Rule', entityId: null, outcome: 'denied', reason: 'role' });
      return Promise.resolve();
    });
    throw new AppError('FORBIDDEN');
  }
  const parsed = request.safeParse(data);
  if (!parsed.success) {
    const path = parsed.error.issues[0]?.path.map(String).join('.') ?? '';
    throw new MalformedRequest(path, parsed.error);
  }
  const context: ActorContext = { agent: actor, requestId };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- name and schema are of one map; the compiler can't follow a generic key through zod
  return handlers[name]({ services, socket, context }, parsed.data as SocketRequestData<Name>);
}
