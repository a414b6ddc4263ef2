import { createServer, type Server as HttpServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket as TcpSocket } from 'node:net';
import { AppError } from '@cloud-hospital/protocol';
import { SOCKET_PATH } from '@cloud-hospital/protocol/socket';
import { Server, type Socket } from 'socket.io';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SignalClient } from './SignalClient.ts';
import type { SignalState } from './SignalState.ts';

const ENCOUNTER = '00000000-0000-4000-8000-000000000001';
let http: HttpServer;
let io: Server;
let client: SignalClient;
let url: string;

/** A server whose ping interval is short, as signaling's is. */
async function listen(port = 0): Promise<number> {
  http = createServer();
  io = new Server(http, { path: SOCKET_PATH, transports: ['websocket'], pingInterval: 300, pingTimeout: 20_000 });
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  return (http.address() as AddressInfo).port;
}

const stop = () => new Promise<void>((resolve) => void io.close(() => resolve()));

/** All states in order, and how far a test has followed them: a busy machine may pass through one between two looks. */
let states: SignalState['name'][];
let followed: number;
function until(name: SignalState['name'], within = 6_000): Promise<void> {
  return vi.waitFor(
    () => {
      expect(states.slice(followed)).toContain(name);
      followed = states.indexOf(name, followed);
    },
    { timeout: within, interval: 10 },
  );
}

function use(server: string): void {
  client = new SignalClient({ face: 'terminal', url: server });
  states = [client.state.name];
  followed = 0;
  client.onState(({ name }) => states.push(name));
}

beforeEach(async () => {
  url = `http://127.0.0.1:${await listen()}`;
  use(url);
});

afterEach(async () => {
  client.close();
  await stop();
});

const encounterId = ENCOUNTER as Parameters<typeof client.request<'call:answer'>>[1]['encounterId'];

describe('requests', () => {
  test('a request resolves to the parsed data of its answer', async () => {
    io.on('connection', (socket: Socket) => {
      socket.on('call:answer', (data, ack) =>
        ack({ ok: true, data: { answeredAt: '2026-11-23T09:20:00+08:00', ...data } }),
      );
    });
    client.connect();
    const answer = await client.request('call:answer', { encounterId });
    expect(answer).toEqual({ answeredAt: '2026-11-23T09:20:00+08:00' });
  });

  test('a refused request throws the server’s code and details', async () => {
    io.on('connection', (socket: Socket) => {
      socket.on('call:answer', (_data, ack) =>
        ack({ ok: false, error: { code: 'INVALID_TRANSITION', details: { from: 'ended' } } }),
      );
    });
    client.connect();
    await expect(client.request('call:answer', { encounterId })).rejects.toMatchObject({
      code: 'INVALID_TRANSITION',
      details: { from: 'ended' },
    });
  });

  test('an answer that never comes throws TIMEOUT', async () => {
    client.connect();
    await expect(client.request('call:answer', { encounterId }, { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'TIMEOUT',
    });
  });

  test('an answer outside the protocol throws INTERNAL instead of reaching the caller', async () => {
    io.on('connection', (socket: Socket) => {
      socket.on('call:answer', (_data, ack) => ack({ ok: true, data: { answeredAt: 'yesterday' } }));
      socket.on('call:leave', (_data, ack) => ack('ok'));
    });
    client.connect();
    await expect(client.request('call:answer', { encounterId })).rejects.toMatchObject({ code: 'INTERNAL' });
    await expect(client.request('call:leave', { encounterId })).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  test('a request made before the socket is up waits for it, or fails at once when asked to', async () => {
    io.on('connection', (socket: Socket) => socket.on('call:leave', (_data, ack) => ack({ ok: true, data: {} })));
    client.connect();
    const [waited, failed] = await Promise.allSettled([
      client.request('call:leave', { encounterId }),
      client.request('call:leave', { encounterId }, { whenLost: 'fail' }),
    ]);
    expect(waited.status).toBe('fulfilled');
    expect(failed).toMatchObject({ status: 'rejected', reason: expect.any(AppError) });
  });

  test('a request under way when the socket breaks throws UNAVAILABLE at once', async () => {
    io.on('connection', (socket: Socket) => socket.on('call:leave', () => socket.conn.close()));
    client.connect();
    await expect(client.request('call:leave', { encounterId })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

describe('notifications', () => {
  test('are parsed, dispatched and unsubscribed; malformed and unknown ones reach nobody', async () => {
    const heard: unknown[] = [];
    const malformed: string[] = [];
    client.on('call:answered', (data) => heard.push(data));
    const off = client.on('call:ended', (data) => heard.push(data));
    client.onMalformed((name) => malformed.push(name));
    client.connect();
    await until('connected');
    const answered = { encounterId: ENCOUNTER, answeredAt: '2026-11-23T09:20:00+08:00' };
    io.emit('call:answered', answered);
    io.emit('call:answered', { encounterId: 7 });
    io.emit('constructor', {});
    off();
    io.emit('call:ended', { encounterId: ENCOUNTER, reason: 'hung-up' });
    await vi.waitFor(() => expect(malformed).toEqual(['call:answered']));
    expect(heard).toEqual([answered]);
  });
});

describe('connection', () => {
  test('a server that is gone and comes back on the same port is found again, and said so once', async () => {
    let again = 0;
    client.onReconnected(() => {
      again += 1;
    });
    client.connect();
    await until('connected');
    expect(again).toBe(0);
    const port = Number(new URL(url).port);
    await stop();
    await until('lost');
    await listen(port);
    await until('connected', 4_000);
    expect(again).toBe(1);
  });

  test('a broken socket is back by itself while the server lives', async () => {
    client.connect();
    await until('connected');
    for (const socket of io.sockets.sockets.values()) socket.conn.close();
    await until('lost');
    await until('connected');
  });

  test('on a thin line a doubt is no reason to begin anew, and lists wait after the return of the socket', async () => {
    let again = 0;
    client.onReconnected(() => {
      again += 1;
    });
    client.connect();
    await until('connected');
    client.setThin(true);
    client.distrust();
    expect(client.state.name).toBe('connected');
    for (const socket of io.sockets.sockets.values()) socket.conn.close();
    await until('lost');
    await until('connected');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(again).toBe(0);
    client.setThin(false);
    client.setThin(false);
    expect(again).toBe(1);
  });

  test('a refused session is final until connect() is called again', async () => {
    let refuse = true;
    io.use((_socket, next) => {
      next(refuse ? Object.assign(new Error('UNAUTHENTICATED'), { data: { code: 'UNAUTHENTICATED' } }) : undefined);
    });
    client.connect();
    await until('refused');
    expect(client.state).toEqual({ name: 'refused', code: 'UNAUTHENTICATED' });
    refuse = false;
    client.connect();
    await until('connected');
  });

  test('an overloaded server is tried again', async () => {
    let refusals = 0;
    io.use((_socket, next) => {
      refusals += 1;
      next(refusals < 3 ? Object.assign(new Error('x'), { data: { code: 'RATE_LIMITED' } }) : undefined);
    });
    client.connect();
    await until('connected');
    expect(refusals).toBe(3);
  });

  test('a session that the server ended is not asked for again', async () => {
    client.connect();
    await until('connected');
    io.emit('session:ended', { reason: 'revoked' });
    await new Promise((resolve) => setTimeout(resolve, 50));
    io.disconnectSockets(true);
    await until('refused');
  });

  test('close() is idempotent and leaves no socket behind', async () => {
    client.connect();
    await until('connected');
    client.close();
    client.close();
    expect(client.state.name).toBe('closed');
    await vi.waitFor(() => expect(io.sockets.sockets.size).toBe(0));
  });
});

describe('another network', () => {
  test('a first attempt that nobody answers is given up for a second one, not waited for', async () => {
    const target = Number(new URL(url).port);
    const sockets = new Set<TcpSocket>();
    let swallow = 0;
    const proxy = createTcpServer((incoming) => {
      sockets.add(incoming.on('error', () => undefined));
      if (swallow > 0) {
        swallow -= 1;
        return;
      }
      const outgoing = connect(target, '127.0.0.1');
      sockets.add(outgoing.on('error', () => incoming.destroy()));
      incoming.on('close', () => outgoing.destroy()).pipe(outgoing);
      outgoing.pipe(incoming);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    use(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    client.connect();
    await until('connected');
    swallow = 1;
    client.networkChanged();
    await until('lost');
    // The usual patience with an attempt is four seconds.
    await until('connected', 2_500);
    expect(swallow).toBe(0);
    // Said again at once, by whoever else noticed it: the new socket stays.
    client.networkChanged();
    expect(client.state.name).toBe('connected');
    client.close();
    for (const socket of sockets) socket.destroy();
    await new Promise<void>((resolve) => proxy.close(() => resolve()));
  });
});

describe('a frozen server', () => {
  test('is noticed within ping interval + 2.5 s during a call, and left for one that answers', async () => {
    const pairs = new Set<[TcpSocket, TcpSocket]>();
    const target = Number(new URL(url).port);
    const proxy = createTcpServer((incoming) => {
      const outgoing = connect(target, '127.0.0.1');
      incoming.on('error', () => outgoing.destroy()).pipe(outgoing);
      outgoing.on('error', () => incoming.destroy()).pipe(incoming);
      pairs.add([incoming, outgoing]);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    use(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    const stopWatching = client.watchClosely();
    client.connect();
    await until('connected');
    await new Promise((resolve) => setTimeout(resolve, 400));
    const since = performance.now();
    for (const [incoming, outgoing] of pairs) {
      outgoing.unpipe(incoming);
      outgoing.pause();
    }
    await until('lost');
    // Generous for a busy machine; the pings of the transport itself would take far longer.
    expect(performance.now() - since).toBeLessThan(10_000);
    await until('connected');
    stopWatching();
    client.close();
    for (const pair of pairs) for (const socket of pair) socket.destroy();
    await new Promise<void>((resolve) => proxy.close(() => resolve()));
  }, 15_000);
});
