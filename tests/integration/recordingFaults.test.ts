import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { WebmSplitter } from '@cloud-hospital/protocol/sfu';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { SealedFile } from '../../sfu/src/recording/SealedFile.ts';
import { composeNext } from '../../signaling/src/operations/recording/compose.ts';
import { recordingMark } from '../../signaling/src/operations/recording/mark.ts';
import { recoverSegments } from '../../signaling/src/operations/recording/recover.ts';
import { CallStage, type RunningCall } from '../support/callStage.ts';
import { programsOf } from '../support/programsOf.ts';
import { RecordingStage } from '../support/RecordingStage.ts';
import { filesBelow, openSegment } from '../support/recordedMedia.ts';
import { type Stack, startStack } from '../support/stack.ts';

let nodes: Stack;
let stage: CallStage;
let recordings: RecordingStage;

beforeAll(async () => {
  nodes = await startStack({ replicas: 0, sfuNodes: 2, seeded: false });
  const data = path.join(nodes.dataDirectory, 'signaling');
  stage = await CallStage.start({
    nodes: 0,
    replicas: 2,
    env: {
      DATA_DIR: data,
      RECORDING_SETTLE_SECONDS: '0',
      SFU_STATIC_NODES: nodes.sfuNodes.map(({ url }) => url).join(','),
    },
  });
  recordings = new RecordingStage(stage, path.join(data, 'recordings'));
  await vi.waitFor(
    () => {
      const up = stage.replicas.map(({ sfu }) => sfu.directory.nodes.filter(({ isUp }) => isUp).length);
      if (up.some((count) => count < 2)) throw new Error(`media nodes linked: ${up.join()}`);
    },
    { timeout: 10_000 },
  );
});
afterEach(() => recordings.switchOff());
afterAll(async () => {
  await stage?.stop();
  await nodes?.stop();
});

async function homeOf({ inRoom }: RunningCall) {
  const { node_id: home } = await recordings.db
    .selectFrom('room')
    .select('node_id')
    .where('id', '=', inRoom.roomId)
    .executeTakeFirstOrThrow();
  return { home, node: nodes.sfuNodes[home === 'sfu-1' ? 0 : 1] ?? expect.fail('no node') };
}

/** After its room has moved the terminal is back, and filmed again. */
async function back(call: RunningCall, recordingId: string): Promise<void> {
  const files = (await recordings.files(recordingId)).length;
  await call.terminal.browser.hears('room:moved', undefined, 15_000);
  const again = await stage.join(call.terminal.browser, call.encounterId);
  expect(again.joined.epoch).toBeGreaterThan(call.inRoom.epoch);
  await recordings.film(again);
  await recordings.someBytes(recordingId, files + 1);
  const gaps = await recordings.gapsOf(recordingId);
  expect(gaps.map(({ reason }) => reason)).toContain('room-moved');
  // It is recorded: whatever the lost node last told is over.
  expect(await recordingMark(recordings.db, call.encounterId)).toMatchObject({ trouble: null });
}

const keyOf = (recordingId: string) => Buffer.from(recordings.services.recordings.keyOf(recordingId), 'base64');
const fileOf = (recordingId: string, segmentId: string) =>
  path.join(recordings.directory, recordingId, segmentId.slice(0, 2), segmentId);
const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}/fd`);

test('a media node that is killed: recorded on by another, its last segment adopted, the gap in the film’s list', async () => {
  const call = await stage.answered();
  await recordings.film(call.terminal);
  const id = await recordings.recorded(call);
  const { home, node } = await homeOf(call);
  const recorders = programsOf(node.pid, 'ffmpeg');
  expect(recorders).not.toHaveLength(0);
  await node.kill();
  await back(call, id);

  const parts = (await recordings.files(id)).filter((file) => file.endsWith('.part'));
  const opened = await Promise.all(parts.map(async (file) => ({ file, ...(await openSegment(file, keyOf(id))) })));
  const orphan = opened.find(({ head }) => head.nodeId === home) ?? expect.fail('the killed node left nothing behind');
  // As it may die a moment earlier, too: with nothing to be seen or heard in it.
  const emptyId = randomUUID();
  const empty = await SealedFile.create({
    directory: path.join(recordings.directory, id),
    fileId: emptyId,
    key: keyOf(id),
    reserveBytes: () => 0,
  });
  await empty.append(Buffer.from(JSON.stringify({ ...orphan.head, segmentId: emptyId, takeId: randomUUID() })));
  await recordings.consent(call, 'inactive');
  await recordings.finish(call);

  // No film is made as long as somebody may be at a part of it.
  const now = new Date();
  await utimes(orphan.file, now, now);
  await composeNext(recordings.services);
  expect(await recordings.composition(call)).toMatchObject({ status: 'pending', attempts: 0 });
  for (const file of [orphan.file, `${fileOf(id, emptyId)}.part`]) await utimes(file, new Date(0), new Date(0));
  const record = await recordings.composed(call);
  await empty.discard();
  const rows = await recordings.segmentsOf(id, 2);
  expect(rows.find((row) => row.id === orphan.head.segmentId)).toMatchObject({ recovered: true, node_id: home });
  expect(new Set(rows.map(({ node_id }) => node_id)).size).toBe(2);
  expect((await recordings.composition(call)).manifest).toContain(orphan.head.segmentId);
  const moved = record.gaps.filter(({ reason }) => reason === 'room-moved').map(({ fromMs, toMs }) => toMs - fromMs);
  expect(Math.max(...moved)).toBeGreaterThan(100);

  // Adopted or removed: no file without a row, and nothing that could be read without the key.
  expect((await recordings.files(id)).map((file) => path.basename(file)).toSorted()).toEqual(
    rows.map((row) => row.id).toSorted(),
  );
  for (const file of await filesBelow(recordings.directory)) {
    expect((await readFile(file)).includes('matroska')).toBe(false);
  }
  await vi.waitFor(() => expect(recorders.filter(isAlive)).toEqual([]), { timeout: 20_000, interval: 250 });
}, 90_000);

test('a media worker that is killed while one replica is left; of a torn segment the whole parts are kept', async () => {
  const call = await stage.answered();
  await recordings.film(call.terminal);
  const id = await recordings.recorded(call);
  const { node } = await homeOf(call);
  await stage.replica(1).stop();
  process.kill(programsOf(node.pid, 'mediasoup-worker')[0] ?? expect.fail('no worker'), 'SIGKILL');
  await back(call, id);
  const [segment] = await recordings.segmentsOf(id);
  const key = keyOf(id);
  const { head, content } = await openSegment(fileOf(id, segment?.id ?? ''), key);

  // What a media node leaves behind that loses its power in the middle of a record.
  const fileId = randomUUID();
  const left = await SealedFile.create({
    directory: path.join(recordings.directory, id),
    fileId,
    key,
    reserveBytes: () => 0,
  });
  await left.append(Buffer.from(JSON.stringify({ ...head, segmentId: fileId, takeId: randomUUID() })));
  for (const { bytes } of new WebmSplitter().push(content)) await left.append(bytes);
  const file = `${fileOf(id, fileId)}.part`;
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, bytes.length - 100));
  await utimes(file, new Date(0), new Date(0));
  await recoverSegments(recordings.services);
  // Should it live after all, it finds its segment taken.
  await expect(left.finish()).rejects.toThrow(/ENOENT/);
  const kept = (await recordings.segmentsOf(id)).find((row) => row.id === fileId);
  expect(kept?.recovered).toBe(true);
  expect(Number(kept?.stored_bytes)).toBeLessThan(bytes.length - 100);
}, 90_000);
