import { afterEach, expect, test } from 'vitest';
import { newRoomId, TestNode, TestPeer } from './support.ts';

let node: TestNode | undefined;
afterEach(async () => {
  await node?.close();
  node = undefined;
});

test('a draining node tells every replica, keeps its rooms, takes no new ones, and ends when it is empty', async () => {
  node = await TestNode.start({ drainDeadlineMs: 20_000 });
  const [link, idle] = [await node.link(), await node.link()];
  const roomId = newRoomId();
  const peer = new TestPeer(link, roomId);
  const joined = await peer.join();

  await link.request('node:drain', {});
  expect((await idle.notification('node:draining')).remainingMs).toBeGreaterThan(10_000);
  await expect(new TestPeer(link, newRoomId()).join()).rejects.toMatchObject({ code: 'MEDIA_UNAVAILABLE' });
  // Who is here stays and may be joined.
  await peer.produceAudio(joined.sendTransport.transportId);
  await new TestPeer(link, roomId).join();
  // A replica that comes now learns it too.
  await (await node.link()).notification('node:draining');
  expect(link.heard).not.toContain('room:closed');

  await link.request('room:close', { roomId, epoch: 1, reason: 'drain' });
  await node.node.ended;
  expect(await link.closed).toBe(1001);
});

test('at the deadline what is left is closed with the reason', async () => {
  node = await TestNode.start({ drainDeadlineMs: 300 });
  const link = await node.link();
  const roomId = newRoomId();
  await new TestPeer(link, roomId).join();
  const drained = node.node.drain();
  expect(await link.notification('room:closed')).toEqual({ roomId, epoch: 1, reason: 'drain' });
  await drained;
  await node.node.ended;
});

test('a room that is moved away tells the other replicas that it drains', async () => {
  node = await TestNode.start();
  const [mover, other] = [await node.link(), await node.link()];
  const roomId = newRoomId();
  await new TestPeer(mover, roomId).join();
  await new TestPeer(other, roomId).join();
  await mover.request('room:close', { roomId, epoch: 1, reason: 'drain' });
  expect(await other.notification('room:closed')).toEqual({ roomId, epoch: 1, reason: 'drain' });
  expect(mover.heard).not.toContain('room:closed');
});

test('an empty node ends at once, and ending twice is ending once', async () => {
  node = await TestNode.start();
  const { node: ending } = node;
  await Promise.all([ending.drain(), ending.close(), ending.close()]);
  await ending.ended;
  expect(ending.workerPids()).toEqual([]);
});
