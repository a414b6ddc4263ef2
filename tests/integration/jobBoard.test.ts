import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { FACE_HEADER } from '@cloud-hospital/protocol';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { type Stack, startStack } from '../support/stack.ts';

const Queues = z.object({
  queues: z.array(
    z.object({
      name: z.string(),
      readOnlyMode: z.boolean(),
      jobs: z.array(z.object({ id: z.string(), name: z.string(), failedReason: z.string().nullish() })),
    }),
  ),
});
const Job = z.object({ state: z.string(), attempts: z.number() });
const Audit = z.object({ action: z.string(), outcome: z.string(), actor_role: z.string() });

let stack: Stack;
let database: pg.Pool;

beforeAll(async () => {
  stack = await startStack({ sfuNodes: 0 });
  database = new pg.Pool({ connectionString: stack.database.superuserUrl, max: 2 });
});
afterAll(async () => {
  await database.end();
  await stack.stop();
});

async function signIn(username: string): Promise<string> {
  const response = await fetch(`${stack.url}/api/session/staff`, {
    method: 'POST',
    headers: { [FACE_HEADER]: 'console', 'content-type': 'application/json', origin: stack.url },
    body: JSON.stringify({ username, password: DEMO_PASSWORD }),
  });
  expect(response.status).toBe(200);
  return response.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
}

function ask(path: string, options: { cookie?: string; method?: string; origin?: string; accept?: string } = {}) {
  return fetch(`${stack.url}/district/jobs${path}`, {
    method: options.method ?? 'GET',
    redirect: 'manual',
    headers: {
      accept: options.accept ?? 'application/json',
      ...(options.cookie === undefined ? {} : { cookie: options.cookie }),
      ...(options.origin === undefined ? {} : { origin: options.origin }),
    },
  });
}

async function failedJob(): Promise<string> {
  const id = randomUUID();
  await database.query(
    `INSERT INTO job (id, kind, subject_id, due_at, state, attempts, last_error)
     VALUES ($1, 'appointment.no-show', gen_random_uuid(), now(), 'failed', 10, 'the printer is on fire')`,
    [id],
  );
  return id;
}

test('nobody but an administrator sees the board, and whoever tries leaves a trace', async () => {
  const [specialist, administrator] = await Promise.all([
    signIn(DEMO_ACCOUNTS.specialist.username),
    signIn(DEMO_ACCOUNTS.administrator.username),
  ]);
  expect((await ask('/api/queues')).status).toBe(401);
  expect((await ask('/static/favicon.ico')).status).toBe(401);
  const page = await ask('/', { accept: 'text/html' });
  expect([page.status, page.headers.get('location')]).toEqual([302, '/district']);
  expect((await ask('/', { cookie: specialist, accept: 'text/html' })).status).toBe(403);
  expect((await ask('/api/queues', { cookie: specialist })).status).toBe(403);

  const shown = await ask('/', { cookie: administrator, accept: 'text/html' });
  expect(shown.status).toBe(200);
  const html = await shown.text();
  // Everything it loads is ours.
  expect([...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url)).toSatisfy((urls: string[]) =>
    urls.every((url) => url.startsWith('/district/jobs/')),
  );
  const [script = ''] = /\/district\/jobs\/static\/js\/main[^"]+/.exec(html) ?? [];
  expect((await ask(script.replace('/district/jobs', ''), { cookie: administrator })).status).toBe(200);

  const { rows } = await database.query<Record<string, unknown>>(
    `SELECT action, outcome, actor_role FROM audit_event WHERE action IN ('job:board', 'jobs:administer') ORDER BY id`,
  );
  expect(z.array(Audit).parse(rows)).toEqual([
    { action: 'jobs:administer', outcome: 'denied', actor_role: 'specialist' },
    { action: 'jobs:administer', outcome: 'denied', actor_role: 'specialist' },
    { action: 'job:board', outcome: 'success', actor_role: 'district-administrator' },
  ]);
});

test('a failed job of the table is shown with its error and can be run again, once and by its own origin only', async () => {
  const cookie = await signIn(DEMO_ACCOUNTS.administrator.username);
  const id = await failedJob();
  const { queues } = Queues.parse(
    await (await ask('/api/queues?activeQueue=job-table&status=failed&page=1&jobsPerPage=10', { cookie })).json(),
  );
  expect(queues.map(({ name, readOnlyMode }) => ({ name, readOnlyMode }))).toEqual([
    { name: 'job-table', readOnlyMode: false },
    { name: 'jobs', readOnlyMode: true },
  ]);
  expect(queues[0]?.jobs).toContainEqual(
    expect.objectContaining({ id, name: 'appointment.no-show', failedReason: 'the printer is on fire' }),
  );

  const retry = (origin: string | undefined) =>
    ask(`/api/queues/job-table/${id}/retry`, { cookie, method: 'PUT', ...(origin === undefined ? {} : { origin }) });
  expect((await retry('https://evil.example')).status).toBe(403);
  expect((await retry(stack.url)).status).toBe(204);
  await expect
    .poll(async () => {
      const { rows } = await database.query<Record<string, unknown>>('SELECT state, attempts FROM job WHERE id = $1', [
        id,
      ]);
      return z.array(Job).parse(rows)[0];
    })
    .toEqual({ state: 'done', attempts: 1 });
  expect((await retry(stack.url)).status).toBe(409);
  const { rows } = await database.query<Record<string, unknown>>(
    `SELECT action, outcome, actor_role FROM audit_event WHERE entity_id = $1`,
    [id],
  );
  expect(z.array(Audit).parse(rows)).toEqual([
    { action: 'job:retry', outcome: 'success', actor_role: 'district-administrator' },
  ]);
});

test('all that failed can be run again at once, each with its own trace', async () => {
  const cookie = await signIn(DEMO_ACCOUNTS.administrator.username);
  const ids = [await failedJob(), await failedJob()];
  const retryAll = (options: { cookie?: string; origin?: string }) =>
    ask('/api/queues/job-table/retry/failed', { method: 'PUT', ...options });
  expect((await retryAll({ origin: stack.url })).status).toBe(401);
  expect((await retryAll({ cookie, origin: 'https://evil.example' })).status).toBe(403);
  expect((await retryAll({ cookie, origin: stack.url })).status).toBe(204);
  await expect
    .poll(
      async () => (await database.query(`SELECT id FROM job WHERE state = 'done' AND id = ANY($1)`, [ids])).rowCount,
    )
    .toBe(2);
  const { rows } = await database.query<Record<string, unknown>>(
    `SELECT action, outcome, actor_role FROM audit_event WHERE entity_id = ANY($1)`,
    [ids],
  );
  const trace = { action: 'job:retry', outcome: 'success', actor_role: 'district-administrator' };
  expect(z.array(Audit).parse(rows)).toEqual([trace, trace]);
});

test('the board speaks the browser’s language', async () => {
  const cookie = await signIn(DEMO_ACCOUNTS.administrator.username);
  const title = async (language: string) => {
    const response = await fetch(`${stack.url}/district/jobs/`, {
      headers: { accept: 'text/html', 'accept-language': language, cookie },
    });
    return /<html lang="([^"]+)">.*<title>([^<]*)</s.exec(await response.text())?.slice(1);
  };
  expect(await title('zh-CN,zh;q=0.9,en;q=0.5')).toEqual(['zh-CN', '任务']);
  expect(await title('en-US,en;q=0.9')).toEqual(['en', 'Jobs']);
});

test('nothing else can be done there', async () => {
  const cookie = await signIn(DEMO_ACCOUNTS.administrator.username);
  for (const [method, path] of [
    ['PUT', '/api/queues/jobs/pause'],
    ['PUT', '/api/queues/jobs/obliterate'],
    ['PUT', '/api/queues/job-table/clean/failed'],
    ['POST', '/api/queues/jobs/add'],
  ] as const) {
    expect((await ask(path, { cookie, method, origin: stack.url })).status).toBe(403);
  }
});
