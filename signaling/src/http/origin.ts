import { AppError } from '@cloud-hospital/protocol';
import type { IncomingMessage } from 'node:http';
import type { Config } from '../config.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether a browser page of this origin may use our cookies: one of the configured origins, or the host the request
 * itself was sent to. Without an Origin header the client is no browser page (browsers send it on every unsafe
 * request and on every WebSocket handshake).
 */
export function isAllowedOrigin(config: Config, origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return true;
  if (config.PUBLIC_ORIGIN.length > 0) return config.PUBLIC_ORIGIN.includes(origin);
  if (!URL.canParse(origin)) return false;
  return host !== undefined && new URL(origin).host === host;
}

/** @throws AppError FORBIDDEN for a state-changing request of a foreign page */
export function assertSameOrigin(config: Config, request: IncomingMessage): void {
  if (SAFE_METHODS.has(request.method ?? 'GET')) return;
  if (!isAllowedOrigin(config, request.headers.origin, request.headers.host)) {
    throw new AppError('FORBIDDEN', { reason: 'origin' });
  }
}

/** The origin people see, for links and QR codes. */
export function publicOriginOf(
  config: Config,
  request: { protocol: string; headers: IncomingMessage['headers'] },
): string {
  return config.PUBLIC_ORIGIN[0] ?? `${request.protocol}://${request.headers.host ?? 'localhost'}`;
}
