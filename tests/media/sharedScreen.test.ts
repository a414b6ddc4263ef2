import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstOf, newRoomId, TestNode, TestPeer } from './support.ts';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node.close());

async function twoActivePeers() {
  const link = await node.link();
  const roomId = newRoomId();
  const [alice, bob] = [new TestPeer(link, roomId), new TestPeer(link, roomId)];
  const [a, b] = [await alice.join(), await bob.join()];
  const screensAt = async (peer: TestPeer) =>
    (await link.request('peer:attach', { ...peer.address, attachment: 1 })).consumers.filter(
      ({ source }) => source === 'screen',
    );
  return {
    link,
    alice,
    bob,
    screensAt,
    fromAlice: a.sendTransport.transportId,
    fromBob: b.sendTransport.transportId,
  };
}
const TAKEN = { code: 'LIMIT_REACHED', details: { reason: 'screen-taken' } };

test('a screen comes in layers of frames, so that a weak receiver gets fewer of them and all of their lines', async () => {
  const { alice, fromAlice } = await twoActivePeers();
  const { consumers } = await alice.produceScreen(fromAlice);
  const { consumer } = firstOf(consumers);
  expect(consumer).toMatchObject({ source: 'screen', type: 'svc' });
  expect(consumer.rtpParameters.encodings?.[0]?.scalabilityMode).toBe('L1T3');
});

test('a second screen is refused while one is shared, beside cameras of which any number may be', async () => {
  const { bob, alice, fromAlice, fromBob, screensAt } = await twoActivePeers();
  await alice.produceVideo(fromAlice);
  const { producerId } = await alice.produceScreen(fromAlice);
  await expect(bob.produceScreen(fromBob)).rejects.toMatchObject(TAKEN);
  await bob.produceVideo(fromBob);
  expect(await screensAt(bob)).toMatchObject([{ producerId, peerId: alice.peerId }]);
});

test('of two who begin in the same instant one is refused', async () => {
  const { bob, alice, fromAlice, fromBob, screensAt } = await twoActivePeers();
  const outcomes = await Promise.allSettled([alice.produceScreen(fromAlice, true), bob.produceScreen(fromBob, true)]);
  expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  const seen = [await screensAt(alice), await screensAt(bob)];
  expect(seen.flat()).toHaveLength(1);
});

test('whoever takes over ends the other screen, whose owner is told which and by whom', async () => {
  const { link, bob, alice, fromAlice, fromBob, screensAt } = await twoActivePeers();
  const first = await alice.produceScreen(fromAlice);
  const second = await bob.produceScreen(fromBob, true);
  const told = await link.notification('producer:taken-over', ({ peerId }) => peerId === alice.peerId);
  expect(told).toMatchObject({ producerId: first.producerId, by: bob.peerId });
  await link.notification(
    'consumer:closed',
    ({ consumerId }) => consumerId === firstOf(first.consumers).consumer.consumerId,
  );
  expect(await screensAt(bob)).toEqual([]);
  expect(await screensAt(alice)).toMatchObject([{ producerId: second.producerId, peerId: bob.peerId }]);
});

test.each(['closing it', 'parking', 'leaving'] as const)('%s frees the place for another', async (how) => {
  const { link, bob, alice, fromAlice, fromBob } = await twoActivePeers();
  const { producerId } = await alice.produceScreen(fromAlice);
  if (how === 'closing it') await link.request('producer:close', { ...alice.address, producerId });
  else if (how === 'parking') await link.request('peer:set-rights', { ...alice.address, rights: 'parked' });
  else await link.request('peer:close', { ...alice.address, reason: 'left' });
  await expect(bob.produceScreen(fromBob)).resolves.toMatchObject({ consumers: how === 'closing it' ? [{}] : [] });
});

test('a screen that mediasoup refuses keeps the place of the one that is shared', async () => {
  const { link, bob, alice, fromAlice, fromBob, screensAt } = await twoActivePeers();
  const { producerId } = await alice.produceScreen(fromAlice);
  const nonsense = { ...bob.address, transportId: fromBob, kind: 'video', source: 'screen', takesOver: true } as const;
  const rtpParameters = { codecs: [], encodings: [] };
  await expect(link.requestUnchecked('producer:create', { ...nonsense, rtpParameters })).rejects.toBeDefined();
  expect(await screensAt(bob)).toMatchObject([{ producerId }]);
  await expect(bob.produceScreen(fromBob)).rejects.toMatchObject(TAKEN);
});
