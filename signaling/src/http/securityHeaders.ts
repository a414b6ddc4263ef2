import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { RequestHandler, Response } from 'express';
import helmet from 'helmet';
import { servesHttps } from '../auth/cookies.ts';
import type { Config } from '../config.ts';

/** Nonce of this answer's content security policy, for the web apps' index pages. */
export const cspNonce = (response: Response): string => String(response.locals['cspNonce']);

/** Helmet hands plain requests to its directives, not Express's. */
const nonces = new WeakMap<IncomingMessage, string>();

/** Helmet with a strict policy: own scripts only, styles by nonce (the console's component library injects some). */
export function securityHeaders(config: Config): RequestHandler[] {
  const https = servesHttps(config);
  return [
    (request, response, next) => {
      const nonce = randomBytes(16).toString('base64');
      response.locals['cspNonce'] = nonce;
      nonces.set(request, nonce);
      response.setHeader(
        'Permissions-Policy',
        'camera=(self), microphone=(self), display-capture=(self), geolocation=()',
      );
      next();
    },
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'self'"],
          scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
          styleSrc: ["'self'", (request) => `'nonce-${nonces.get(request) ?? ''}'`],
          imgSrc: ["'self'", 'data:', 'blob:'],
          mediaSrc: ["'self'", 'blob:', 'mediastream:'],
          fontSrc: ["'self'", 'data:'],
          connectSrc: ["'self'", 'ws:', 'wss:'],
          workerSrc: ["'self'", 'blob:'],
          objectSrc: ["'none'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
          ...(https ? { upgradeInsecureRequests: [] } : {}),
        },
      },
      strictTransportSecurity: https,
      crossOriginOpenerPolicy: https,
      originAgentCluster: https,
      referrerPolicy: { policy: 'same-origin' },
    }),
  ];
}
