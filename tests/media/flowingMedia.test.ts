import type { TransportParameters } from '@cloud-hospital/protocol/sfu';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MediaTransport, opusStream } from '../support/MediaTransport.ts';
import { firstOf, newRoomId, opusParameters, TestNode, TestPeer } from './support.ts';

const LEVEL_EXTENSION_ID = 10;
const OPUS_PAYLOAD_TYPE = 111;

let node: TestNode;
let transports: MediaTransport[] = [];
beforeEach(async () => {
  node = await TestNode.start({
    bitrates: { maxIncoming: 100_000, initialOutgoing: 600_000, minOutgoing: 50_000 },
  });
});
afterEach(async () => {
  await Promise.all(transports.map((transport) => transport.close()));
  transports = [];
  await node.close();
});

async function connect(peer: TestPeer, parameters: TransportParameters): Promise<MediaTransport> {
  const transport = await MediaTransport.connect(parameters, (dtlsParameters) =>
    peer.link.request('transport:connect', { ...peer.address, transportId: parameters.transportId, dtlsParameters }),
  );
  transports.push(transport);
  return transport;
}

/** Makes a microphone, keeps it sending 50 packets a second, and says what the others consume of it. */
async function speak(peer: TestPeer, transportId: string, sending: MediaTransport, payloadBytes = 60) {
  const rtpParameters = opusParameters();
  const ssrc = firstOf(rtpParameters.encodings ?? []).ssrc ?? 0;
  const { producerId, consumers } = await peer.link.request('producer:create', {
    ...peer.address,
    transportId,
    kind: 'audio',
    source: 'microphone',
    rtpParameters,
  });
  const stream = opusStream(ssrc, OPUS_PAYLOAD_TYPE, LEVEL_EXTENSION_ID);
  sending.stream({ ...stream, payload: Buffer.alloc(payloadBytes, 0x5a) }, 20);
  return { producerId, consumers };
}

/** Two active peers, one speaking to the other over real ICE, DTLS and SRTP. */
async function conversation(epoch = 1, roomId = newRoomId()) {
  const link = await node.link();
  const [alice, bob] = [new TestPeer(link, roomId, epoch), new TestPeer(link, roomId, epoch)];
  const [a, b] = await Promise.all([alice.join(), bob.join()]);
  const [sending, receiving] = await Promise.all([connect(alice, a.sendTransport), connect(bob, b.recvTransport)]);
  const { consumers } = await speak(alice, a.sendTransport.transportId, sending);
  const { consumer } = firstOf(consumers);
  const ssrc = firstOf(consumer.rtpParameters.encodings ?? []).ssrc ?? 0;
  return { link, roomId, alice, bob, a, sending, receiving, consumer, heard: () => receiving.packetsOf(ssrc).length };
}

const flows = async (heard: () => number): Promise<void> => {
  const before = heard();
  await vi.waitFor(() => expect(heard()).toBeGreaterThan(before + 10), { timeout: 5_000 });
};

test('a voice reaches the other peer, the room has begun, and its level is known', async () => {
  const { link, roomId, alice, bob, consumer, heard } = await conversation();
  await link.notification('peer:connection-changed', ({ peerId, direction, state }) => {
    return peerId === alice.peerId && direction === 'send' && state === 'connected';
  });
  await link.notification('room:media-started', (data) => data.roomId === roomId);
  const { levels } = await link.notification('room:audio-levels', (data) => data.levels.length > 0);
  expect(levels).toEqual([{ peerId: alice.peerId, dBov: -20 }]);
  // Paused until the receiver is ready.
  expect(heard()).toBe(0);
  await link.request('consumer:resume', { ...bob.address, consumerId: consumer.consumerId });
  await flows(heard);
  expect(link.heard.filter((name) => name === 'room:media-started')).toHaveLength(1);
  const state = await link.request('peer:attach', { ...bob.address, attachment: 1 });
  expect(state.peers).toMatchObject([{ peerId: alice.peerId, connected: true }]);
});

test('who is parked does not learn that somebody speaks', async () => {
  const { link, alice, bob } = await conversation();
  const both = [alice.peerId, bob.peerId].toSorted();
  const { hearers } = await link.notification('room:audio-levels', (data) => data.levels.length > 0);
  expect(hearers.toSorted()).toEqual(both);
  await link.request('peer:set-rights', { ...bob.address, rights: 'parked' });
  await link.notification('room:audio-levels', (data) => data.hearers.length === 1 && data.hearers[0] === alice.peerId);
});

test('packets of a parked peer go nowhere, however warm its transport is', async () => {
  const { link, alice, bob, consumer, heard, sending } = await conversation();
  await link.request('consumer:resume', { ...bob.address, consumerId: consumer.consumerId });
  await flows(heard);
  await link.request('peer:set-rights', { ...alice.address, rights: 'parked' });
  await link.notification('consumer:closed', ({ consumerId }) => consumerId === consumer.consumerId);
  const whenParked = heard();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(heard()).toBeLessThanOrEqual(whenParked + 2);
  expect(sending.failures).toEqual([]);
});

test('media goes on while no replica is linked at all, and is there when one comes back', async () => {
  const { link, bob, consumer, heard } = await conversation();
  await link.request('consumer:resume', { ...bob.address, consumerId: consumer.consumerId });
  await flows(heard);
  await link.close();
  await flows(heard);
  const next = await node.link();
  const state = await next.request('peer:attach', { ...bob.address, attachment: 2 });
  expect(state.consumers).toMatchObject([{ consumerId: consumer.consumerId }]);
});

test('a peer that loses its power is known to be gone long before ICE consent expires', async () => {
  const { link, alice, sending } = await conversation();
  await link.notification('room:media-started');
  const vanishedAt = performance.now();
  await sending.vanish();
  const gone = await link.notification('peer:connection-changed', ({ state }) => state === 'disconnected');
  expect(gone).toMatchObject({ peerId: alice.peerId, direction: 'send' });
  // 4.5 s and what a loaded machine adds; consent takes 10.
  expect(performance.now() - vanishedAt).toBeLessThan(7_000);
});

test('a peer that floods is closed', async () => {
  const link = await node.link();
  const roomId = newRoomId();
  const [flooder, other] = [new TestPeer(link, roomId), new TestPeer(link, roomId)];
  const [joined] = await Promise.all([flooder.join(), other.join()]);
  const sending = await connect(flooder, joined.sendTransport);
  // 50 packets of 1,200 bytes a second are 480 kbit/s, and still a flood on a machine that is three times too slow.
  await speak(flooder, joined.sendTransport.transportId, sending, 1_200);
  const closed = await link.notification('peer:closed', ({ peerId }) => peerId === flooder.peerId, 15_000);
  expect(closed.reason).toBe('flood');
}, 30_000);

test('after the death of its worker a room is back, with media, within two seconds', async () => {
  const { link, roomId, bob, consumer, heard } = await conversation();
  await link.request('consumer:resume', { ...bob.address, consumerId: consumer.consumerId });
  await flows(heard);

  const killedAt = performance.now();
  process.kill(node.node.workerPids()[0] ?? expect.fail('no worker'), 'SIGKILL');
  await link.notification('room:closed', ({ reason }) => reason === 'worker-died');
  const again = await conversation(2, roomId);
  await again.link.request('consumer:resume', { ...again.bob.address, consumerId: again.consumer.consumerId });
  await vi.waitFor(() => expect(again.heard()).toBeGreaterThan(0), { timeout: 10_000, interval: 10 });
  // The goal is 2 s at the 95th percentile; a generous ceiling for a shared machine.
  expect(performance.now() - killedAt).toBeLessThan(6_000);
});
