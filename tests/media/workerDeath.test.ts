import type { TransportParameters } from '@cloud-hospital/protocol/sfu';
import { createLogger } from '@cloud-hospital/sfu/logger';
import { afterEach, expect, test, vi } from 'vitest';
import { freePort } from '../../infra/src/system/ports.ts';
import { MediaWorker } from '../../sfu/src/workers/MediaWorker.ts';
import { newRoomId, opusParameters, TestNode, TestPeer } from './support.ts';

let node: TestNode | undefined;
afterEach(async () => {
  await node?.close();
  node = undefined;
});

const pidAt = (started: TestNode, index: number): number =>
  started.node.workerPids()[index] ?? expect.fail(`no worker ${index}`);

test('a killed worker closes its rooms for everyone and comes back; other workers notice nothing', async () => {
  node = await TestNode.start({ workers: 2 });
  const [first, second] = [await node.link(), await node.link()];
  const [doomed, spared] = [newRoomId(), newRoomId()];
  const peer = new TestPeer(first, doomed);
  const { sendTransport } = await peer.join();
  await new TestPeer(second, doomed).join();
  // Fewest rooms first: the second room lies on the second worker.
  const survivor = new TestPeer(first, spared);
  const joined = await survivor.join();
  expect(joined.sendTransport.iceCandidates[0]?.port).not.toBe(sendTransport.iceCandidates[0]?.port);

  const killed = pidAt(node, 0);
  process.kill(killed, 'SIGKILL');
  const closed = { roomId: doomed, epoch: 1, reason: 'worker-died' };
  expect(await first.notification('room:closed')).toEqual(closed);
  expect(await second.notification('room:closed')).toEqual(closed);
  // One message says it, not one for each Consumer and peer.
  expect(first.heard.filter((name) => name.endsWith(':closed'))).toEqual(['room:closed']);

  await survivor.produceAudio(joined.sendTransport.transportId);
  await expect(first.request('peer:stats', peer.address)).rejects.toMatchObject({ code: 'NOT_JOINED' });
  const { node: restarting } = node;
  await vi.waitFor(() => expect(restarting.workerPids()).toHaveLength(2), { timeout: 5_000 });
  expect(restarting.workerPids()).not.toContain(killed);
  expect(await restarting.metrics.registry.metrics()).toContain('sfu_worker_deaths_total 1');
});

test('a worker comes back on its own port, so that firewalls need no wider hole', async () => {
  const basePort = await freePort();
  node = await TestNode.start({ rtc: { listenIp: '127.0.0.1', announcedAddress: 'media.example', basePort } });
  const link = await node.link();
  const roomId = newRoomId();
  const addressOf = (joined: { sendTransport: TransportParameters }) =>
    joined.sendTransport.iceCandidates.map(({ address, port }) => `${address}:${port}`);
  const expected = [`media.example:${basePort}`, `media.example:${basePort}`];
  expect(addressOf(await new TestPeer(link, roomId, 1).join())).toEqual(expected);
  process.kill(pidAt(node, 0), 'SIGKILL');
  await link.notification('room:closed');
  expect(addressOf(await new TestPeer(link, roomId, 2).join())).toEqual(expected);
});

test('with its only worker killed a node waits for the new one instead of refusing a join', async () => {
  node = await TestNode.start({ workers: 1 });
  const link = await node.link();
  const roomId = newRoomId();
  await new TestPeer(link, roomId, 1).join();
  process.kill(pidAt(node, 0), 'SIGKILL');
  await link.notification('room:closed');
  const { state } = await new TestPeer(link, roomId, 2).join();
  expect(state.rights).toBe('active');
});

test('a worker that hangs is killed and replaced', async () => {
  node = await TestNode.start({ workers: 1 });
  const link = await node.link();
  const roomId = newRoomId();
  await new TestPeer(link, roomId).join();
  process.kill(pidAt(node, 0), 'SIGSTOP');
  expect(await link.notification('room:closed', undefined, 15_000)).toMatchObject({ roomId, reason: 'worker-died' });
  await new TestPeer(link, roomId, 2).join();
}, 30_000);

test('a worker whose channel broke is killed and replaced, for not even a closing reaches it', async () => {
  // Behind the node's back, because its own checks let nothing through that does this: a fraction where mediasoup
  // packs an integer throws while the message is half written, and every later message is refused.
  const deaths = Promise.withResolvers<void>();
  const worker = await MediaWorker.start(
    {
      index: 0,
      listenIp: '127.0.0.1',
      announcedAddress: undefined,
      port: 0,
      workerBin: process.env.MEDIASOUP_WORKER_BIN,
      logger: createLogger('silent', {}),
    },
    () => {
      deaths.resolve();
    },
  );
  const router = await worker.createRouter();
  const transport = await router.createWebRtcTransport({ webRtcServer: worker.webRtcServer });
  const rtpParameters = { ...opusParameters(), encodings: [{ ssrc: 1, maxBitrate: 1.5 }] };
  await expect(transport.produce({ kind: 'audio', rtpParameters })).rejects.toThrow(RangeError);
  await expect(worker.createRouter()).rejects.toThrow(/nested/);
  worker.probe(false);
  await deaths.promise;
});

test('a node whose worker cannot start says so and leaves nothing running', async () => {
  await expect(TestNode.start({ workerBin: '/nonexistent/mediasoup-worker' })).rejects.toThrow(/ENOENT/);
});

test('SIGTERM of the process is left to the node: mediasoup does not close workers on its own', async () => {
  const before = process.listenerCount('SIGTERM');
  node = await TestNode.start({ workers: 2 });
  expect(process.listenerCount('SIGTERM')).toBe(before);
});
