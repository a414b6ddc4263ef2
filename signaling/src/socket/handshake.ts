import { AppError, OLDEST_SUPPORTED_PROTOCOL_VERSION, PROTOCOL_VERSION } from '@cloud-hospital/protocol';
import { SocketAuth } from '@cloud-hospital/protocol/socket';
import type { IncomingMessage } from 'node:http';
import type { Actor } from '../domain/Actor.ts';
import { type Topic, topic } from '../domain/topics.ts';
import { toAppError } from '../http/errors.ts';
import type { Services } from '../Services.ts';
import type { SocketData } from './socketTypes.ts';

/**
 * Who connects: the session's cookie decides, the handshake only says which face of the product it is and which tab.
 *
 * @throws AppError PROTOCOL_OUTDATED, BAD_REQUEST, UNAUTHENTICATED, SECOND_FACTOR_REQUIRED
 */
export async function authenticate(
  { sessions }: Services,
  request: IncomingMessage,
  auth: unknown,
  address: string,
): Promise<SocketData> {
  const parsed = SocketAuth.safeParse(auth);
  if (!parsed.success) throw new AppError('BAD_REQUEST', { field: 'auth' });
  const { face, instanceId, protocolVersion } = parsed.data;
  if (protocolVersion < OLDEST_SUPPORTED_PROTOCOL_VERSION || protocolVersion > PROTOCOL_VERSION) {
    throw new AppError('PROTOCOL_OUTDATED');
  }
  const { actor, device } = await sessions.resolve(request.headers.cookie, face);
  if (actor === null) throw new AppError('UNAUTHENTICATED');
  if (!actor.secondFactorVerified) throw new AppError('SECOND_FACTOR_REQUIRED', { reason: 'not-enrolled' });
  return { face, instanceId, actor, device, address };
}

/** Whether the request carries a session of staff or of a terminal: those are not counted by address. */
export async function isStaffSession({ sessions }: Services, { headers }: IncomingMessage): Promise<boolean> {
  const [terminal, console] = await Promise.all([
    sessions.resolve(headers.cookie, 'terminal'),
    sessions.resolve(headers.cookie, 'console'),
  ]);
  return terminal.actor !== null || console.actor !== null;
}

/** How Socket.IO passes a refusal on: the client finds the coded error in `data`. */
export function refusalOf(error: unknown): Error {
  const { code, details } = toAppError(error);
  return Object.assign(new Error(code), { data: { code, ...(details === undefined ? {} : { details }) } });
}

/** What this browser hears, by who it is. */
export function topicsOf(actor: Actor, instanceId: string): Topic[] {
  const topics: Topic[] = [topic.session(actor.sessionId), topic.instance(instanceId)];
  if (actor.userId !== null) topics.push(topic.account(actor.userId));
  if (actor.patientId !== null) topics.push(topic.patient(actor.patientId));
  if (actor.locationId !== null) topics.push(topic.location(actor.locationId));
  if (actor.deviceId !== null) topics.push(topic.device(actor.deviceId));
  if (actor.practitionerRoleId !== null) topics.push(topic.practitionerRole(actor.practitionerRoleId));
  if (actor.organizationId !== null) topics.push(topic.organization(actor.organizationId));
  if (actor.guestLinkId !== null) topics.push(topic.guest(actor.guestLinkId));
  if (actor.role === 'district-administrator') topics.push(topic.district);
  return topics;
}
