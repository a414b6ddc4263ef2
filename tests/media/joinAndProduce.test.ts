import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { firstOf, newRoomId, opusParameters, rtpCapabilities, TestNode, TestPeer } from './support.ts';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node.close());

/** Two active peers of one room over one link. */
async function twoActivePeers() {
  const link = await node.link();
  const roomId = newRoomId();
  const alice = new TestPeer(link, roomId);
  const bob = new TestPeer(link, roomId);
  const [a, b] = [await alice.join(), await bob.join()];
  return { link, alice, bob, a, b };
}

describe('joining', () => {
  test('answers in one round trip with all that ICE and DTLS need', async () => {
    const link = await node.link();
    const joined = await new TestPeer(link, newRoomId()).join({ rights: 'parked' });
    expect(joined.sendTransport.direction).toBe('send');
    expect(joined.recvTransport.direction).toBe('recv');
    for (const transport of [joined.sendTransport, joined.recvTransport]) {
      expect(transport.iceParameters.usernameFragment).not.toBe('');
      expect(transport.iceCandidates.map(({ protocol }) => protocol)).toEqual(['udp', 'tcp']);
      expect(transport.dtlsParameters.fingerprints.length).toBeGreaterThan(0);
    }
    expect(joined.state).toEqual({ rights: 'parked', connected: false, producers: [], consumers: [], peers: [] });
  });

  test('offers Opus with in-band FEC first for sound and VP8 first for pictures', async () => {
    const link = await node.link();
    const { routerRtpCapabilities } = await new TestPeer(link, newRoomId()).join();
    const mimeTypes = routerRtpCapabilities.codecs?.map(({ mimeType }) => mimeType) ?? [];
    expect(mimeTypes[0]).toBe('audio/opus');
    expect(mimeTypes[1]).toBe('video/VP8');
    expect(mimeTypes).toEqual(expect.arrayContaining(['video/H264', 'video/VP9', 'video/AV1']));
    expect(routerRtpCapabilities.codecs?.[0]?.parameters).toMatchObject({ useinbandfec: 1 });
  });

  test('again replaces the older join: there is never a second participant of one identity', async () => {
    const { link, alice, bob, a } = await twoActivePeers();
    await alice.produceAudio(a.sendTransport.transportId);
    await alice.join({ attachment: 2 });
    const state = await link.request('peer:attach', { ...bob.address, attachment: 1 });
    expect(state.peers).toEqual([{ peerId: alice.peerId, producers: [], connected: false }]);
    // What the older join produced is gone, and so is what was consumed of it.
    expect(state.consumers).toEqual([]);
    await expect(alice.produceAudio(a.sendTransport.transportId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('as an active peer with capabilities answers with Consumers for all that is produced already', async () => {
    const { link, alice, a } = await twoActivePeers();
    const { producerId } = await alice.produceVideo(a.sendTransport.transportId);
    const carol = new TestPeer(link, alice.roomId);
    const { state } = await carol.join();
    expect(state.consumers).toMatchObject([
      { producerId, peerId: alice.peerId, kind: 'video', source: 'camera', type: 'simulcast' },
    ]);
  });

  test('with capabilities that make no sense is refused and leaves the older join alone', async () => {
    const { link, alice, bob } = await twoActivePeers();
    const nonsense = { codecs: [{ kind: 'audio' }] };
    const request = { ...alice.address, attachment: 2, rights: 'active', rtpCapabilities: nonsense };
    await expect(link.requestUnchecked('peer:join', request)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    const state = await link.request('peer:attach', { ...bob.address, attachment: 1 });
    expect(state.peers.map(({ peerId }) => peerId)).toEqual([alice.peerId]);
  });
});

describe('a parked peer', () => {
  test('may connect and say what it can receive, but neither produce nor consume', async () => {
    const { link, alice, a } = await twoActivePeers();
    await alice.produceAudio(a.sendTransport.transportId);

    const patient = new TestPeer(link, alice.roomId);
    const joined = await patient.join({ rights: 'parked' });
    expect(joined.state.consumers).toEqual([]);
    const answer = await link.request('peer:set-capabilities', { ...patient.address, rtpCapabilities });
    expect(answer.consumers).toEqual([]);
    await link.request('transport:connect', {
      ...patient.address,
      transportId: joined.sendTransport.transportId,
      dtlsParameters: { role: 'server', fingerprints: joined.sendTransport.dtlsParameters.fingerprints },
    });
    await expect(patient.produceAudio(joined.sendTransport.transportId)).rejects.toMatchObject({ code: 'PARKED' });
  });

  test('gets Consumers for all present Producers when it becomes active, and may produce', async () => {
    const { link, alice, a } = await twoActivePeers();
    const audio = await alice.produceAudio(a.sendTransport.transportId);
    const video = await alice.produceVideo(a.sendTransport.transportId);

    const patient = new TestPeer(link, alice.roomId);
    const joined = await patient.join({ rights: 'parked' });
    const { consumers } = await link.request('peer:set-rights', { ...patient.address, rights: 'active' });
    expect(consumers.map(({ producerId }) => producerId).toSorted()).toEqual(
      [audio.producerId, video.producerId].toSorted(),
    );
    // Asked again, because an answer was lost: the same Consumers, no second set.
    const again = await link.request('peer:set-rights', { ...patient.address, rights: 'active' });
    expect(again.consumers.map(({ consumerId }) => consumerId)).toEqual(consumers.map(({ consumerId }) => consumerId));
    const own = await patient.produceAudio(joined.sendTransport.transportId);
    expect(own.consumers.map(({ peerId }) => peerId)).toContain(alice.peerId);
  });

  test('loses its Producers and Consumers when it is parked again, and the others are told', async () => {
    const { link, alice, bob, a, b } = await twoActivePeers();
    const fromAlice = await alice.produceAudio(a.sendTransport.transportId);
    const fromBob = await bob.produceAudio(b.sendTransport.transportId);
    const heardByAlice = fromBob.consumers[0]?.consumer.consumerId;
    const heardByBob = fromAlice.consumers[0]?.consumer.consumerId;

    const { consumers } = await link.request('peer:set-rights', { ...bob.address, rights: 'parked' });
    expect(consumers).toEqual([]);
    await link.notification('consumer:closed', ({ peerId, consumerId }) => {
      return peerId === alice.peerId && consumerId === heardByAlice;
    });
    await link.notification('consumer:closed', ({ peerId, consumerId }) => {
      return peerId === bob.peerId && consumerId === heardByBob;
    });
    const state = await link.request('peer:attach', { ...bob.address, attachment: 1 });
    expect(state).toMatchObject({ rights: 'parked', producers: [], consumers: [] });
  });

  test('wins against a produce that is on its way', async () => {
    const { link, bob, b } = await twoActivePeers();
    const producing = bob.produceAudio(b.sendTransport.transportId);
    const parking = link.request('peer:set-rights', { ...bob.address, rights: 'parked' });
    await expect(producing).rejects.toMatchObject({ code: 'PARKED' });
    await parking;
    const state = await link.request('peer:attach', { ...bob.address, attachment: 1 });
    expect(state.producers).toEqual([]);
  });
});

describe('producing', () => {
  test('answers with the paused Consumers of all active peers that have capabilities', async () => {
    const { link, alice, bob, a } = await twoActivePeers();
    const parked = new TestPeer(link, alice.roomId);
    const deaf = new TestPeer(link, alice.roomId);
    await parked.join({ rights: 'parked' });
    await deaf.join({ rtpCapabilities: undefined });

    const { producerId, consumers } = await alice.produceVideo(a.sendTransport.transportId);
    expect(consumers).toHaveLength(1);
    expect(consumers[0]).toMatchObject({
      peerId: bob.peerId,
      consumer: { producerId, peerId: alice.peerId, source: 'camera', producerPaused: false },
    });
    // The answer said it; the same link hears it only once.
    await link.request('node:inventory', {});
    expect(link.heard).not.toContain('consumer:created');

    // And the one that couldn't gets its Consumers with its capabilities.
    const late = await link.request('peer:set-capabilities', { ...deaf.address, rtpCapabilities });
    expect(late.consumers.map((consumer) => consumer.producerId)).toEqual([producerId]);
  });

  test('crossing with a peer that becomes active makes one Consumer, not two', async () => {
    const { link, alice, a } = await twoActivePeers();
    const patient = new TestPeer(link, alice.roomId);
    await patient.join({ rights: 'parked' });
    await Promise.all([
      alice.produceAudio(a.sendTransport.transportId),
      link.request('peer:set-rights', { ...patient.address, rights: 'active' }),
      link.request('peer:set-capabilities', { ...patient.address, rtpCapabilities }),
    ]);
    const state = await link.request('peer:attach', { ...patient.address, attachment: 1 });
    expect(state.consumers).toHaveLength(1);
  });

  test('pausing, resuming and closing are told to those who consume', async () => {
    const { link, alice, bob, a } = await twoActivePeers();
    const { producerId, consumers } = await alice.produceAudio(a.sendTransport.transportId);
    const { consumerId } = firstOf(consumers).consumer;
    await link.request('consumer:resume', { ...bob.address, consumerId });

    await link.request('producer:pause', { ...alice.address, producerId });
    expect(await link.notification('consumer:paused')).toMatchObject({ peerId: bob.peerId, consumerId });
    await link.request('producer:resume', { ...alice.address, producerId });
    expect(await link.notification('consumer:resumed')).toMatchObject({ peerId: bob.peerId, consumerId });
    await link.request('producer:close', { ...alice.address, producerId });
    expect(await link.notification('consumer:closed')).toMatchObject({ peerId: bob.peerId, consumerId });
    await expect(link.request('consumer:pause', { ...bob.address, consumerId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  test('in simulcast lets the receiver wish for layers, and for a key frame', async () => {
    const { link, bob, alice, a } = await twoActivePeers();
    const { consumers } = await alice.produceVideo(a.sendTransport.transportId);
    const of = { ...bob.address, consumerId: firstOf(consumers).consumer.consumerId };
    await link.request('consumer:resume', of);
    await link.request('consumer:set-layers', { ...of, spatialLayer: 1, temporalLayer: 2 });
    await link.request('consumer:request-key-frame', of);
    const unknown = { ...of, consumerId: 'unknown' };
    await expect(link.requestUnchecked('consumer:set-layers', { ...unknown, spatialLayer: 0 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(link.requestUnchecked('consumer:set-layers', { ...of, spatialLayer: 9 })).rejects.toMatchObject({
      code: 'BAD_REQUEST',
    });
  });

  test('is limited in number, on the send transport only, and never for another peer', async () => {
    const { alice, bob, a, b } = await twoActivePeers();
    await expect(alice.produceAudio(a.recvTransport.transportId)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
    await expect(alice.produceAudio(b.sendTransport.transportId)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    const { producerId } = await bob.produceAudio(b.sendTransport.transportId);
    await expect(alice.link.request('producer:close', { ...alice.address, producerId })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    const many = await Promise.allSettled(
      Array.from({ length: 12 }, () => alice.produceAudio(a.sendTransport.transportId)),
    );
    expect(many.filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
  });

  test('with a codec the other side lacks simply makes no Consumer there', async () => {
    const link = await node.link();
    const roomId = newRoomId();
    const [alice, bob] = [new TestPeer(link, roomId), new TestPeer(link, roomId)];
    const a = await alice.join();
    await bob.join({ rtpCapabilities: { codecs: rtpCapabilities.codecs?.slice(0, 1) ?? [], headerExtensions: [] } });
    expect((await alice.produceVideo(a.sendTransport.transportId)).consumers).toEqual([]);
    expect((await alice.produceAudio(a.sendTransport.transportId)).consumers).toHaveLength(1);
  });
});

describe('transports', () => {
  test('take the same DTLS parameters twice, because an ack may be lost, but no different ones', async () => {
    const { link, alice, a } = await twoActivePeers();
    const connect = (value: string) =>
      link.request('transport:connect', {
        ...alice.address,
        transportId: a.sendTransport.transportId,
        dtlsParameters: { role: 'server', fingerprints: [{ algorithm: 'sha-256', value }] },
      });
    const sha256 = a.sendTransport.dtlsParameters.fingerprints.filter(({ algorithm }) => algorithm === 'sha-256');
    const { value } = firstOf(sha256);
    await Promise.all([connect(value), connect(value)]);
    await connect(value);
    await expect(connect(value.replace(/^../, 'AA'))).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  });

  test('restart ICE with new credentials', async () => {
    const { link, alice, a } = await twoActivePeers();
    const { iceParameters } = await link.request('transport:restart-ice', {
      ...alice.address,
      transportId: a.recvTransport.transportId,
    });
    expect(iceParameters.usernameFragment).not.toBe(a.recvTransport.iceParameters.usernameFragment);
  });

  test('are replaced one by one, and a new receiving one gets its Consumers with the capabilities', async () => {
    const { link, alice, bob, a } = await twoActivePeers();
    const { producerId, consumers } = await alice.produceAudio(a.sendTransport.transportId);
    await link.request('transport:create', { ...bob.address, direction: 'recv' });
    const old = consumers[0]?.consumer.consumerId;
    await link.notification('consumer:closed', ({ consumerId }) => consumerId === old);
    const renewed = await link.request('peer:set-capabilities', { ...bob.address, rtpCapabilities });
    expect(renewed.consumers).toMatchObject([{ producerId, peerId: alice.peerId }]);
    expect(renewed.consumers[0]?.consumerId).not.toBe(old);
  });
});

test('statistics come as mediasoup gives them', async () => {
  const { link, alice, a } = await twoActivePeers();
  await alice.produceAudio(a.sendTransport.transportId);
  const stats = await link.request('peer:stats', alice.address);
  expect(stats.transports).toHaveLength(2);
  expect(stats.transports[0]).toMatchObject({ type: 'webrtc-transport', iceState: 'new' });
});

test('a closed peer is gone, the others hear why, and the last one takes the room with it', async () => {
  const { link, alice, bob } = await twoActivePeers();
  const other = await node.link();
  await other.request('peer:attach', { ...bob.address, attachment: 2 });
  await link.request('peer:close', { ...alice.address, reason: 'left' });
  expect(await other.notification('peer:closed')).toMatchObject({ peerId: alice.peerId, reason: 'left' });
  // Closing what is gone succeeds; anything else with it does not.
  await link.request('peer:close', { ...alice.address, reason: 'left' });
  await expect(link.request('peer:stats', alice.address)).rejects.toMatchObject({ code: 'NOT_JOINED' });
  await link.request('peer:close', { ...bob.address, reason: 'left' });
  const { rooms } = await link.request('node:inventory', {});
  expect(rooms.map(({ roomId }) => roomId)).not.toContain(alice.roomId);
});

test('parameters that mediasoup refuses are refused with their reason', async () => {
  const { link, alice, a } = await twoActivePeers();
  const good = opusParameters();
  const wrong = { ...good, codecs: [{ ...good.codecs[0], mimeType: 'audio/unheard-of' }] };
  const request = { ...alice.address, transportId: a.sendTransport.transportId, kind: 'audio', source: 'microphone' };
  await expect(link.requestUnchecked('producer:create', { ...request, rtpParameters: wrong })).rejects.toMatchObject({
    code: 'BAD_REQUEST',
    details: { reason: 'unsupported codec [mimeType:audio/unheard-of, payloadType:111]' },
  });
  // mediasoup itself takes sound that is announced as a picture.
  await expect(
    link.requestUnchecked('producer:create', { ...request, kind: 'video', source: 'camera', rtpParameters: good }),
  ).rejects.toMatchObject({ code: 'BAD_REQUEST', details: { reason: 'not video' } });
});
