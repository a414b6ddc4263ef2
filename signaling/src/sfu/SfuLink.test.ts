import { createHmac, randomUUID } from 'node:crypto';
import { LINK_CLOSE_CODE, LinkFrame } from '@cloud-hospital/protocol/sfu';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { SfuLink, type SfuNotification } from './SfuLink.ts';

const SECRET = 'a secret that both ends know, 32+';
const NODE_ID = 'sfu-1';

interface FakeNodeOptions {
  readonly secret?: string;
  readonly answersPings?: boolean;
  readonly onRequest?: (socket: WebSocket, frame: Extract<LinkFrame, { type: 'request' }>) => void;
}

let server: WebSocketServer;
let link: SfuLink | undefined;
let closeCodes: number[];
const up = vi.fn<(link: SfuLink) => void>();
const dead = vi.fn<(link: SfuLink) => void>();
const notifications: SfuNotification[] = [];

beforeEach(async () => {
  vi.clearAllMocks();
  notifications.length = 0;
  closeCodes = [];
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
});
afterEach(() => {
  link?.close();
  for (const client of server.clients) client.terminate();
  server.close();
});

function serve({ secret = SECRET, answersPings = true, onRequest }: FakeNodeOptions = {}): void {
  server.on('connection', (socket) => {
    const say = (frame: unknown): void => socket.send(JSON.stringify(frame));
    socket.on('close', (code) => closeCodes.push(code));
    say({ type: 'hello', nodeId: NODE_ID, incarnation: randomUUID(), nonce: 'n'.repeat(64) });
    socket.on('message', (raw: Buffer) => {
      const frame = LinkFrame.parse(JSON.parse(raw.toString()));
      if (frame.type === 'authenticate') {
        const proof = createHmac('sha256', secret).update(frame.nonce).update(NODE_ID).digest('hex');
        say({ type: 'welcome', proof });
      }
      if (frame.type === 'ping' && answersPings) say({ type: 'pong', sequence: frame.sequence });
      if (frame.type === 'request') onRequest?.(socket, frame);
    });
  });
}

function open(): SfuLink {
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  link = new SfuLink({
    url: `ws://127.0.0.1:${address.port}`,
    secret: SECRET,
    replicaId: randomUUID(),
    log: pino({ level: 'silent' }),
    onUp: up,
    onDead: dead,
    onNotification: (_link, notification) => notifications.push(notification),
  });
  return link;
}

describe('the control link', () => {
  it('is up when both ends have proved themselves', async () => {
    serve();
    const opened = open();
    await vi.waitFor(() => expect(opened.isUp).toBe(true));
    expect(opened.identity?.nodeId).toBe(NODE_ID);
    expect(up).toHaveBeenCalledOnce();
  });

  it('never trusts a node that does not know the secret', async () => {
    serve({ secret: 'another secret of the same length' });
    const opened = open();
    await vi.waitFor(() => expect(closeCodes).toContain(LINK_CLOSE_CODE.AUTHENTICATION_FAILED));
    expect(opened.isUp).toBe(false);
    await expect(opened.request('node:inventory', {})).rejects.toMatchObject({ code: 'MEDIA_UNAVAILABLE' });
  });

  it('gives a node up that accepts and says nothing, and one that is not there', async () => {
    const opened = open();
    await vi.waitFor(() => expect(dead).toHaveBeenCalledOnce(), { timeout: 2_000 });
    expect(opened.isDead).toBe(true);
  });

  it('gives a node up that stops answering, and fails what waits for it', async () => {
    serve({ answersPings: false });
    const opened = open();
    await vi.waitFor(() => expect(opened.isUp).toBe(true));
    const started = performance.now();
    await expect(opened.request('node:inventory', {}, 10_000)).rejects.toMatchObject({ code: 'MEDIA_UNAVAILABLE' });
    expect(performance.now() - started).toBeLessThan(3_500);
  });

  it('says an answer that never comes in time', async () => {
    serve();
    const opened = open();
    await vi.waitFor(() => expect(opened.isUp).toBe(true));
    await expect(opened.request('node:inventory', {}, 50)).rejects.toMatchObject({ code: 'TIMEOUT' });
  });

  it('passes coded errors on and refuses answers of another shape', async () => {
    serve({
      onRequest: (socket, { requestId, name }) => {
        const answer =
          name === 'node:drain'
            ? { type: 'failure', requestId, ok: false, error: { code: 'STALE_EPOCH', details: { epoch: 3 } } }
            : { type: 'response', requestId, ok: true, data: { rooms: 'many' } };
        socket.send(JSON.stringify(answer));
      },
    });
    const opened = open();
    await vi.waitFor(() => expect(opened.isUp).toBe(true));
    await expect(opened.request('node:drain', {})).rejects.toMatchObject({
      code: 'STALE_EPOCH',
      details: { epoch: 3 },
    });
    await expect(opened.request('node:inventory', {})).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('lets whoever awaits an answer go on before the notification behind it is read', async () => {
    serve({
      onRequest: (socket, { requestId }) => {
        socket.send(JSON.stringify({ type: 'response', requestId, ok: true, data: { rooms: [] } }));
        const data = { remainingMs: 1 };
        socket.send(JSON.stringify({ type: 'notification', name: 'node:draining', data }));
        socket.send(JSON.stringify({ type: 'notification', name: 'node:from-the-future', data }));
        socket.send(JSON.stringify({ type: 'notification', name: 'node:draining', data: {} }));
      },
    });
    const opened = open();
    await vi.waitFor(() => expect(opened.isUp).toBe(true));
    await opened.request('node:inventory', {});
    expect(notifications).toEqual([]);
    await vi.waitFor(() => expect(notifications).toHaveLength(1));
    expect(opened.isUp).toBe(true);
  });

  it('ends over a frame that is none', async () => {
    serve({ onRequest: (socket) => socket.send('nonsense') });
    const opened = open();
    await vi.waitFor(() => expect(opened.isUp).toBe(true));
    await expect(opened.request('node:inventory', {})).rejects.toMatchObject({ code: 'MEDIA_UNAVAILABLE' });
    expect(closeCodes).toContain(LINK_CLOSE_CODE.MALFORMED_FRAME);
  });
});
