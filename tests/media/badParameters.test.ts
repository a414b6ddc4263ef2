import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newRoomId, opusParameters, rtpCapabilities, TestNode, TestPeer, vp8Parameters } from './support.ts';

let node: TestNode;
beforeAll(async () => {
  node = await TestNode.start();
});
afterAll(() => node.close());

/** A value at a place of a JSON document, e.g. `['encodings', '0', 'ssrc']`. */
type Change = { readonly path: readonly string[]; readonly value: unknown };

function pathsOf(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => pathsOf(child, [...path, key]))];
}

function changed(document: unknown, { path, value }: Change): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(document)) {
    return document.map((child: unknown, index) =>
      String(index) === key ? changed(child, { path: rest, value }) : child,
    );
  }
  if (typeof document !== 'object' || document === null) return document;
  return Object.fromEntries(
    Object.entries(document).map(([name, child]) => [
      name,
      name === key ? changed(child, { path: rest, value }) : child,
    ]),
  );
}

/** Values that numbers, texts and lists are not expected to be. */
const oddValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(null, -1, 0, 1.5, 255, 256, 2 ** 31, 2 ** 32, 1e300, '', 'x'.repeat(3_000), '\0', [], {}, [null]),
);
const changeOf = (document: object): fc.Arbitrary<Change> =>
  fc.record({ path: fc.constantFrom(...pathsOf(document)), value: oddValue });

test('whatever a browser sends in place of its parameters, the worker lives and answers the next request', async () => {
  const link = await node.link();
  const camera = { ...vp8Parameters(), encodings: [{ ssrc: 1, rid: 'r0', maxBitrate: 100_000, rtx: { ssrc: 2 } }] };
  const dtlsParameters = { role: 'client', fingerprints: [{ algorithm: 'sha-256', value: `${'AB:'.repeat(31)}AB` }] };
  const changes = fc.record({
    audio: changeOf(opusParameters()),
    video: changeOf(camera),
    dtls: changeOf(dtlsParameters),
    capabilities: changeOf(rtpCapabilities),
  });

  await fc.assert(
    fc.asyncProperty(changes, async ({ audio, video, dtls, capabilities }) => {
      const roomId = newRoomId();
      const [odd, plain] = [new TestPeer(link, roomId), new TestPeer(link, roomId)];
      const [{ sendTransport }] = await Promise.all([odd.join(), plain.join()]);
      const of = { ...odd.address, transportId: sendTransport.transportId };
      const attempts = await Promise.allSettled([
        link.requestUnchecked('producer:create', {
          ...of,
          kind: 'audio',
          source: 'microphone',
          rtpParameters: changed(opusParameters(), audio),
        }),
        link.requestUnchecked('producer:create', {
          ...of,
          kind: 'video',
          source: 'camera',
          rtpParameters: changed(camera, video),
        }),
        link.requestUnchecked('transport:connect', { ...of, dtlsParameters: changed(dtlsParameters, dtls) }),
        link.requestUnchecked('peer:set-capabilities', {
          ...odd.address,
          rtpCapabilities: changed(rtpCapabilities, capabilities),
        }),
      ]);
      for (const attempt of attempts) {
        if (attempt.status === 'rejected') expect(attempt.reason).toMatchObject({ code: 'BAD_REQUEST' });
      }
      // The other peer of the room, and the room itself, notice nothing.
      const { recvTransport } = await plain.join({ attachment: 2 });
      expect(recvTransport.direction).toBe('recv');
      await link.request('room:close', { roomId, epoch: 1, reason: 'done' });
    }),
    { numRuns: 150 },
  );
  expect(link.heard).not.toContain('room:closed');
  expect(await node.node.metrics.registry.metrics()).toContain('sfu_worker_deaths_total 0');
}, 60_000);
