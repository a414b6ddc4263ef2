import { randomUUID } from 'node:crypto';
import {
  ActivationCodeIssued,
  ClinicEntry,
  DirectoryView,
  OrganizationEntry,
  Session,
  StaffMember,
  Terminal,
  TotpEnrolment,
} from '@cloud-hospital/protocol/rest';
import { TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { withClient } from '../../infra/src/postgres/databaseRoles.ts';
import { FIRST_ADMINISTRATOR } from '../../signaling/src/seed/firstAdministrator.ts';
import { layFoundation } from '../../signaling/src/seed/layFoundation.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { type Answer, WebClient } from '../support/WebClient.ts';

const PASSWORD = 'correct horse battery staple';
const Staff = z.object({ staff: z.array(StaffMember) });

let stack: Stack;
let firstCode: string | null;
let administrator: WebClient;

const foundation = (): Promise<string | null> =>
  layFoundation({ databaseUrl: stack.database.ownerUrl, secretsFile: inject('servers').secretsFile });
const query = (text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> =>
  withClient(stack.database.ownerUrl, async (client) => (await client.query(text, values)).rows);
const write = (client: WebClient, method: string, path: string, body: unknown = {}): Promise<Answer> =>
  client.request(method, path, body, { idempotencyKey: randomUUID() });
const activate = (username: string, code: string, password: string): Promise<Answer> =>
  new WebClient(stack.url, 'console').post('/session/staff/activation', { username, code, password });

/** Signs in for the first time and registers an authenticator, as everybody must. */
async function firstSignIn(face: 'console' | 'terminal', username: string, password: string): Promise<WebClient> {
  const client = new WebClient(stack.url, face);
  expect((await client.post('/session/staff', { username, password })).read(Session).secondFactor).toBe('not-enrolled');
  const { secret } = (await client.post('/session/second-factor', { password })).read(TotpEnrolment);
  const totp = new TOTP({ secret }).generate();
  expect((await client.post('/session/second-factor/confirmation', { totp })).status).toBe(200);
  return client;
}

beforeAll(async () => {
  stack = await startStack({
    sfuNodes: 0,
    seeded: false,
    env: { DEMO_DISTRICT: '0', SIGN_IN_RATE_PER_MINUTE: '10000' },
  });
  firstCode = await foundation();
});
afterAll(() => stack.stop());

describe('an installation without demonstration data', () => {
  test('prints a code for its first administrator until one has a password, and a new one at each start', async () => {
    const again = await foundation();
    expect(again).toMatch(/^[A-Z2-9]{4}-[A-Z2-9]{4}$/);
    expect(again).not.toBe(firstCode);
    expect((await activate(FIRST_ADMINISTRATOR, firstCode ?? '', PASSWORD)).code).toBe('ACTIVATION_CODE_INVALID');
    expect((await activate(FIRST_ADMINISTRATOR, again ?? '', `${FIRST_ADMINISTRATOR}-2026-xyz`)).code).toBe(
      'PASSWORD_WEAK',
    );
    expect((await activate(FIRST_ADMINISTRATOR, again ?? '', PASSWORD)).status).toBe(200);
    expect((await activate(FIRST_ADMINISTRATOR, again ?? '', PASSWORD)).code).toBe('ACTIVATION_CODE_INVALID');
    expect(await foundation()).toBeNull();
    administrator = await firstSignIn('console', FIRST_ADMINISTRATOR, PASSWORD);
  });

  test('an unknown name, a wrong code and an expired one can’t be told apart', async () => {
    const unknown = await activate('nobody.here', 'AAAA-BBBB', PASSWORD);
    const wrong = await activate(FIRST_ADMINISTRATOR, 'AAAA-BBBB', PASSWORD);
    expect(wrong.text).toBe(unknown.text);
    expect([wrong.status, wrong.code]).toEqual([409, 'ACTIVATION_CODE_INVALID']);
  });

  test('grows hospital, sub-district, clinic with its terminal, and people who can sign in', async () => {
    const [hospitalId, subDistrictId, locationId] = [randomUUID(), randomUUID(), randomUUID()];
    const organization = (organizationId: string, kind: string, zh: string) =>
      write(administrator, 'PUT', `/administration/organizations/${organizationId}`, {
        version: null,
        kind,
        name: { zh, en: '' },
        phone: '',
      });
    (await organization(hospitalId, 'hospital', '市第一医院')).read(OrganizationEntry);
    (await organization(subDistrictId, 'sub-district', '玉泉街道')).read(OrganizationEntry);
    const clinic = (
      await write(administrator, 'PUT', `/administration/clinics/${locationId}`, {
        version: null,
        organizationId: subDistrictId,
        name: { zh: '玉泉社区卫生服务站', en: '' },
        address: '玉泉路 1 号',
        phone: '',
        active: true,
      })
    ).read(ClinicEntry);
    expect(clinic).toMatchObject({ version: 1, terminals: 1, active: true });
    const { terminals } = (await administrator.get('/terminals')).read(z.object({ terminals: z.array(Terminal) }));
    expect(terminals.map(({ locationName, status }) => [locationName.zh, status])).toEqual([
      ['玉泉社区卫生服务站', 'unenrolled'],
    ]);

    const directory = (await administrator.get('/administration')).read(DirectoryView);
    const department = directory.departments[0]?.code;
    const person = { nameEn: '', gender: 'female', organizationId: null, locationId: null, departmentCode: null };
    const title = { zh: '主任医师', en: '' };
    const specialist = (
      await write(administrator, 'PUT', `/administration/staff/${randomUUID()}`, {
        ...person,
        username: 'Wang.Fang',
        name: '王芳',
        role: 'specialist',
        organizationId: hospitalId,
        departmentCode: department,
        title,
      })
    ).read(ActivationCodeIssued);
    expect(specialist.username).toBe('wang.fang');
    const nurse = (
      await write(administrator, 'PUT', `/administration/staff/${randomUUID()}`, {
        ...person,
        username: 'li.na',
        name: '李娜',
        role: 'nurse',
        locationId,
        title: { zh: '护士', en: '' },
      })
    ).read(ActivationCodeIssued);
    expect((await activate('wang.fang', specialist.code, PASSWORD)).status).toBe(200);
    expect((await activate('li.na', nurse.code, PASSWORD)).status).toBe(200);
    const doctor = await firstSignIn('console', 'wang.fang', PASSWORD);
    expect((await doctor.get('/queue')).status).toBe(200);
    const desk = await firstSignIn('terminal', 'li.na', PASSWORD);
    expect((await desk.get('/worklist')).status).toBe(200);
  });
});

describe('administration', () => {
  const member = async (username: string): Promise<StaffMember> => {
    const { staff } = (await administrator.get('/administration/staff')).read(Staff);
    const found = staff.find((one) => one.username === username);
    if (found === undefined) throw new RangeError(username);
    return found;
  };

  test('a user name is given out once, a role needs its place, and a repeated request makes nobody twice', async () => {
    const input = {
      username: 'li.na',
      name: '李娜',
      nameEn: '',
      gender: 'female',
      role: 'nurse',
      organizationId: null,
      locationId: null,
      departmentCode: null,
      title: { zh: '', en: '' },
    };
    const add = (body: object, id: string = randomUUID()) =>
      write(administrator, 'PUT', `/administration/staff/${id}`, body);
    expect((await add(input)).code).toBe('BAD_REQUEST');
    const { clinics } = (await administrator.get('/administration')).read(DirectoryView);
    const locationId = clinics[0]?.locationId;
    expect((await add({ ...input, locationId })).code).toBe('USERNAME_TAKEN');
    const id = randomUUID();
    const other = { ...input, locationId, username: 'zhao.min' };
    expect((await add(other, id)).status).toBe(200);
    expect((await add(other, id)).code).toBe('USERNAME_TAKEN');
    expect((await query("SELECT FROM practitioner WHERE name = '李娜'")).length).toBe(2);
  });

  test('what somebody else changed meanwhile is not overwritten', async () => {
    const { organizations } = (await administrator.get('/administration')).read(DirectoryView);
    const hospital = organizations.find(({ kind }) => kind === 'hospital');
    const save = (zh: string) =>
      write(administrator, 'PUT', `/administration/organizations/${hospital?.organizationId}`, {
        version: hospital?.version,
        kind: 'hospital',
        name: { zh, en: '' },
        phone: '',
      });
    expect((await save('市第一人民医院')).read(OrganizationEntry).version).toBe((hospital?.version ?? 0) + 1);
    expect((await save('别的名字')).code).toBe('VERSION_CONFLICT');
  });

  test('nobody withdraws, resets or re-activates themselves', async () => {
    const own = await member(FIRST_ADMINISTRATOR);
    expect(own.isSelf).toBe(true);
    const path = `/administration/staff/${own.practitionerRoleId}`;
    const { version } = own;
    for (const answer of [
      await write(administrator, 'PUT', `${path}/active`, { version, active: false }),
      await write(administrator, 'DELETE', `${path}/second-factor`),
      await write(administrator, 'POST', `${path}/activation-code`),
    ]) {
      expect([answer.status, answer.code, answer.reason]).toEqual([403, 'FORBIDDEN', 'self']);
    }
  });

  test('a lost authenticator: sessions end, and the next sign-in can only register another one', async () => {
    const { practitionerRoleId } = await member('li.na');
    const answer = await write(administrator, 'DELETE', `/administration/staff/${practitionerRoleId}/second-factor`);
    expect(answer.read(StaffMember).secondFactor).toBe(false);
    await firstSignIn('terminal', 'li.na', PASSWORD);
  });

  test('a withdrawn role is out at once, and back when it is given back', async () => {
    const doctor = new WebClient(stack.url, 'console');
    const { practitionerRoleId } = await member('wang.fang');
    await write(administrator, 'DELETE', `/administration/staff/${practitionerRoleId}/second-factor`);
    await doctor.post('/session/staff', { username: 'wang.fang', password: PASSWORD });
    const before = await member('wang.fang');
    const set = (version: number, active: boolean) =>
      write(administrator, 'PUT', `/administration/staff/${practitionerRoleId}/active`, { version, active });
    expect((await set(before.version, false)).read(StaffMember).active).toBe(false);
    expect((await doctor.get('/queue')).code).toBe('UNAUTHENTICATED');
    expect((await doctor.post('/session/staff', { username: 'wang.fang', password: PASSWORD })).code).toBe('FORBIDDEN');
    expect((await set(before.version, true)).code).toBe('VERSION_CONFLICT');
    expect((await set(before.version + 1, true)).read(StaffMember).active).toBe(true);
  });

  test('only the district’s administrator comes in, and every change is in the trail', async () => {
    const desk = await firstSignInAgain('zhao.min');
    for (const path of ['/administration', '/administration/staff']) {
      expect([path, (await desk.get(path)).code]).toEqual([path, 'FORBIDDEN']);
    }
    const actions = await query('SELECT DISTINCT action FROM audit_event');
    const known = actions.map(({ action }) => action);
    expect(known).toEqual(
      expect.arrayContaining([
        'foundation:lay',
        'account:activate',
        'organization:add',
        'organization:change',
        'clinic:add',
        'staff:add',
        'staff:issue-activation-code',
        'staff:reset-second-factor',
        'staff:withdraw-role',
        'staff:restore-role',
      ]),
    );
  });

  /** With a second code, as after a forgotten password. */
  async function firstSignInAgain(username: string): Promise<WebClient> {
    const { practitionerRoleId } = await member(username);
    const path = `/administration/staff/${practitionerRoleId}/activation-code`;
    const { code } = (await write(administrator, 'POST', path)).read(ActivationCodeIssued);
    expect((await activate(username, code, PASSWORD)).status).toBe(200);
    return firstSignIn('terminal', username, PASSWORD);
  }
});
