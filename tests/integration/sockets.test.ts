import { connect } from 'node:net';
import { randomBytes, randomUUID } from 'node:crypto';
import { PROTOCOL_VERSION } from '@cloud-hospital/protocol';
import { SOCKET_PATH } from '@cloud-hospital/protocol/socket';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { SYSTEM } from '../../signaling/src/domain/Actor.ts';
import { Browser } from '../support/Browser.ts';
import { CallDistrict, type Clinic } from '../support/callDistrict.ts';
import { type Replica, startReplica } from '../support/replica.ts';
import { createTestDatabase, createTestRedis, type TestDatabase } from '../support/testDatabase.ts';

let database: TestDatabase;
let replica: Replica;
let district: CallDistrict;
let clinic: Clinic;
beforeAll(async () => {
  database = await createTestDatabase();
  replica = await startReplica({ database, redis: await createTestRedis() });
  district = new CallDistrict(replica.services);
  clinic = await district.clinic();
});
afterAll(async () => {
  await replica?.stop();
  await database?.drop();
});

const asSystem = { agent: SYSTEM, requestId: 'test' };

/** Speaks Engine.IO by hand, for what no client library would send. */
async function rawBrowser(): Promise<WebSocket> {
  const socket = new WebSocket(`${replica.url.replace('http', 'ws')}${SOCKET_PATH}/?EIO=4&transport=websocket`, {
    headers: { origin: replica.url, cookie: clinic.terminal.cookie },
  });
  const instanceId = randomUUID();
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith('0')) {
        socket.send(`40${JSON.stringify({ protocolVersion: PROTOCOL_VERSION, face: 'terminal', instanceId })}`);
      }
      if (text === '2') socket.send('3');
      if (text.startsWith('40')) resolve();
    });
  });
  return socket;
}

describe('connecting', () => {
  test('without a session is refused before any event', async () => {
    await expect(Browser.connect(replica.url, undefined)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    const forged = { cookie: `ch_terminal=${randomBytes(32).toString('base64url')}`, sessionId: '', face: 'terminal' };
    await expect(Browser.connect(replica.url, forged as never)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('from a page of another origin is refused', async () => {
    const attempt = Browser.connect(replica.url, clinic.terminal, { origin: 'https://evil.example' });
    await expect(attempt).rejects.toThrow('websocket error');
  });

  test('with an outdated protocol says so, with a handshake of another shape too', async () => {
    const auth = { protocolVersion: 0, face: 'terminal', instanceId: randomUUID() };
    const outdated = Browser.connect(replica.url, clinic.terminal, { auth });
    await expect(outdated).rejects.toMatchObject({ code: 'PROTOCOL_OUTDATED' });
    const shapeless = Browser.connect(replica.url, clinic.terminal, { auth: { face: 'ceo' } });
    await expect(shapeless).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  test('under another face of the product finds no session there', async () => {
    const attempt = Browser.connect(replica.url, { ...clinic.terminal, face: 'console' });
    await expect(attempt).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('too often from one address is refused for strangers and not for the clinic', async () => {
    const guarded = await startReplica({
      database,
      redis: await createTestRedis(),
      env: { SOCKETS_PER_ADDRESS: '5' },
    });
    const strangers: WebSocket[] = [];
    const open = (headers: Record<string, string>) =>
      new Promise<WebSocket>((resolve, reject) => {
        const url = `${guarded.url.replace('http', 'ws')}${SOCKET_PATH}/?EIO=4&transport=websocket`;
        const socket = new WebSocket(url, { headers: { origin: guarded.url, ...headers } });
        socket.on('open', () => resolve(socket));
        socket.on('error', reject);
      });
    for (let index = 0; index < 5; index += 1) strangers.push(await open({}));
    await expect(open({})).rejects.toThrow('Unexpected server response');
    const terminal = await Browser.connect(guarded.url, clinic.terminal);
    terminal.close();
    for (const stranger of strangers) stranger.close();
    await vi.waitFor(async () => (await open({})).close(), { timeout: 3_000 });
    await guarded.stop();
  });
});

describe('what a browser sends', () => {
  test('is refused with a code, never with a crash: unknown names, wrong types, polluted objects', async () => {
    const browser = await Browser.connect(replica.url, clinic.terminal);
    const inRoom = { roomId: randomUUID(), epoch: 1 };
    const cases: [string, unknown, string][] = [
      ['room:explode', {}, 'BAD_REQUEST'],
      ['__proto__', {}, 'BAD_REQUEST'],
      ['constructor', {}, 'BAD_REQUEST'],
      ['room:join', null, 'BAD_REQUEST'],
      ['room:join', 'x', 'BAD_REQUEST'],
      ['room:join', [], 'BAD_REQUEST'],
      ['room:join', { encounterId: '1 OR 1=1', instanceId: randomUUID() }, 'BAD_REQUEST'],
      ['room:join', { encounterId: { $ne: null }, instanceId: randomUUID() }, 'BAD_REQUEST'],
      ['producer:create', { ...inRoom, kind: 'smell' }, 'BAD_REQUEST'],
      ['consumer:resume', { roomId: inRoom.roomId, epoch: 0, consumerId: 'c' }, 'BAD_REQUEST'],
      ['consumer:resume', { ...inRoom, consumerId: 'c' }, 'NOT_JOINED'],
    ];
    for (const [name, data, code] of cases) {
      expect(await browser.ask(name, data), name).toMatchObject({ ok: false, error: { code } });
    }
    const polluted = JSON.parse('{"encounterId":"x","__proto__":{"admin":true}}') as object;
    expect(await browser.ask('call:answer', polluted)).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } });
    expect({}).not.toHaveProperty('admin');
    browser.close();
  });

  test('without data or without an ack does no harm', async () => {
    const browser = await Browser.connect(replica.url, clinic.terminal);
    browser.socket.emit('room:join', { encounterId: randomUUID(), instanceId: randomUUID() });
    browser.socket.emit('room:join');
    browser.socket.emit('no:such:thing', 1, 2, 3);
    expect(await browser.ask('call:answer')).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } });
    browser.close();
  });

  test('as an event named like one of the emitter ends nothing', async () => {
    const socket = await rawBrowser();
    for (const packet of ['42["error",{}]', '42["error"]', '42[1,2]', '42["message"]', '42["end"]', '42["close"]']) {
      socket.send(packet);
    }
    socket.send('421["call:answer",{"encounterId":"nonsense"}]');
    const answer = await new Promise<string>((resolve) => {
      socket.on('message', (data: Buffer) => {
        if (data.toString().startsWith('431')) resolve(data.toString());
      });
    });
    expect(answer).toContain('BAD_REQUEST');
    socket.close();
  });

  test.each(['42', '42{"a":1}', '451-["a",{"_placeholder":true,"num":0}]', '4\u0000', '49', '5', 'x'])(
    'as the broken packet %j costs at most its own connection',
    async (packet) => {
      const socket = await rawBrowser();
      socket.send(packet);
      socket.close();
      const other = await Browser.connect(replica.url, clinic.terminal);
      expect(await other.ask('call:answer', {})).toMatchObject({ ok: false });
      other.close();
    },
  );

  test('over 64 kB is cut off', async () => {
    const browser = await Browser.connect(replica.url, clinic.terminal);
    browser.socket.emit('room:join', { encounterId: 'x'.repeat(70_000), instanceId: randomUUID() });
    expect(await browser.disconnected).toBe('transport close');
  });

  test('in a flood is limited, and nonsense in a flood ends the connection', async () => {
    const browser = await Browser.connect(replica.url, clinic.terminal);
    const answers = await Promise.all(
      Array.from({ length: 130 }, () =>
        browser.ask('consumer:resume', { roomId: randomUUID(), epoch: 1, consumerId: 'c' }),
      ),
    );
    const codes = new Set(answers.map((answer) => (answer.ok ? 'ok' : answer.error.code)));
    expect(codes).toEqual(new Set(['NOT_JOINED', 'RATE_LIMITED']));
    browser.close();

    const vandal = await Browser.connect(replica.url, clinic.terminal);
    for (let index = 0; index < 2_000; index += 1) vandal.socket.emit('nonsense', index);
    expect(await vandal.disconnected).toBe('io server disconnect');
  });

  test('beyond the role is forbidden and leaves a trace', async () => {
    const specialist = await district.specialist();
    const doctor = await Browser.connect(replica.url, specialist);
    const answer = doctor.request('call:answer', { encounterId: randomUUID() });
    await expect(answer).rejects.toMatchObject({ code: 'FORBIDDEN' });
    const trace = await replica.services.db
      .selectFrom('audit_event')
      .select('outcome')
      .where('action', '=', 'call:answer')
      .where('actor_role', '=', 'specialist')
      .execute();
    expect(trace).toEqual([{ outcome: 'denied' }]);
    doctor.close();
  });
});

describe('what a browser hears', () => {
  test('is what concerns it: its clinic, its terminal, its account, and nobody else', async () => {
    const other = await district.clinic();
    const [here, there] = await Promise.all([
      Browser.connect(replica.url, clinic.terminal),
      Browser.connect(replica.url, other.terminal),
    ]);
    await replica.services.commands.run(asSystem, async (unit) => {
      unit.emit([`location:${clinic.locationId}`, `device:${clinic.deviceId}`], 'worklist:changed', {});
      unit.emit([`device:${other.deviceId}`], 'inbox:changed', {});
      return Promise.resolve();
    });
    await Promise.all([here.hears('worklist:changed'), there.hears('inbox:changed')]);
    // Two of its topics, one event.
    expect(here.count('worklist:changed')).toBe(1);
    expect(there.count('worklist:changed')).toBe(0);
    expect(here.count('inbox:changed')).toBe(0);
    here.close();
    there.close();
  });

  test('ends with its session, within a moment', async () => {
    const closing = await district.clinic();
    const browser = await Browser.connect(replica.url, closing.terminal);
    await replica.services.commands.run(asSystem, (unit) =>
      replica.services.sessions.end(unit, { deviceId: closing.deviceId }, 'terminal-revoked'),
    );
    expect(await browser.hears('session:ended')).toEqual({ reason: 'terminal-revoked' });
    expect(await browser.disconnected).toBe('io server disconnect');
    await expect(Browser.connect(replica.url, closing.terminal)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  test('ends with its session even when no event said so, within 5 s', async () => {
    const closing = await district.clinic();
    const browser = await Browser.connect(replica.url, closing.terminal);
    await replica.services.db
      .updateTable('session')
      .set({ revoked_at: new Date(), revoke_reason: 'role-removed' })
      .where('id', '=', closing.terminal.sessionId)
      .execute();
    const before = performance.now();
    expect(await browser.hears('session:ended')).toEqual({ reason: 'role-removed' });
    await browser.disconnected;
    expect(performance.now() - before).toBeLessThan(5_000);
  });
});

test('a browser that does not read is cut, and the others hear as before', async () => {
  const reading = await Browser.connect(replica.url, clinic.terminal);
  // A plain TCP socket that completes the handshake, answers pings blindly and never reads again.
  const { port } = new URL(replica.url);
  const stuck = connect(Number(port), '127.0.0.1');
  const auth = JSON.stringify({ protocolVersion: PROTOCOL_VERSION, face: 'terminal', instanceId: randomUUID() });
  const frame = (text: string): Buffer => {
    const payload = Buffer.from(text);
    const length =
      payload.length < 126 ? [0x80 | payload.length] : [0x80 | 126, payload.length >> 8, payload.length & 255];
    // Masked with zeros, as RFC 6455 §5.3 wants a mask from clients.
    return Buffer.concat([Buffer.from([0x81, ...length, 0, 0, 0, 0]), payload]);
  };
  stuck.write(
    [
      `GET ${SOCKET_PATH}/?EIO=4&transport=websocket HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      'Sec-WebSocket-Version: 13',
      `Origin: ${replica.url}`,
      `Cookie: ${clinic.terminal.cookie}`,
      '\r\n',
    ].join('\r\n'),
  );
  const connectedBefore = replica.hub.connected;
  await new Promise((resolve) => stuck.once('data', resolve));
  stuck.write(frame(`40${auth}`));
  await vi.waitFor(() => expect(replica.hub.connected).toBe(connectedBefore + 1));
  stuck.pause();
  const pong = setInterval(() => stuck.write(frame('3')), 500);
  const started = performance.now();
  const padding = 'x'.repeat(20_000);
  let emitted = 0;
  const emitting = setInterval(() => {
    for (let index = 0; index < 20; index += 1) {
      emitted += 1;
      replica.hub.emitToTopics([`location:${clinic.locationId}`], 'inbox:changed', { padding });
    }
  }, 50);
  await vi.waitFor(() => expect(replica.hub.connected).toBe(connectedBefore), { timeout: 25_000, interval: 100 });
  clearInterval(emitting);
  clearInterval(pong);
  expect(performance.now() - started).toBeLessThan(20_000);
  await vi.waitFor(() => expect(reading.count('inbox:changed')).toBe(emitted));
  stuck.destroy();
  reading.close();
});

test('a replica that drains asks its browsers to leave, and lets go of those that stay', async () => {
  const leaving = await startReplica({ database, redis: await createTestRedis() });
  const browser = await Browser.connect(leaving.url, clinic.terminal);
  leaving.hub.drain();
  await browser.hears('server:draining');
  await leaving.stop();
  expect(await browser.disconnected).toBe('io server disconnect');
});
