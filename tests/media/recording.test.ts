import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ControlLinkClient } from '../support/ControlLinkClient.ts';
import { filesBelow, flashesAndBeeps, openSegment, probe } from '../support/recordedMedia.ts';
import { showAndSpeak } from '../support/speakingCamera.ts';
import { newRoomId, TestNode, TestPeer } from './support.ts';

const key = randomBytes(32);

let directory: string;
let reserveBytes: number;
let node: TestNode;
let link: ControlLinkClient;
let speaker: TestPeer;
let camera: Awaited<ReturnType<typeof showAndSpeak>>;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'ch-recording-'));
  reserveBytes = 0;
  node = await TestNode.start({
    recording: {
      directory,
      ffmpeg: 'ffmpeg',
      get reserveBytes() {
        return reserveBytes;
      },
    },
  });
  link = await node.link();
  speaker = new TestPeer(link, newRoomId());
  const { sendTransport } = await speaker.join();
  const { transportId } = sendTransport;
  camera = await showAndSpeak(sendTransport, {
    connect: (dtlsParameters) => link.request('transport:connect', { ...speaker.address, transportId, dtlsParameters }),
    produce: (kind, source, rtpParameters) =>
      link.request('producer:create', { ...speaker.address, transportId, kind, source, rtpParameters }),
  });
});
afterEach(async () => {
  await camera.off();
  await node.close();
  await rm(directory, { recursive: true, force: true });
});

async function record(): Promise<{ recordingId: string; stop: () => Promise<unknown> }> {
  const recordingId = randomUUID();
  const { roomId, epoch } = speaker;
  await link.request('recording:start', { roomId, epoch, recordingId, key: key.toString('base64') });
  return { recordingId, stop: () => link.request('recording:stop', { recordingId }) };
}

const isRecorded = async (bytes: number): Promise<void> => {
  await vi.waitFor(
    async () => {
      const sizes = await Promise.all((await filesBelow(directory)).map(async (file) => (await readFile(file)).length));
      expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(bytes);
    },
    { timeout: 20_000, interval: 100 },
  );
};
/** Enough for some seconds of the test signal. */
const SOME_SECONDS = 40_000;

test('what is recorded is sealed, plays with both tracks, and lips are in step', async () => {
  const { recordingId, stop } = await record();
  const { rooms } = await link.request('node:inventory', {});
  expect(rooms).toMatchObject([{ roomId: speaker.roomId, recordingId }]);
  await isRecorded(4 * SOME_SECONDS);
  await stop();
  const { segmentId } = await link.notification('recording:segment-stored');

  const [file] = await filesBelow(directory);
  expect(file).toBe(path.join(directory, recordingId, segmentId.slice(0, 2), segmentId));
  const sealed = await readFile(file ?? '');
  expect(sealed.includes('matroska')).toBe(false);
  expect(sealed.includes(speaker.peerId)).toBe(false);
  const { head, content } = await openSegment(file ?? '', key);
  expect(head).toMatchObject({ recordingId, segmentId, peerId: speaker.peerId, view: 'person', hasVideo: true });
  expect(Math.abs(head.zeroAt - Date.now())).toBeLessThan(60_000);

  const opened = path.join(directory, 'opened.mkv');
  await writeFile(opened, content);
  const { codecs, seconds } = await probe(opened);
  expect(codecs).toEqual(['opus', 'vp8']);
  expect(seconds).toBeGreaterThan(2);
  const { flashes, beeps } = await flashesAndBeeps(opened);
  // Of each pair, signed; the first second may still be finding its place. What the source itself is apart is none of ours.
  const apart = beeps
    .filter((beep) => beep > 1)
    .map((beep) => flashes.map((flash) => flash - beep).toSorted((a, b) => Math.abs(a) - Math.abs(b))[0] ?? 1)
    .toSorted((a, b) => a - b);
  expect(apart.length).toBeGreaterThanOrEqual(3);
  const median = apart[Math.floor(apart.length / 2)] ?? 1;
  expect(Math.abs(median * 1_000 - camera.skewMs())).toBeLessThan(80);
}, 60_000);

test('a recording program that is killed is started again, and the gap is told with its end', async () => {
  const { recordingId, stop } = await record();
  await isRecorded(SOME_SECONDS);
  const [before] = node.node.recorderPids();
  process.kill(before ?? expect.fail('no recording program'), 'SIGKILL');
  const open = await link.notification('recording:gap', ({ endedAt }) => endedAt === null);
  expect(open).toMatchObject({ recordingId, peerId: speaker.peerId, reason: 'recorder-failed' });
  const closed = await link.notification('recording:gap', ({ endedAt }) => endedAt !== null, 20_000);
  expect(closed).toMatchObject({ gapId: open.gapId, beganAt: open.beganAt });
  expect(node.node.recorderPids()).not.toContain(before);
  await stop();
  const stored = (): string[] => link.heard.filter((name) => name === 'recording:segment-stored');
  await vi.waitFor(() => expect(stored()).toHaveLength(2), { timeout: 10_000 });
  const takes = await Promise.all((await filesBelow(directory)).map((file) => openSegment(file, key)));
  expect(new Set(takes.map(({ head }) => head.takeId)).size).toBe(2);
}, 60_000);

test('a full disk is told, nothing is claimed to be stored, and it goes on when there is room', async () => {
  const { stop } = await record();
  await isRecorded(SOME_SECONDS);
  reserveBytes = Number.MAX_SAFE_INTEGER;
  const open = await link.notification('recording:gap', ({ reason }) => reason === 'storage-full');
  expect(open.endedAt).toBeNull();
  expect(Date.parse(open.beganAt)).toBeGreaterThan(Date.now() - 5_000);
  // What was there before is kept and told of.
  await link.notification('recording:segment-stored');
  reserveBytes = 0;
  await link.notification('recording:gap', ({ gapId, endedAt }) => gapId === open.gapId && endedAt !== null, 20_000);
  await stop();
}, 60_000);

test('without any replica that could tell of a withdrawal nothing is recorded', async () => {
  await record();
  await isRecorded(SOME_SECONDS);
  await link.close();
  await vi.waitFor(() => expect(node.node.recorderPids()).toEqual([]), { timeout: 10_000 });
  const next = await node.link();
  expect(await next.notification('recording:gap')).toMatchObject({ reason: 'unsupervised' });
  await vi.waitFor(() => expect(node.node.recorderPids()).toHaveLength(1), { timeout: 10_000 });
}, 60_000);

test('a node without a recording program says so', async () => {
  const other = await TestNode.start();
  const to = await other.link();
  const peer = new TestPeer(to, newRoomId());
  await peer.join();
  const request = { roomId: peer.roomId, epoch: peer.epoch, recordingId: randomUUID(), key: key.toString('base64') };
  await expect(to.request('recording:start', request)).rejects.toMatchObject({ code: 'MEDIA_UNAVAILABLE' });
  await other.close();
});
