import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newRoomId, TestNode, TestPeer } from './support.ts';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start({ workers: 2, ghostAfterMs: 400 });
});
afterAll(() => node.close());

describe('the epoch of a room', () => {
  test('that is old is refused on every request', async () => {
    const link = await node.link();
    const roomId = newRoomId();
    const current = new TestPeer(link, roomId, 7);
    await current.join();
    const late = new TestPeer(link, roomId, 6);
    await expect(late.join()).rejects.toMatchObject({ code: 'STALE_EPOCH' });
    const stale = { ...current.address, epoch: 6 };
    await expect(link.request('peer:set-rights', { ...stale, rights: 'active' })).rejects.toMatchObject({
      code: 'STALE_EPOCH',
    });
    await expect(link.request('room:close', { ...stale, reason: 'ended' })).rejects.toMatchObject({
      code: 'STALE_EPOCH',
    });
  });

  test('that is newer supersedes the room of an older one', async () => {
    const [link, other] = [await node.link(), await node.link()];
    const roomId = newRoomId();
    const old = new TestPeer(other, roomId, 1);
    await old.join();
    await new TestPeer(link, roomId, 2).join();
    expect(await other.notification('room:closed')).toEqual({ roomId, epoch: 1, reason: 'superseded' });
    await expect(other.request('peer:stats', old.address)).rejects.toMatchObject({ code: 'STALE_EPOCH' });
  });

  test('is remembered after the room has closed', async () => {
    const link = await node.link();
    const roomId = newRoomId();
    await new TestPeer(link, roomId, 5).join();
    await link.request('room:close', { roomId, epoch: 5, reason: 'ended' });
    await link.request('room:close', { roomId, epoch: 5, reason: 'ended' });
    await expect(new TestPeer(link, roomId, 4).join()).rejects.toMatchObject({ code: 'STALE_EPOCH' });
    await new TestPeer(link, roomId, 5).join();
  });

  test('that is not here yet means: not joined', async () => {
    const link = await node.link();
    const peer = new TestPeer(link, newRoomId(), 3);
    await expect(link.request('peer:stats', peer.address)).rejects.toMatchObject({ code: 'NOT_JOINED' });
    await peer.join();
    const ahead = { ...peer.address, epoch: 4 };
    await expect(link.request('peer:stats', ahead)).rejects.toMatchObject({ code: 'NOT_JOINED' });
  });
});

test('ten peers that join at once meet in one room', async () => {
  const link = await node.link();
  const roomId = newRoomId();
  const peers = Array.from({ length: 10 }, () => new TestPeer(link, roomId));
  await Promise.all(peers.map((peer) => peer.join()));
  const { rooms } = await link.request('node:inventory', {});
  const here = rooms.filter((room) => room.roomId === roomId);
  expect(here).toHaveLength(1);
  expect(here[0]?.peers).toHaveLength(10);
});

test('of ten crossing joins of one peer one is left', async () => {
  const link = await node.link();
  const roomId = newRoomId();
  const peer = new TestPeer(link, roomId);
  const joins = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) => peer.join({ attachment: index + 1 })),
  );
  expect(joins.at(-1)?.status).toBe('fulfilled');
  const { rooms } = await link.request('node:inventory', {});
  expect(rooms.find((room) => room.roomId === roomId)?.peers).toHaveLength(1);
});

test('rooms spread over the workers', async () => {
  const link = await node.link();
  const ports = new Set<number>();
  for (let count = 0; count < 4; count += 1) {
    const { sendTransport } = await new TestPeer(link, newRoomId()).join();
    ports.add(sendTransport.iceCandidates[0]?.port ?? 0);
  }
  expect(ports.size).toBe(2);
});

describe('notifications', () => {
  test('go to the replica that attached last', async () => {
    const [first, second] = [await node.link(), await node.link()];
    const roomId = newRoomId();
    const [alice, bob] = [new TestPeer(first, roomId), new TestPeer(first, roomId)];
    const a = await alice.join();
    await bob.join();
    const state = await second.request('peer:attach', { ...bob.address, attachment: 2 });
    expect(state.peers).toMatchObject([{ peerId: alice.peerId }]);

    const { producerId, consumers } = await alice.produceAudio(a.sendTransport.transportId);
    expect(consumers).toMatchObject([{ peerId: bob.peerId, consumer: { producerId } }]);
    const created = await second.notification('consumer:created');
    expect(created).toMatchObject({ peerId: bob.peerId, consumer: consumers[0]?.consumer });
    await first.request('producer:pause', { ...alice.address, producerId });
    await second.notification('consumer:paused');
    expect(first.heard).not.toContain('consumer:created');
    expect(first.heard).not.toContain('consumer:paused');
  });

  test('cannot be taken back by a replica with an older attachment', async () => {
    const [first, second] = [await node.link(), await node.link()];
    const peer = new TestPeer(first, newRoomId());
    await peer.join({ attachment: 1 });
    await second.request('peer:attach', { ...peer.address, attachment: 3 });
    await expect(first.request('peer:attach', { ...peer.address, attachment: 2 })).rejects.toMatchObject({
      code: 'ATTACHED_ELSEWHERE',
    });
    await expect(peer.join({ attachment: 2 })).rejects.toMatchObject({ code: 'ATTACHED_ELSEWHERE' });
  });

  test('tell the older replica that a newer join over another one replaced its peer', async () => {
    const [first, second] = [await node.link(), await node.link()];
    const peer = new TestPeer(first, newRoomId());
    await peer.join();
    await new TestPeer(second, peer.roomId, peer.epoch, peer.peerId).join({ attachment: 2 });
    expect(await first.notification('peer:closed')).toMatchObject({ peerId: peer.peerId, reason: 'replaced' });
    expect(second.heard).not.toContain('peer:closed');
  });

  test('tell a replica at once when another one changed the rights of its peer', async () => {
    const [terminal, console_] = [await node.link(), await node.link()];
    const roomId = newRoomId();
    const patient = new TestPeer(terminal, roomId);
    const specialist = new TestPeer(console_, roomId);
    const p = await patient.join();
    await specialist.join({ rights: 'parked' });
    await terminal.notification('peer:joined', ({ peerId }) => peerId === specialist.peerId);
    const { producerId } = await patient.produceVideo(p.sendTransport.transportId);

    const answer = await terminal.request('peer:set-rights', { ...specialist.address, rights: 'active' });
    const told = await console_.notification('peer:rights-changed');
    expect(told).toMatchObject({ peerId: specialist.peerId, rights: 'active', consumers: [{ producerId }] });
    expect(told.consumers).toEqual(answer.consumers);
    expect(console_.heard).not.toContain('consumer:created');
  });

  test('find a replica whose link came back under the same id', async () => {
    const [first, second] = [await node.link(), await node.link()];
    const roomId = newRoomId();
    const [alice, bob] = [new TestPeer(first, roomId), new TestPeer(second, roomId)];
    const a = await alice.join();
    await bob.join();
    await second.close();
    const back = await node.link(second.replicaId);
    await alice.produceAudio(a.sendTransport.transportId);
    expect(await back.notification('consumer:created')).toMatchObject({ peerId: bob.peerId });
  });
});

test('a peer without ICE whose replica is gone is closed as a ghost; one that a replica holds is not', async () => {
  const [staying, leaving] = [await node.link(), await node.link()];
  const roomId = newRoomId();
  const held = new TestPeer(staying, roomId);
  const ghost = new TestPeer(leaving, roomId);
  await held.join();
  await ghost.join();
  await leaving.close();
  expect(await staying.notification('peer:closed')).toMatchObject({ peerId: ghost.peerId, reason: 'ghost' });
  const { rooms } = await staying.request('node:inventory', {});
  expect(rooms.find((room) => room.roomId === roomId)?.peers.map(({ peerId }) => peerId)).toEqual([held.peerId]);
});
