import {
  EnrolmentCodeIssued,
  Challenge,
  SessionState,
  Terminal,
  terminalChallengeText,
} from '@cloud-hospital/protocol/rest';
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { withClient } from '../../infra/src/postgres/databaseRoles.ts';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { type Answer, signInStaff, WebClient } from '../support/WebClient.ts';

let stack: Stack;
let administrator: WebClient;
let terminals: Terminal[];
beforeAll(async () => {
  stack = await startStack({ sfuNodes: 0, env: { SIGN_IN_RATE_PER_MINUTE: '10000' } });
  administrator = await signInStaff(stack.url, 'console', DEMO_ACCOUNTS.administrator.username, DEMO_PASSWORD);
  ({ terminals } = (await administrator.get('/terminals')).read(z.object({ terminals: z.array(Terminal) })));
});
afterAll(() => stack.stop());

const query = (text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
  withClient(stack.database.ownerUrl, async (client) => (await client.query(text, values)).rows);

/** A terminal's browser with its own key. */
class TerminalBrowser {
  readonly web = new WebClient(stack.url, 'terminal');
  readonly #privateKey: KeyObject;
  readonly publicKey: Record<string, unknown>;

  constructor() {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    this.#privateKey = pair.privateKey;
    const { kty, crv, x, y } = pair.publicKey.export({ format: 'jwk' });
    this.publicKey = { kty, crv, x, y };
  }

  enrol(code: string): Promise<Answer> {
    return this.web.post('/terminals/enrolment', { code, publicKey: this.publicKey });
  }

  async challenge(deviceId: string): Promise<string> {
    return (await this.web.post('/terminals/challenge', { deviceId })).read(Challenge).challenge;
  }

  answer(deviceId: string, challenge: string, text = terminalChallengeText(deviceId, challenge)): Promise<Answer> {
    const signature = sign('sha256', Buffer.from(text), { key: this.#privateKey, dsaEncoding: 'ieee-p1363' });
    return this.web.post('/terminals/session', { deviceId, challenge, signature: signature.toString('base64url') });
  }

  async signIn(deviceId: string): Promise<Answer> {
    return this.answer(deviceId, await this.challenge(deviceId));
  }
}

const issueCode = async (deviceId: string): Promise<string> =>
  (await administrator.post(`/terminals/${deviceId}/enrolment-code`)).read(EnrolmentCodeIssued).code;

/** A terminal of the list, enrolled and signed in. */
async function enrolled(index: number): Promise<{ browser: TerminalBrowser; deviceId: string; locationId: string }> {
  const terminal = terminals[index];
  if (terminal === undefined) throw new RangeError('no such terminal');
  const browser = new TerminalBrowser();
  expect((await browser.enrol(await issueCode(terminal.deviceId))).status).toBe(200);
  expect((await browser.signIn(terminal.deviceId)).status).toBe(200);
  return { browser, deviceId: terminal.deviceId, locationId: terminal.locationId };
}

describe('enrolment', () => {
  test('binds a key by a code that is good once, and the terminal signs in with it', async () => {
    const deviceId = terminals[0]?.deviceId ?? '';
    const code = await issueCode(deviceId);
    expect(code).toMatch(/^[A-HJ-NP-Z2-9]{4}-[A-HJ-NP-Z2-9]{4}$/);
    const [row] = await query('SELECT enrolment_code_hash FROM device WHERE id = $1', [deviceId]);
    expect(String(row?.['enrolment_code_hash'])).not.toContain(code);
    const browser = new TerminalBrowser();
    const answers = await Promise.all([browser.enrol(code.toLowerCase()), new TerminalBrowser().enrol(code)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 409)?.code).toBe('ENROLMENT_CODE_INVALID');
  });

  test('refuses codes that are wrong, replaced or older than a quarter of an hour', async () => {
    const deviceId = terminals[1]?.deviceId ?? '';
    const first = await issueCode(deviceId);
    const second = await issueCode(deviceId);
    expect((await new TerminalBrowser().enrol('AAAA-AAAA')).code).toBe('ENROLMENT_CODE_INVALID');
    expect((await new TerminalBrowser().enrol(first)).code).toBe('ENROLMENT_CODE_INVALID');
    await query(`UPDATE device SET enrolment_expires_at = now() - interval '1 second' WHERE id = $1`, [deviceId]);
    expect((await new TerminalBrowser().enrol(second)).code).toBe('ENROLMENT_CODE_INVALID');
  });

  test('refuses a key that is no point of the curve, and a private one', async () => {
    const browser = new TerminalBrowser();
    const code = await issueCode(terminals[2]?.deviceId ?? '');
    const broken = { ...browser.publicKey, x: 'A'.repeat(43) };
    expect((await browser.web.post('/terminals/enrolment', { code, publicKey: broken })).status).toBe(400);
    const secret = { ...browser.publicKey, d: 'A'.repeat(43) };
    expect((await browser.web.post('/terminals/enrolment', { code, publicKey: secret })).status).toBe(400);
    expect((await browser.enrol(code)).status).toBe(200);
  });

  test('is for the district administrator to begin', async () => {
    const nurse = await signInStaff(stack.url, 'terminal', DEMO_ACCOUNTS.nurse.username, DEMO_PASSWORD);
    expect((await nurse.post(`/terminals/${terminals[0]?.deviceId}/enrolment-code`)).code).toBe('FORBIDDEN');
    expect((await nurse.get('/terminals')).code).toBe('FORBIDDEN');
    expect((await administrator.post('/terminals/00000000-0000-4000-8000-000000000000/enrolment-code')).status).toBe(
      404,
    );
  });
});

describe("a terminal's sign-in", () => {
  test('sets a device cookie, and the browser then is the terminal', async () => {
    const { browser, deviceId } = await enrolled(3);
    const state = (await browser.web.get('/session')).read(SessionState);
    expect(state).toMatchObject({ session: null, device: { deviceId } });
    expect((await browser.web.get('/terminals/self')).read(Terminal)).toMatchObject({ deviceId, status: 'offline' });
    expect(browser.web.cookie).toMatch(/^ch_device=[\w-]{43}$/);
  });

  test('takes a challenge once, for its own terminal, within a minute', async () => {
    const { browser, deviceId } = await enrolled(4);
    const { deviceId: other } = await enrolled(5);
    const challenge = await browser.challenge(deviceId);
    expect((await browser.answer(deviceId, challenge)).status).toBe(200);
    expect((await browser.answer(deviceId, challenge)).code).toBe('SIGN_IN_FAILED');
    expect((await browser.answer(deviceId, await browser.challenge(other))).code).toBe('SIGN_IN_FAILED');
    const old = await browser.challenge(deviceId);
    await query(`UPDATE device_challenge SET expires_at = now() - interval '1 second' WHERE challenge = $1`, [old]);
    expect((await browser.answer(deviceId, old)).code).toBe('SIGN_IN_FAILED');
  });

  test('uses a challenge up even when the signature is wrong', async () => {
    const { browser, deviceId } = await enrolled(6);
    const challenge = await browser.challenge(deviceId);
    expect((await browser.answer(deviceId, challenge, 'something else')).code).toBe('SIGN_IN_FAILED');
    expect((await browser.answer(deviceId, challenge)).code).toBe('SIGN_IN_FAILED');
    const thief = new TerminalBrowser();
    expect((await thief.signIn(deviceId)).code).toBe('SIGN_IN_FAILED');
  });

  test('answers for a terminal that does not exist as for one with another key', async () => {
    const { deviceId } = await enrolled(7);
    const thief = new TerminalBrowser();
    const nobody = '00000000-0000-4000-8000-000000000000';
    const [known, unknown] = [await thief.signIn(deviceId), await thief.signIn(nobody)];
    expect(unknown.text).toBe(known.text);
    expect(unknown.status).toBe(401);
  });
});

describe('staff on a terminal', () => {
  test('of the same clinic sign in there and leave it as it was; others are turned away', async () => {
    const nurseTerminal = await query(
      `SELECT device.id FROM device JOIN practitioner_role role ON role.location_id = device.location_id
       JOIN practitioner ON practitioner.id = role.practitioner_id JOIN account ON account.id = practitioner.account_id
       WHERE username = $1`,
      [DEMO_ACCOUNTS.nurse.username],
    );
    const index = terminals.findIndex(({ deviceId }) => deviceId === nurseTerminal[0]?.['id']);
    const { browser, deviceId } = await enrolled(index);
    const refused = await browser.web.post('/session/staff', {
      username: DEMO_ACCOUNTS.otherClinicNurse.username,
      password: DEMO_PASSWORD,
    });
    expect([refused.status, refused.code, refused.reason]).toEqual([403, 'FORBIDDEN', 'other-clinic']);
    await browser.web.post('/session/staff', { username: DEMO_ACCOUNTS.nurse.username, password: DEMO_PASSWORD });
    const state = (await browser.web.get('/session')).read(SessionState);
    expect(state.session).toMatchObject({ role: 'nurse', device: { deviceId } });
    await browser.web.delete('/session');
    expect((await browser.web.get('/session')).read(SessionState)).toMatchObject({
      session: null,
      device: { deviceId },
    });
  });
});

describe('a revoked terminal', () => {
  test('is out at once, with the staff signed in on it, and stays out', async () => {
    const { browser, deviceId, locationId } = await enrolled(8);
    const [staff] = await query(
      `SELECT username FROM account JOIN practitioner ON practitioner.account_id = account.id
       JOIN practitioner_role role ON role.practitioner_id = practitioner.id WHERE location_id = $1 AND role = 'nurse'`,
      [locationId],
    );
    await browser.web.post('/session/staff', { username: staff?.['username'], password: DEMO_PASSWORD });
    expect((await browser.web.get('/worklist')).status).toBe(200);
    const revoked = await administrator.post(
      `/terminals/${deviceId}/revocation`,
      {},
      { idempotencyKey: 'revoke-it-once' },
    );
    expect(revoked.read(Terminal).status).toBe('revoked');
    const again = await administrator.post(
      `/terminals/${deviceId}/revocation`,
      {},
      { idempotencyKey: 'revoke-it-once' },
    );
    expect(again.text).toBe(revoked.text);
    expect((await browser.web.get('/worklist')).code).toBe('UNAUTHENTICATED');
    expect((await browser.web.get('/session')).read(SessionState)).toMatchObject({ session: null, device: null });
    expect((await browser.signIn(deviceId)).code).toBe('SIGN_IN_FAILED');
    const events = await query(
      `SELECT count(*)::int AS n FROM outbox WHERE name = 'session:ended' AND data->>'reason' = 'terminal-revoked'`,
    );
    expect(events[0]?.['n']).toBeGreaterThan(0);
    const [audit] = await query(
      `SELECT outcome, details FROM audit_event WHERE action = 'terminal:revoke' AND entity_id = $1`,
      [deviceId],
    );
    expect(audit).toEqual({ outcome: 'success', details: { sessions: 2 } });
  });

  test('can be enrolled anew, with another key', async () => {
    const { browser, deviceId } = await enrolled(9);
    await administrator.post(`/terminals/${deviceId}/revocation`);
    const code = await issueCode(deviceId);
    const next = new TerminalBrowser();
    expect((await next.enrol(code)).status).toBe(200);
    expect((await next.signIn(deviceId)).status).toBe(200);
    expect((await browser.signIn(deviceId)).code).toBe('SIGN_IN_FAILED');
  });
});

describe('settings and self-test', () => {
  test('a failed part makes the terminal red on the board, skipped ones do not', async () => {
    const { browser, deviceId } = await enrolled(10);
    const test = { camera: 'passed', microphone: 'passed', speaker: 'skipped', network: 'passed' };
    expect((await browser.web.put('/terminals/self/test', test)).read(Terminal).status).toBe('ready');
    const failed = await browser.web.put('/terminals/self/test', {
      ...test,
      camera: 'failed',
      detail: { camera: 'missing' },
    });
    expect(failed.read(Terminal)).toMatchObject({ deviceId, status: 'failing', selfTest: { camera: 'failed' } });
    const desk = await signInStaff(stack.url, 'terminal', DEMO_ACCOUNTS.nurse.username, DEMO_PASSWORD);
    expect((await desk.put('/terminals/self/test', test)).status).toBe(404);
  });

  test('a setting based on an old version is refused', async () => {
    const { browser, deviceId } = await enrolled(11);
    const { version } = (await browser.web.get('/terminals/self')).read(Terminal);
    const path = `/terminals/${deviceId}/settings`;
    const set = await administrator.put(path, { version, autoAnswerSeconds: 3 });
    expect(set.read(Terminal)).toMatchObject({ autoAnswerSeconds: 3, version: version + 1 });
    expect((await administrator.put(path, { version, autoAnswerSeconds: null })).code).toBe('VERSION_CONFLICT');
  });
});
