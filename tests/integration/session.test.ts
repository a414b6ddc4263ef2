import { identityCheckDigit } from '@cloud-hospital/protocol';
import { Session, SessionState, TotpEnrolment } from '@cloud-hospital/protocol/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TOTP } from 'otpauth';
import { withClient } from '../../infra/src/postgres/databaseRoles.ts';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { type Answer, readLoginCode, signInResident, signInStaff, WebClient } from '../support/WebClient.ts';

const ENV = { LOGIN_CODE_RESEND_SECONDS: '0.001', SIGN_IN_RATE_PER_MINUTE: '10000' };
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ sfuNodes: 0, env: ENV });
});
afterAll(() => stack.stop());

let phones = 0;
/** A phone that nobody has. */
const strangersPhone = (): string => `1880000${String((phones += 1)).padStart(4, '0')}`;
const identityNumber = (ordinal: number, birth = '19610203'): string => {
  const first17 = `999998${birth}${String(ordinal).padStart(3, '0')}`;
  return first17 + identityCheckDigit(first17);
};
const query = async (text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> => {
  let rows: Record<string, unknown>[] = [];
  await withClient(stack.database.ownerUrl, async (client) => {
    rows = (await client.query(text, values)).rows;
  });
  return rows;
};
const wrong = (code: string): string => (code === '000000' ? '000001' : '000000');
const requestCode = async (client: WebClient, phone: string): Promise<string> => {
  const { status } = await client.post('/session/resident/code', { phone });
  expect(status).toBe(200);
  return readLoginCode(client, phone);
};

describe('a login code', () => {
  test('is asked for with the same answer whether or not the phone is known', async () => {
    const client = new WebClient(stack.url, 'resident');
    const known = await client.post('/session/resident/code', { phone: DEMO_ACCOUNTS.otherResident.phone });
    const unknown = await client.post('/session/resident/code', { phone: strangersPhone() });
    expect(unknown.text).toBe(known.text);
    expect(unknown.status).toBe(known.status);
    const wrongForKnown = await client.post('/session/resident', {
      phone: DEMO_ACCOUNTS.otherResident.phone,
      code: wrong(await readLoginCode(client, DEMO_ACCOUNTS.otherResident.phone)),
    });
    const phone = strangersPhone();
    const wrongForUnknown = await client.post('/session/resident', {
      phone,
      code: wrong(await requestCode(client, phone)),
    });
    expect(wrongForUnknown.text).toBe(wrongForKnown.text);
  });

  test('is good once', async () => {
    const phone = strangersPhone();
    const client = new WebClient(stack.url, 'resident');
    const code = await requestCode(client, phone);
    expect((await client.post('/session/resident', { phone, code })).status).toBe(200);
    const again = await new WebClient(stack.url, 'resident').post('/session/resident', { phone, code });
    expect([again.status, again.code]).toEqual([401, 'CODE_EXPIRED']);
  });

  test('of two browsers that send it at once, one is signed in', async () => {
    const phone = strangersPhone();
    const code = await requestCode(new WebClient(stack.url, 'resident'), phone);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => new WebClient(stack.url, 'resident').post('/session/resident', { phone, code })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  test('is void after five wrong tries, even when the sixth is right', async () => {
    const phone = strangersPhone();
    const client = new WebClient(stack.url, 'resident');
    const code = await requestCode(client, phone);
    for (let tries = 0; tries < 5; tries += 1) {
      const answer = await client.post('/session/resident', { phone, code: wrong(code) });
      expect(answer.code).toBe('CODE_WRONG');
    }
    expect((await client.post('/session/resident', { phone, code })).code).toBe('CODE_EXPIRED');
  });

  test('voids the one before', async () => {
    const phone = strangersPhone();
    const client = new WebClient(stack.url, 'resident');
    const first = await requestCode(client, phone);
    const second = await requestCode(client, phone);
    if (first !== second) {
      expect((await client.post('/session/resident', { phone, code: first })).code).toBe('CODE_WRONG');
    }
    expect((await client.post('/session/resident', { phone, code: second })).status).toBe(200);
  });

  test('is too old after ten minutes by the clock of the database', async () => {
    const phone = strangersPhone();
    const client = new WebClient(stack.url, 'resident');
    const code = await requestCode(client, phone);
    await query(`UPDATE login_code SET expires_at = now() - interval '1 second' WHERE phone = $1`, [phone]);
    expect((await client.post('/session/resident', { phone, code })).code).toBe('CODE_EXPIRED');
  });

  test('is kept as a keyed hash', async () => {
    const phone = strangersPhone();
    const code = await requestCode(new WebClient(stack.url, 'resident'), phone);
    const [row] = await query('SELECT code_hash FROM login_code WHERE phone = $1', [phone]);
    expect(row?.['code_hash']).toHaveLength(32);
    expect(JSON.stringify(row)).not.toContain(code);
  });
});

describe('a resident', () => {
  test('gets an account at the first good code, and becomes a patient by naming themselves', async () => {
    const client = await signInResident(stack.url, strangersPhone());
    const state = (await client.get('/session')).read(SessionState);
    expect(state.session).toMatchObject({ role: 'resident', patientId: null, secondFactor: 'not-needed', demo: true });
    const named = await client.put('/session/profile', { name: '测试甲', identityNumber: identityNumber(10) });
    expect(named.body).toMatchObject({ displayName: '测试甲', patientId: expect.any(String) });
    const [patient] = await query('SELECT * FROM patient WHERE id = $1', [named.read(Session).patientId]);
    expect(patient).toMatchObject({ gender: 'female', birth_date: expect.anything(), identity_verified_at: null });
    expect(JSON.stringify(patient)).not.toContain(identityNumber(10));
    const repeated = await client.put('/session/profile', { name: '测试甲', identityNumber: identityNumber(10) });
    expect(repeated.read(Session).patientId).toBe(named.read(Session).patientId);
    const second = await client.put('/session/profile', { name: '测试甲', identityNumber: identityNumber(12) });
    expect(second.code).toBe('LIMIT_REACHED');
  });

  test('with an identity number that fails its check digit is refused', async () => {
    const client = await signInResident(stack.url, strangersPhone());
    const good = identityNumber(14);
    const bad = good.slice(0, 17) + (good.endsWith('1') ? '2' : '1');
    expect((await client.put('/session/profile', { name: '测试', identityNumber: bad })).status).toBe(400);
  });

  test("can't take another's identity number, learns nothing about them, and can't go through a list", async () => {
    const first = await signInResident(stack.url, strangersPhone());
    await first.put('/session/profile', { name: '测试乙', identityNumber: identityNumber(20) });
    const thief = await signInResident(stack.url, strangersPhone());
    const answers: Answer[] = [];
    for (let tries = 0; tries < 6; tries += 1) {
      answers.push(await thief.put('/session/profile', { name: '测试乙', identityNumber: identityNumber(20) }));
    }
    expect(answers.map(({ code }) => code)).toEqual([...Array(5).fill('IDENTITY_IN_USE'), 'RATE_LIMITED']);
    expect(answers[0]?.text).not.toContain('测试乙');
  });

  test('whom staff registered with this very phone and name finds that record; another phone does not', async () => {
    const phone = strangersPhone();
    const number = identityNumber(30);
    const registered = await signInResident(stack.url, strangersPhone());
    const { patientId } = (await registered.put('/session/profile', { name: '测试丙', identityNumber: number })).read(
      Session,
    );
    await query('UPDATE patient SET account_id = NULL, phone = $1 WHERE id = $2', [phone, patientId]);
    const other = await signInResident(stack.url, strangersPhone());
    expect((await other.put('/session/profile', { name: '测试丙', identityNumber: number })).code).toBe(
      'IDENTITY_IN_USE',
    );
    const owner = await signInResident(stack.url, phone);
    const linked = await owner.put('/session/profile', { name: '测试丙', identityNumber: number });
    expect(linked.read(Session).patientId).toBe(patientId);
  });

  test('of two who claim the same new number at once, one gets it', async () => {
    const clients = await Promise.all(
      [strangersPhone(), strangersPhone()].map((phone) => signInResident(stack.url, phone)),
    );
    const answers = await Promise.all(
      clients.map((client) => client.put('/session/profile', { name: '测试丁', identityNumber: identityNumber(40) })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });

  test("signs in on the residents' face only", async () => {
    const phone = strangersPhone();
    const code = await requestCode(new WebClient(stack.url, 'resident'), phone);
    const answer = await new WebClient(stack.url, 'console').post('/session/resident', { phone, code });
    expect([answer.status, answer.code]).toEqual([403, 'FORBIDDEN']);
  });
});

describe('a session', () => {
  test('lives in an HttpOnly, SameSite=Strict cookie of its face and ends by signing out', async () => {
    const client = new WebClient(stack.url, 'console');
    const { headers, body } = await client.post('/session/staff', {
      username: DEMO_ACCOUNTS.specialist.username.toUpperCase(),
      password: DEMO_PASSWORD,
    });
    const [cookie = ''] = headers.getSetCookie();
    expect(cookie).toMatch(/^ch_console=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/);
    expect(body).toMatchObject({ role: 'specialist', secondFactor: 'not-needed', departmentCode: 'cardiology' });
    const [row] = await query('SELECT token_hash FROM session ORDER BY created_at DESC LIMIT 1');
    expect(JSON.stringify(row)).not.toContain(cookie.slice(11, 54));

    const kept = client.cookie;
    expect((await client.delete('/session')).headers.getSetCookie()[0]).toContain('Max-Age=0');
    const replayed = await new WebClient(stack.url, 'console').get('/session', { headers: { cookie: kept } });
    expect(replayed.read(SessionState).session).toBeNull();
  });

  test('of one face is no session of another', async () => {
    const client = await signInStaff(stack.url, 'terminal', DEMO_ACCOUNTS.nurse.username, DEMO_PASSWORD);
    const token = client.cookie.split('=')[1];
    for (const [face, cookie] of [
      ['console', `ch_console=${token}`],
      ['resident', `ch_resident=${token}`],
      ['terminal', `ch_device=${token}`],
    ] as const) {
      const answer = await new WebClient(stack.url, face).get('/session', { headers: { cookie } });
      expect(answer.read(SessionState)).toMatchObject({ session: null, device: null });
    }
  });

  test('is refused from the very request after its revocation, its idle time or its last hour', async () => {
    for (const change of [
      `revoked_at = now()`,
      `last_seen_at = now() - interval '61 minutes'`,
      `expires_at = now() - interval '1 second'`,
    ]) {
      const client = await signInStaff(stack.url, 'console', DEMO_ACCOUNTS.coordinator.username, DEMO_PASSWORD);
      expect((await client.get('/inbox')).status).toBe(200);
      await query(`UPDATE session SET ${change} WHERE face = 'console' AND revoked_at IS NULL`);
      const { status, code } = await client.get('/inbox');
      expect([status, code]).toEqual([401, 'UNAUTHENTICATED']);
    }
  });

  test('ends when the role is withdrawn', async () => {
    const client = await signInStaff(stack.url, 'terminal', 'nurse093', DEMO_PASSWORD);
    await query(
      `UPDATE practitioner_role SET active = false FROM practitioner, account
       WHERE practitioner.id = practitioner_id AND account.id = account_id AND username = 'nurse093'`,
    );
    expect((await client.get('/worklist')).status).toBe(401);
  });

  test('is replaced, not multiplied, when somebody else signs in on the same face', async () => {
    const client = await signInStaff(stack.url, 'terminal', DEMO_ACCOUNTS.nurse.username, DEMO_PASSWORD);
    const kept = client.cookie;
    await client.post('/session/staff', { username: DEMO_ACCOUNTS.clinicDoctor.username, password: DEMO_PASSWORD });
    expect((await client.get('/session')).read(SessionState).session?.role).toBe('clinic-doctor');
    const replayed = await new WebClient(stack.url, 'terminal').get('/session', { headers: { cookie: kept } });
    expect(replayed.read(SessionState).session).toBeNull();
  });
});

describe('staff', () => {
  test('an unknown name, a wrong password and a locked account answer byte for byte alike', async () => {
    const client = new WebClient(stack.url, 'console');
    const username = 'specialist60';
    const unknown = await client.post('/session/staff', { username: 'nobody.at.all', password: 'x' });
    const failures: Answer[] = [];
    for (let tries = 0; tries < 5; tries += 1) {
      failures.push(await client.post('/session/staff', { username, password: 'wrong' }));
    }
    const locked = await client.post('/session/staff', { username, password: DEMO_PASSWORD });
    for (const answer of [...failures, locked]) expect(answer.text).toBe(unknown.text);
    expect([unknown.status, unknown.code]).toEqual([401, 'SIGN_IN_FAILED']);
    const [row] = await query(
      'SELECT locked_until > now() AS locked, failed_sign_ins FROM account WHERE username = $1',
      [username],
    );
    expect(row).toEqual({ locked: true, failed_sign_ins: 5 });
    await query(`UPDATE account SET locked_until = now() - interval '1 second' WHERE username = $1`, [username]);
    expect((await client.post('/session/staff', { username, password: DEMO_PASSWORD })).status).toBe(200);
  });

  test('an unknown name takes the work of a known one', async () => {
    const client = new WebClient(stack.url, 'console');
    const median = async (username: string): Promise<number> => {
      const times: number[] = [];
      for (let round = 0; round < 9; round += 1) {
        const start = performance.now();
        await client.post('/session/staff', { username, password: 'wrong' });
        times.push(performance.now() - start);
      }
      return times.sort((a, b) => a - b)[4] ?? 0;
    };
    const [unknown, known] = [await median('nobody.at.all'), await median('specialist59')];
    expect(unknown).toBeGreaterThan(known * 0.4);
    expect(unknown).toBeLessThan(known * 2.5);
  });

  test('work on their own face', async () => {
    for (const [face, username] of [
      ['console', DEMO_ACCOUNTS.nurse.username],
      ['terminal', DEMO_ACCOUNTS.specialist.username],
      ['resident', DEMO_ACCOUNTS.specialist.username],
    ] as const) {
      const { status, code, reason } = await new WebClient(stack.url, face).post('/session/staff', {
        username,
        password: DEMO_PASSWORD,
      });
      expect([status, code, reason]).toEqual([403, 'FORBIDDEN', 'face']);
    }
  });

  test('leave an AuditEvent for each sign-in, refusal and sign-out, without name or password', async () => {
    const [last] = await query('SELECT coalesce(max(id), 0) AS id FROM audit_event');
    const client = await signInStaff(stack.url, 'console', DEMO_ACCOUNTS.auditor.username, DEMO_PASSWORD);
    await client.delete('/session');
    await client.post('/session/staff', { username: DEMO_ACCOUNTS.auditor.username, password: 'secret-typo' });
    const rows = await query(
      `SELECT action, outcome, actor_role, reason, details FROM audit_event WHERE id > $1 AND action LIKE 'session:%' ORDER BY id`,
      [last?.['id']],
    );
    expect(rows).toMatchObject([
      { action: 'session:sign-in', outcome: 'success', actor_role: 'auditor' },
      { action: 'session:end', outcome: 'success', actor_role: 'auditor' },
      { action: 'session:sign-in', outcome: 'failure', reason: 'password', actor_role: 'system' },
    ]);
    expect(JSON.stringify(rows)).not.toContain('secret-typo');
  });
});

describe('a second factor', () => {
  test('once confirmed is asked for, and a step or backup code is good once', async () => {
    const username = 'specialist58';
    const credentials = { username, password: DEMO_PASSWORD };
    const client = await signInStaff(stack.url, 'console', username, DEMO_PASSWORD);
    expect((await client.post('/session/second-factor', { password: 'wrong' })).code).toBe('PASSWORD_WRONG');
    const enrolment = (await client.post('/session/second-factor', { password: DEMO_PASSWORD })).read(TotpEnrolment);
    const totp = new TOTP({ secret: enrolment.secret });
    const code = (steps: number): string => totp.generate({ timestamp: Date.now() + steps * 30_000 });
    expect(enrolment.otpauthUrl).toContain(`secret=${enrolment.secret}`);

    const fresh = new WebClient(stack.url, 'console');
    expect((await fresh.post('/session/staff', credentials)).status).toBe(200);
    expect((await client.post('/session/second-factor/confirmation', { totp: wrong(code(0)) })).code).toBe(
      'CODE_WRONG',
    );
    const confirmed = code(0);
    expect((await client.post('/session/second-factor/confirmation', { totp: confirmed })).status).toBe(200);
    expect((await client.get('/session')).read(SessionState).session?.secondFactor).toBe('verified');
    // The other session was opened with the password alone.
    expect((await fresh.get('/queue')).code).toBe('SECOND_FACTOR_REQUIRED');

    const other = new WebClient(stack.url, 'console');
    expect((await other.post('/session/staff', credentials)).code).toBe('SECOND_FACTOR_REQUIRED');
    expect((await other.post('/session/staff', { ...credentials, totp: confirmed })).code).toBe('CODE_WRONG');
    const next = code(1);
    expect((await other.post('/session/staff', { ...credentials, totp: next })).status).toBe(200);
    expect((await other.post('/session/staff', { ...credentials, totp: next })).code).toBe('CODE_WRONG');

    const [backup] = enrolment.backupCodes;
    expect((await other.post('/session/staff', { ...credentials, totp: backup })).status).toBe(200);
    expect((await other.post('/session/staff', { ...credentials, totp: backup })).code).toBe('CODE_WRONG');
    const [row] = await query(
      'SELECT totp_secret, cardinality(backup_code_hashes) AS left FROM account WHERE username = $1',
      [username],
    );
    expect(row?.['left']).toBe(9);
    expect(String(row?.['totp_secret'])).not.toContain(enrolment.secret);
  });
});
