import { randomUUID } from 'node:crypto';
import { AppError, Face, FACE_HEADER, IDEMPOTENCY_HEADER } from '@cloud-hospital/protocol';
import type { Request } from 'express';
import type { Services } from '../Services.ts';
import { publicOriginOf } from './origin.ts';
import type { RequestContext } from './procedures.ts';

const IDEMPOTENCY_KEY = /^[\w-]{8,128}$/;

const header = (request: Request, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/**
 * Who asks, and what else every handler knows.
 * @param faceText where the request can't carry the header, as one of a video element
 * @throws AppError BAD_REQUEST
 */
export async function requestContext(
  services: Services,
  request: Request,
  setCookies: string[],
  faceText: unknown = header(request, FACE_HEADER) ?? 'resident',
): Promise<RequestContext> {
  const face = Face.safeParse(faceText);
  if (!face.success) throw new AppError('BAD_REQUEST', { field: FACE_HEADER });
  const idempotencyKey = header(request, IDEMPOTENCY_HEADER);
  if (idempotencyKey !== undefined && !IDEMPOTENCY_KEY.test(idempotencyKey)) {
    throw new AppError('BAD_REQUEST', { field: IDEMPOTENCY_HEADER });
  }
  const { actor, device } = await services.sessions.resolve(request.headers.cookie, face.data);
  return {
    services,
    requestId: typeof request.id === 'string' ? request.id : randomUUID(),
    face: face.data,
    actor,
    device,
    idempotencyKey,
    address: request.ip ?? '',
    publicOrigin: publicOriginOf(services.config, request),
    setCookies,
  };
}
