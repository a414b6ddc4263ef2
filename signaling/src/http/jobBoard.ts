import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { createBullBoard } from '@bull-board/api';
import type { AppViewRoute } from '@bull-board/api/typings/app';
import { ExpressAdapter } from '@bull-board/express';
import { AppError } from '@cloud-hospital/protocol';
import type { Queue } from 'bullmq';
import type { Express, Request, RequestHandler, Response } from 'express';
import type { Actor } from '../domain/Actor.ts';
import { needsSecondFactor, relationFor } from '../domain/rules.ts';
import { JobTableAdapter } from '../operations/jobs/JobTableAdapter.ts';
import { retryFailedJobs, retryJob } from '../operations/jobs/retry.ts';
import type { Services } from '../Services.ts';
import type { ActorContext } from '../store/command.ts';
import { JOB_BOARD_TEXTS, type JobBoardLocale, jobBoardLocale } from './jobBoardTexts.ts';
import { assertSameOrigin } from './origin.ts';

export const JOB_BOARD_PATH = '/district/jobs';
const RULE = 'jobs:administer';
const RETRY = /^\/api\/queues\/job-table\/([0-9a-f-]{36})\/retry$/;
const RETRY_ALL = '/api/queues/job-table/retry/failed';
const ONE_JOB = /^\/api\/queues\/[^/]+\/([^/]+)$/;

/**
 * bull-board with a page of our own: its template loads fonts from elsewhere and styles in the page, which our content
 * security policy refuses. Its scripts and styles are served from here.
 */
class OwnPageAdapter extends ExpressAdapter {
  #template = '';
  readonly #locale: JobBoardLocale;

  constructor(locale: JobBoardLocale) {
    super();
    this.#locale = locale;
  }

  get handler(): RequestHandler {
    return this.app;
  }

  override setViewsPath(viewPath: string): this {
    this.#template = readFileSync(path.join(viewPath, 'index.ejs'), 'utf8');
    return this;
  }

  override setEntryRoute(route: AppViewRoute): this {
    this.app.get(route.route, (_request: Request, response: Response) => {
      const { params } = route.handler({ basePath: this.basePath, uiConfig: this.uiConfig });
      response.type('html').send(this.#page(params));
    });
    return this;
  }

  #page({ basePath = '', uiConfig = '', title = '' }: Record<string, string | undefined>): string {
    const files = (pattern: RegExp): string[] => [...this.#template.matchAll(pattern)].map(([, file = '']) => file);
    const styles = files(/href="(static\/css\/[^"]+)"/g).map(
      (file) => `<link rel="stylesheet" href="${basePath}${file}">`,
    );
    const scripts = files(/src="(static\/js\/[^"]+)"/g).map(
      (file) => `<script defer src="${basePath}${file}"></script>`,
    );
    return `<!doctype html>
<html lang="${this.#locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<base href="${basePath}"><title>${title}</title>${styles.join('')}</head>
<body class="preload"><script id="__UI_CONFIG__" type="application/json">${uiConfig}</script>
<div id="root"></div>${scripts.join('')}</body></html>`;
  }
}

/** The administrator behind a request of the console's browser. @throws AppError UNAUTHENTICATED, FORBIDDEN, SECOND_FACTOR_REQUIRED */
async function administrator(services: Services, request: Request): Promise<ActorContext> {
  const { actor } = await services.sessions.resolve(request.headers.cookie, 'console');
  if (actor === null) throw new AppError('UNAUTHENTICATED');
  const context = { agent: actor, requestId: typeof request.id === 'string' ? request.id : randomUUID() };
  if (relationFor(RULE, actor.role) === null) {
    await audit(services, context, { action: RULE, outcome: 'denied', entityId: null });
    throw new AppError('FORBIDDEN');
  }
  if (!actor.secondFactorVerified && needsSecondFactor(RULE)) {
    throw new AppError('SECOND_FACTOR_REQUIRED', { reason: 'not-enrolled' });
  }
  return context;
}

const audit = (
  services: Services,
  context: { readonly agent: Actor; readonly requestId: string },
  entry: { action: string; outcome: 'success' | 'denied'; entityId: string | null },
): Promise<void> =>
  services.commands.run(context, (unit) => {
    const reason = entry.outcome === 'denied' ? 'role' : null;
    unit.audit({ ...entry, entityKind: entry.entityId === null ? 'Rule' : 'Job', reason });
    return Promise.resolve();
  });

/** Looking at the board and at one job leaves a trace; the list, which the page asks for every few seconds, does not. */
async function admit(services: Services, request: Request): Promise<'page' | 'retried'> {
  const context = await administrator(services, request);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const jobId = RETRY.exec(request.path)?.[1];
    if (jobId === undefined && request.path !== RETRY_ALL) throw new AppError('FORBIDDEN');
    assertSameOrigin(services.config, request);
    await (jobId === undefined ? retryFailedJobs(services, context) : retryJob(services, context, jobId));
    return 'retried';
  }
  const jobId = ONE_JOB.exec(request.path)?.[1];
  if (jobId !== undefined) await audit(services, context, { action: 'job:read', outcome: 'success', entityId: jobId });
  else if (!request.path.startsWith('/api/') && !request.path.startsWith('/static/')) {
    await audit(services, context, { action: 'job:board', outcome: 'success', entityId: null });
  }
  return 'page';
}

/** What the board may do beside what every page may: say where its files lie (`<base>`). */
function allowBase(response: Response): void {
  const policy = response.getHeader('Content-Security-Policy');
  if (typeof policy === 'string') {
    response.setHeader('Content-Security-Policy', policy.replace("base-uri 'none'", "base-uri 'self'"));
  }
}

/**
 * The queues of jobs for the district's administrators: BullMQ, which only wakes, and the `job` table, which is true.
 * Nothing can be done there but run failed jobs again.
 * @param queue undefined until the jobs run
 */
export function serveJobBoard(app: Express, services: Services, queue: () => Queue | undefined): void {
  const boards = new Map<JobBoardLocale, RequestHandler>();
  const boardOf = (bull: Queue, locale: JobBoardLocale): RequestHandler => {
    const made = boards.get(locale);
    if (made !== undefined) return made;
    const texts = JOB_BOARD_TEXTS[locale];
    const serverAdapter = new OwnPageAdapter(locale);
    serverAdapter.setBasePath(JOB_BOARD_PATH);
    createBullBoard({
      queues: [
        new JobTableAdapter(services.db, texts.table),
        new BullMQAdapter(bull, { readOnlyMode: true, displayName: texts.wakeUps }),
      ],
      serverAdapter,
      options: { uiConfig: { boardTitle: texts.title, hideRedisDetails: true, locale: { lng: texts.lng } } },
    });
    boards.set(locale, serverAdapter.handler);
    return serverAdapter.handler;
  };
  const serve = async (request: Request, response: Response): Promise<'done' | RequestHandler> => {
    response.setHeader('Cache-Control', 'no-store');
    if ((await admit(services, request)) === 'retried') {
      response.status(204).end();
      return 'done';
    }
    const bull = queue();
    if (bull === undefined) throw new AppError('UNAVAILABLE');
    allowBase(response);
    return boardOf(bull, jobBoardLocale(request));
  };
  app.use(JOB_BOARD_PATH, (request, response, next) => {
    serve(request, response).then(
      (next_) => {
        if (next_ !== 'done') void next_(request, response, next);
      },
      (error: unknown) => {
        // Somebody who typed the address signs in at the console first.
        const wantsPage = request.method === 'GET' && request.accepts(['json', 'html']) === 'html';
        if (error instanceof AppError && error.code === 'UNAUTHENTICATED' && wantsPage) response.redirect('/district');
        else next(error);
      },
    );
  });
}
