import { randomUUID } from 'node:crypto';
import { LINK_CLOSE_CODE } from '@cloud-hospital/protocol/sfu';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { ControlLinkClient } from '../support/ControlLinkClient.ts';
import { newRoomId, TestNode, TestPeer } from './support.ts';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node.close());

/** A raw socket that ignores the handshake; resolves when the node has closed it. */
async function rawSocket(afterHello: (socket: WebSocket) => void): Promise<number> {
  const socket = new WebSocket(node.node.controlUrl);
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  socket.once('message', () => {
    afterHello(socket);
  });
  socket.on('close', resolve);
  socket.on('error', reject);
  return promise;
}

const joinRequest = () => ({
  type: 'request',
  requestId: 1,
  name: 'peer:join',
  data: { roomId: newRoomId(), epoch: 1, peerId: randomUUID(), attachment: 1, rights: 'active' },
});

describe('before both proofs have crossed', () => {
  test('a wrong secret is refused', async () => {
    await expect(ControlLinkClient.connect(node.node.controlUrl, { secret: 'x'.repeat(64) })).rejects.toThrow(
      String(LINK_CLOSE_CODE.AUTHENTICATION_FAILED),
    );
  });

  test('a request is not answered but ends the connection', async () => {
    const code = await rawSocket((socket) => {
      socket.send(JSON.stringify(joinRequest()));
    });
    expect(code).toBe(LINK_CLOSE_CODE.AUTHENTICATION_FAILED);
    const link = await node.link();
    expect((await link.request('node:inventory', {})).rooms).toEqual([]);
  });

  test('noise ends the connection', async () => {
    for (const noise of ['', 'not json', '[]', 'null', '{"type":"authenticate"}', Buffer.from([0, 255, 1])]) {
      const code = await rawSocket((socket) => {
        socket.send(noise);
      });
      expect(code).toBe(LINK_CLOSE_CODE.AUTHENTICATION_FAILED);
    }
  });

  test('a web page is turned away: whoever sends Origin is a browser', async () => {
    const socket = new WebSocket(node.node.controlUrl, { origin: 'https://evil.example' });
    const { promise, resolve } = Promise.withResolvers<string>();
    socket.on('error', (error) => {
      resolve(error.message);
    });
    expect(await promise).toContain('403');
  });
});

describe('an authenticated replica', () => {
  test('gets coded failures for what it cannot ask', async () => {
    const link = await node.link();
    await expect(link.requestUnchecked('no:such', {})).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(link.requestUnchecked('toString', {})).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(link.requestUnchecked('peer:join', { roomId: 'not-a-uuid' })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
      details: { fields: ['roomId', 'epoch', 'peerId', 'attachment', 'rights'] },
    });
    await expect(link.requestUnchecked('peer:join', undefined)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(link.requestUnchecked(17, {})).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    // And may go on.
    expect(await link.request('node:inventory', {})).toHaveProperty('rooms');
  });

  test('that sends frames which cannot be answered is cut off, and the node lives', async () => {
    const frames = [
      'no json',
      '{}',
      '{"type":"welcome","proof":""}',
      '{"type":"request","requestId":"1"}',
      Buffer.from([1, 2, 3]),
    ];
    for (const frame of frames) {
      const link = await node.link();
      link.sendRaw(frame);
      expect(await link.closed).toBe(LINK_CLOSE_CODE.MALFORMED_FRAME);
    }
    await (await node.link()).request('node:inventory', {});
  });

  test('that sends a huge frame is cut off', async () => {
    const link = await node.link();
    link.sendRaw(JSON.stringify({ type: 'ping', sequence: 1, padding: 'x'.repeat(300_000) }));
    expect(await link.closed).toBe(1009);
  });

  test('that stops answering pings is cut off', async () => {
    const started = performance.now();
    const silent = await ControlLinkClient.connect(node.node.controlUrl, { secret: node.secret, answersPings: false });
    await silent.closed;
    expect(performance.now() - started).toBeLessThan(6_000);
  });

  test('is replaced by its own newer link', async () => {
    const older = await node.link();
    const newer = await node.link(older.replicaId);
    expect(await older.closed).toBe(LINK_CLOSE_CODE.REPLACED);
    await newer.request('node:inventory', {});
  });

  test('may ask many things at once', async () => {
    const link = await node.link();
    const joins = Array.from({ length: 40 }, () => new TestPeer(link, newRoomId()).join());
    expect(await Promise.all(joins)).toHaveLength(40);
  });
});

describe('the control port', () => {
  const get = (path: string, init?: RequestInit) => fetch(node.node.controlUrl.replace('ws:', 'http:') + path, init);

  test('says that it is well', async () => {
    const response = await get('/healthz');
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ nodeId: 'sfu-test', workers: 1, draining: false });
  });

  test('gives its figures to Prometheus, without a word about persons or secrets', async () => {
    const text = await (await get('/metrics')).text();
    expect(text).toMatch(/sfu_requests_total\{name="peer:join",code="OK"\} \d+/);
    expect(text).toMatch(/sfu_links_refused_total\{reason="proof"\} 1/);
    expect(text).not.toContain(node.secret);
  });

  test('has nothing else to say', async () => {
    expect((await get('/')).status).toBe(404);
    expect((await get('/healthz', { method: 'POST' })).status).toBe(405);
  });
});
