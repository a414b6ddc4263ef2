import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@cloud-hospital/protocol';
import compression from 'compression';
import express, { type Express, type RequestHandler } from 'express';
import type { Config } from '../config.ts';
import { cspNonce } from './securityHeaders.ts';

/** Pages of doctor-web; everything else is clinic-web. Its assets lie under /console/ so that the two never collide. */
const CONSOLE_PAGES = /^\/(doctor|hospital|district|audit|activate)(\/|$)/;
const NONCE_PLACEHOLDER = '__CSP_NONCE__';

/** Sends the app's index page with this answer's nonce; the client's router does the rest. */
function indexPage(root: string): RequestHandler {
  let cached: string | undefined;
  return (_request, response, next) => {
    const send = async (): Promise<void> => {
      cached ??= await readFile(join(root, 'index.html'), 'utf8');
      response.type('html').setHeader('Cache-Control', 'no-cache');
      response.send(cached.replaceAll(NONCE_PLACEHOLDER, cspNonce(response)));
    };
    send().catch(next);
  };
}

const assets = (root: string): RequestHandler =>
  express.static(root, {
    index: false,
    setHeaders: (response, path) => {
      // Vite's file names carry a content hash.
      response.setHeader(
        'Cache-Control',
        path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      );
    },
  });

/** Both web apps on the API's own origin: `/` resident, `/terminal`, `/doctor`, `/hospital`, `/district`, `/audit`, `/activate`. */
export function serveWebApps(app: Express, config: Config): void {
  // Pages and scripts only: an answer of the API may hold a secret beside what an attacker chose, which compression
  // would let them guess by its length (BREACH).
  app.use(compression());
  if (config.WEB_ROOT_DOCTOR !== undefined) {
    app.use('/console', assets(config.WEB_ROOT_DOCTOR));
    app.get(CONSOLE_PAGES, indexPage(config.WEB_ROOT_DOCTOR));
  }
  if (config.WEB_ROOT_CLINIC !== undefined) {
    app.use(assets(config.WEB_ROOT_CLINIC));
    const page = indexPage(config.WEB_ROOT_CLINIC);
    app.get(/^\/(?!api\/|socket\/|console\/|assets\/).*/, page);
  }
  app.use((_request, _response, next) => next(new AppError('NOT_FOUND')));
}
