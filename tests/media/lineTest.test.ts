import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newRoomId, opusParameters, rtpCapabilities, TestNode, TestPeer, vp8Parameters } from './support.ts';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node.close());

test('a line test gives one picture back to whoever sent it, is in no room, and is forgotten when it ends', async () => {
  const link = await node.link();
  const testId = randomUUID();
  const started = await link.request('line-test:start', { testId });
  expect(started.sendTransport.iceCandidates.length).toBeGreaterThan(0);
  const loop = { testId, rtpCapabilities, rtpParameters: vp8Parameters() };
  const { consumer } = await link.request('line-test:loop', loop);
  expect(consumer).toMatchObject({ kind: 'video', producerPaused: false });
  await expect(link.request('line-test:loop', loop)).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  expect(await link.request('node:inventory', {})).toEqual({ rooms: [] });
  await link.request('line-test:end', { testId });
  await link.request('line-test:end', { testId });
  await expect(link.request('line-test:loop', loop)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('takes pictures only, and no transport of anybody else', async () => {
  const link = await node.link();
  const alice = new TestPeer(link, newRoomId());
  const { sendTransport } = await alice.join();
  const testId = randomUUID();
  await link.request('line-test:start', { testId });
  const dtlsParameters = { ...sendTransport.dtlsParameters, role: 'client' as const };
  await expect(
    link.request('line-test:connect', { testId, transportId: sendTransport.transportId, dtlsParameters }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(
    link.request('line-test:loop', { testId, rtpCapabilities, rtpParameters: opusParameters() }),
  ).rejects.toMatchObject({ code: 'BAD_REQUEST' });
  await link.request('line-test:end', { testId });
});

test('a node runs a few at once and refuses more, so that calls come first', async () => {
  const link = await node.link();
  const ids = Array.from({ length: 8 }, () => randomUUID());
  await Promise.all(ids.map((testId) => link.request('line-test:start', { testId })));
  await expect(link.request('line-test:start', { testId: randomUUID() })).rejects.toMatchObject({
    code: 'RATE_LIMITED',
  });
  await Promise.all(ids.map((testId) => link.request('line-test:end', { testId })));
  await link.request('line-test:start', { testId: ids[0] ?? '' });
});
