import { Session, SessionState, TotpEnrolment } from '@cloud-hospital/protocol/rest';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { withClient } from '../../infra/src/postgres/databaseRoles.ts';
import { demoUsername, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { Browser } from '../support/Browser.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { WebClient } from '../support/WebClient.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ sfuNodes: 0, env: { DEMO_DISTRICT: '0' } });
});
afterAll(() => stack.stop());

const query = (text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
  withClient(stack.database.ownerUrl, async (client) => (await client.query(text, values)).rows);
/** The account is somebody's from now on, not the demonstration's. */
const makeReal = (username: string): Promise<unknown> =>
  query('UPDATE account SET demo = false WHERE username = $1', [username]);

test('accounts of the demonstration, whose password everybody can read, are shut', async () => {
  const client = new WebClient(stack.url, 'console');
  const real = await client.post('/session/staff', { username: 'nobody.at.all', password: DEMO_PASSWORD });
  const demo = await client.post('/session/staff', { username: demoUsername.specialist(0), password: DEMO_PASSWORD });
  expect(demo.text).toBe(real.text);
  expect([demo.status, demo.code]).toEqual([401, 'SIGN_IN_FAILED']);
});

test('there is no demo inbox, and nobody is told it would be elsewhere', async () => {
  const { status, code } = await new WebClient(stack.url, 'resident').get('/demo/inbox');
  expect([status, code]).toEqual([404, 'NOT_FOUND']);
  expect((await new WebClient(stack.url, 'resident').get('/session')).read(SessionState).demo).toBe(false);
});

test('a login code is neither in the database nor in the log', async () => {
  const phone = '18700001111';
  const client = new WebClient(stack.url, 'resident');
  expect((await client.post('/session/resident/code', { phone })).status).toBe(200);
  const rows = await query('SELECT * FROM communication WHERE phone = $1', [phone]);
  expect(rows).toHaveLength(1);
  expect(rows[0]?.['text']).toContain('******');
  const read = (): string => (stack.replicas[0]?.log ?? []).join('\n');
  // The log comes through a pipe, and may be behind the answer.
  await vi.waitFor(() => expect(read()).toContain('187****1111'), { timeout: 5_000 });
  const log = read();
  expect(log).not.toContain(phone);
  expect(log).not.toMatch(/验证码是 \d{6}/);
});

test('staff without a second factor can do nothing but enrol one', async () => {
  const username = demoUsername.specialist(7);
  await makeReal(username);
  const client = new WebClient(stack.url, 'console');
  const signedIn = await client.post('/session/staff', { username, password: DEMO_PASSWORD });
  expect(signedIn.read(Session).secondFactor).toBe('not-enrolled');
  expect((await client.get('/session')).status).toBe(200);
  for (const path of ['/queue', '/specialists', '/reports', '/inbox']) {
    const { status, code, reason } = await client.get(path);
    expect([path, status, code, reason]).toEqual([path, 401, 'SECOND_FACTOR_REQUIRED', 'not-enrolled']);
  }
  const [session] = await query('SELECT id FROM session WHERE revoked_at IS NULL ORDER BY created_at DESC LIMIT 1');
  const who = { cookie: client.cookie, face: 'console' as const, sessionId: String(session?.['id']) };
  await expect(Browser.connect(stack.url, who)).rejects.toMatchObject({ code: 'SECOND_FACTOR_REQUIRED' });

  const { secret } = (await client.post('/session/second-factor', { password: DEMO_PASSWORD })).read(TotpEnrolment);
  const totp = new TOTP({ secret }).generate();
  expect((await client.post('/session/second-factor/confirmation', { totp })).status).toBe(200);
  expect((await client.get('/queue')).status).toBe(200);
  const browser = await Browser.connect(stack.url, who);

  // A role that is withdrawn in the middle of the session.
  const start = performance.now();
  await query(
    `UPDATE practitioner_role SET active = false FROM practitioner, account
     WHERE practitioner.id = practitioner_id AND account.id = account_id AND username = $1`,
    [username],
  );
  expect((await client.get('/queue')).code).toBe('UNAUTHENTICATED');
  expect(await browser.hears('session:ended')).toEqual({ reason: 'role-removed' });
  await browser.disconnected;
  expect(performance.now() - start).toBeLessThan(5_000);
});
