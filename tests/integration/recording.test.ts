import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, open, readFile, truncate, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { FACE_HEADER } from '@cloud-hospital/protocol';
import { recordingContentPath } from '@cloud-hospital/protocol/rest';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { createHttpApp } from '../../signaling/src/http/createHttpApp.ts';
import { recordConsent } from '../../signaling/src/operations/clinic/recordConsent.ts';
import { setHold } from '../../signaling/src/operations/callPeople/setHold.ts';
import { composeNext } from '../../signaling/src/operations/recording/compose.ts';
import { startRecording, stopRecording } from '../../signaling/src/operations/recording/control.ts';
import { filmArguments } from '../../signaling/src/operations/recording/filmPlan.ts';
import { openRecording } from '../../signaling/src/operations/recording/play.ts';
import type { SignedIn } from '../support/callDistrict.ts';
import { CallStage, type RunningCall } from '../support/callStage.ts';
import { flashing, joinClips } from '../support/clips.ts';
import { RecordingStage } from '../support/RecordingStage.ts';
import {
  filesBelow,
  flashesAndBeeps,
  joinSegments,
  openSegment,
  openSegments,
  probe,
} from '../support/recordedMedia.ts';
import { mountTmpfs, tmpfsRefusal } from '../support/tmpfs.ts';

/** So that segments end while somebody waits for them. */
const SEGMENT_MS = 2_000;
const refusal = await tmpfsRefusal();

let stage: CallStage;
let recordings: RecordingStage;
let directory: string;
/** Below zero: the disk is written to as if somebody else took the room between the look and the write. */
let reserveBytes = 0;
let server: Server;
let url: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(inject('servers').directory, 'recorded-'));
  const recording = {
    directory: path.join(directory, 'recordings'),
    get reserveBytes() {
      return reserveBytes;
    },
    segmentMs: SEGMENT_MS,
    ffmpeg: 'ffmpeg',
  };
  stage = await CallStage.start({
    replicas: 2,
    env: { DATA_DIR: directory, RECORDING_SETTLE_SECONDS: '0' },
    nodeConfig: { recording },
  });
  recordings = new RecordingStage(stage, recording.directory);
  server = createServer(createHttpApp({ services: services(), isReady: () => Promise.resolve(true) }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
});
afterEach(() => recordings.switchOff());
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await stage?.stop();
});

const services = () => stage.replica().services;
const db = () => services().db;
const as = (who: SignedIn) => stage.as(who);
const of = ({ encounterId }: RunningCall) => ({ encounterId });
const audits = async (action: string) =>
  db().selectFrom('audit_event').select(['outcome', 'entity_id']).where('action', '=', action).execute();
const isRecorded = (call: RunningCall) => recordings.isRecorded(call);

test('only inside a consent, seen by everybody, and over within two seconds of its withdrawal', async () => {
  const call = await stage.answered(stage.replica(0), stage.replica(1));
  await recordings.film(call.terminal);
  const start = async () => startRecording(services(), await as(call.specialist), of(call));
  await expect(start()).rejects.toMatchObject({ code: 'CONSENT_REQUIRED' });
  await recordings.consent(call, 'active');
  const mark = await start();
  expect(await start()).toEqual(mark);
  const heard = await Promise.all([
    call.terminal.browser.hears('recording:changed'),
    call.doctor.browser.hears('recording:changed'),
  ]);
  expect(heard.map(({ recording }) => recording?.since)).toEqual([mark.since, mark.since]);
  // After a reload it is there at once.
  const again = await stage.join(await stage.connect(call.clinic.terminal), call.encounterId);
  expect(again.joined.recording).toEqual(mark);
  await vi.waitFor(async () => expect(await isRecorded(call)).toBe(true), { timeout: 5_000 });

  await recordings.film(again);
  const [recording] = await recordings.recordingsOf(call);
  await recordings.someBytes(recording?.id ?? '');
  // What is said while the call is on hold isn't the resident's.
  await setHold(services(), await as(call.specialist), { encounterId: call.encounterId, hold: true });
  await call.doctor.browser.hears('recording:changed', ({ recording: told }) => told?.trouble === 'on-hold');
  await vi.waitFor(async () => expect(await isRecorded(call)).toBe(false), { timeout: 5_000 });
  await setHold(services(), await as(call.specialist), { encounterId: call.encounterId, hold: false });
  await vi.waitFor(async () => expect(await isRecorded(call)).toBe(true), { timeout: 5_000 });
  await recordings.consent(call, 'inactive');
  await vi.waitFor(async () => expect(await isRecorded(call)).toBe(false), { timeout: 5_000 });
  const segments = await recordings.segmentsOf(recording?.id ?? '');
  const given = await db()
    .selectFrom('consent')
    .selectAll()
    .where('encounter_id', '=', call.encounterId)
    .where('purpose', '=', 'recording')
    .executeTakeFirstOrThrow();
  for (const { first_at, last_at } of segments) {
    expect(first_at.getTime()).toBeGreaterThanOrEqual(given.recorded_at.getTime());
    expect(last_at.getTime()).toBeLessThanOrEqual((given.ended_at?.getTime() ?? 0) + 2_000);
  }
  expect((await recordings.recordingsOf(call))[0]).toMatchObject({ stop_reason: 'withdrawn' });
  await expect(start()).rejects.toMatchObject({ code: 'CONSENT_REQUIRED' });
}, 90_000);

test('a film is put together without plaintext, plays by ranges, and each opening leaves one trace', async () => {
  const call = await stage.answered();
  await Promise.all([recordings.film(call.terminal), recordings.film(call.doctor, 'H264')]);
  const id = await recordings.recorded(call, 2);
  // Of each of the two at least two that belong together: a picture that stands still on a busy machine begins anew.
  await vi.waitFor(
    async () => {
      const seen = (await recordings.segmentsOf(id)).filter((segment) => segment.has_video && segment.ordinal > 0);
      expect(new Set(seen.map((segment) => segment.participant_id)).size).toBe(2);
    },
    { timeout: 30_000 },
  );
  await stopRecording(services(), await as(call.specialist), of(call));

  const who = await as(call.specialist);
  await expect(openRecording(services(), who, of(call))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await recordings.finish(call);
  const record = await recordings.composed(call);
  expect(await composeNext(services())).toBe(false);
  expect(record).toMatchObject({ status: 'composed', parts: [{ stopReason: 'specialist', fromMs: 0 }] });
  expect(record.retainUntil?.slice(0, 4)).toBe(String(new Date().getUTCFullYear() + 3));
  const { openingId } = await openRecording(services(), who, of(call));
  expect((await audits('recording:open')).filter(({ entity_id }) => entity_id === call.encounterId)).toHaveLength(1);

  const get = (session: SignedIn, headers: Record<string, string> = {}) =>
    fetch(`${url}${recordingContentPath(openingId, session.face)}`, {
      headers: { cookie: session.cookie, [FACE_HEADER]: session.face, ...headers },
    });
  const whole = Buffer.from(await (await get(call.specialist)).arrayBuffer());
  expect(createHash('sha256').update(whole).digest('hex')).toBe(record.sha256);
  const part = await get(call.specialist, { range: 'bytes=7000-7099' });
  expect([part.status, part.headers.get('content-range')]).toEqual([206, `bytes 7000-7099/${whole.length}`]);
  expect(Buffer.from(await part.arrayBuffer())).toEqual(whole.subarray(7_000, 7_100));
  const opened = path.join(directory, 'film.webm');
  await writeFile(opened, whole);
  const { codecs, seconds } = await probe(opened);
  expect(codecs).toEqual(['opus', 'vp8']);
  expect(Math.abs(seconds * 1_000 - (record.durationMs ?? 0))).toBeLessThan(500);
  // Both are to be seen, whatever their cameras encode with.
  const tiles = await Promise.all([0, 640].map((x) => flashesAndBeeps(opened, `640:480:${x}:0`)));
  for (const { flashes } of tiles) expect(flashes).not.toHaveLength(0);
  // Of whom the first run is shows all segments of it, one behind the other. Until a picture comes, a run is sound alone.
  const rows = await recordings.segmentsOf(id);
  const run = rows.filter((segment) => segment.participant_id === rows[0]?.participant_id && segment.has_video);
  const runs = Map.groupBy(run, ({ take_id }) => take_id).values();
  const key = Buffer.from(services().recordings.keyOf(id), 'base64');
  const flashes = await Promise.all(
    [...runs].map(async (own, index) => {
      const files = own.map((row) => path.join(recordings.directory, id, row.id.slice(0, 2), row.id));
      const joined = path.join(directory, `joined-${index}.mkv`);
      await writeFile(joined, joinSegments(await openSegments(files, key)));
      return (await flashesAndBeeps(joined)).flashes.length;
    }),
  );
  const expected = flashes.reduce((sum, count) => sum + count, 0);
  expect(Math.abs((tiles[0]?.flashes.length ?? 0) - expected)).toBeLessThanOrEqual(1);
  // Reading it by ranges is the same opening.
  expect((await audits('recording:open')).filter(({ entity_id }) => entity_id === call.encounterId)).toHaveLength(1);

  // Nobody else: neither with that opening nor with one of their own.
  const stranger = await stage.district.specialist();
  expect((await get(stranger)).status).toBe(404);
  await expect(openRecording(services(), await as(stranger), of(call))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const denied = (await audits('recording:read')).filter(({ outcome }) => outcome === 'denied');
  expect(denied).toEqual([{ outcome: 'denied', entity_id: call.encounterId }]);
  expect((await get(call.clinic.terminal)).status).toBe(403);

  // The manifest names every byte that is kept, and is signed.
  const row = await recordings.composition(call);
  const digest = createHash('sha256')
    .update(row.manifest ?? '')
    .digest();
  const signature = Buffer.from(row.signature ?? '', 'base64url');
  expect(await services().reportSigner.verify(digest, signature, row.key_id ?? '')).toBe(true);
  const manifest = JSON.parse(row.manifest ?? '') as { segments: { segmentId: string; sha256Stored: string }[] };
  expect(manifest.segments.length).toBeGreaterThanOrEqual(2);
  for (const { segmentId, sha256Stored } of manifest.segments) {
    const file = await readFile(path.join(directory, 'recordings', id, segmentId.slice(0, 2), segmentId));
    expect(createHash('sha256').update(file).digest('hex')).toBe(sha256Stored);
  }
  // Kept: the application may not delete it at all, and not even its owner before the time.
  await expect(db().deleteFrom('recording').where('id', '=', id).execute()).rejects.toThrow(/permission denied/);
  await expect(
    db().updateTable('recording').set({ retain_until: new Date() }).where('id', '=', id).execute(),
  ).rejects.toThrow(/never kept for less/);
  for (const file of await filesBelow(path.join(directory, 'recordings'))) {
    expect((await readFile(file)).includes('matroska')).toBe(false);
  }
}, 120_000);

test('a camera that changes its size on a weak line costs the film neither sound nor step', async () => {
  const clips = await Promise.all(['640x480', '320x240', '480x270'].map((size) => flashing(directory, size)));
  const source = path.join(directory, 'resized.mkv');
  await joinClips(clips, source);
  const input = await open(source);
  const file = path.join(directory, 'resized.webm');
  const output = await open(file, 'w');
  const plan = { segments: [], hasVideo: true, hasAudio: true, atMs: 0, lastsMs: 6_000, tile: 'a/person' };
  const program = spawn(services().config.FFMPEG, filmArguments([plan], 6_000), {
    stdio: ['ignore', output.fd, 'inherit', input.fd],
  });
  expect(await once(program, 'exit')).toEqual([0, null]);
  await Promise.all([input.close(), output.close()]);
  const { flashes, beeps } = await flashesAndBeeps(file);
  // One each second; a beep that begins the film is none that follows on silence.
  expect(flashes).toHaveLength(6);
  expect(beeps.filter((beep) => beep < 5.5)).toHaveLength(5);
  for (const beep of beeps.slice(0, 5)) {
    expect(Math.min(...flashes.map((flash) => Math.abs(flash - beep)))).toBeLessThan(0.08);
  }
});

test.skipIf(refusal !== undefined)(
  `a disk that is full costs the recording some time and the call nothing${refusal === undefined ? '' : ` (no disk to fill: ${refusal})`}`,
  async () => {
    const unmount = await mountTmpfs(recordings.directory, 4);
    reserveBytes = Number.NEGATIVE_INFINITY;
    try {
      const call = await stage.answered();
      await recordings.film(call.terminal);
      const id = await recordings.recorded(call);
      const alarms = async () => {
        const counters = stage.replicas.map((replica) => replica.services.metrics.recordingGaps.get());
        return (await Promise.all(counters))
          .flatMap(({ values }) => values)
          .filter(({ labels }) => labels.reason === 'storage-full')
          .reduce((sum, { value }) => sum + value, 0);
      };
      const before = await alarms();
      const ballast = path.join(recordings.directory, 'ballast');
      const filledAt = await fill(ballast);
      await call.doctor.browser.hears('recording:changed', ({ recording }) => recording?.trouble === 'storage-full');
      const [gap] = await recordings.gapsOf(id);
      expect(gap).toMatchObject({ reason: 'storage-full', ended_at: null });
      expect((gap?.noticed_at.getTime() ?? 0) - filledAt).toBeLessThan(5_000);
      expect(await alarms()).toBe(before + 1);
      // The call goes on.
      const producerId = await stage.speak(call.doctor);
      await call.terminal.browser.hears('consumer:created', ({ consumer }) => consumer.producerId === producerId);
      expect(await stage.peersIn(call.inRoom.roomId)).toHaveLength(2);

      await truncate(ballast);
      const [ended] = await vi.waitFor(
        async () => {
          const gaps = await recordings.gapsOf(id);
          expect(gaps.map(({ ended_at }) => ended_at)).not.toContain(null);
          return gaps;
        },
        { timeout: 20_000, interval: 100 },
      );
      await stopRecording(services(), await as(call.specialist), of(call));
      // Nothing is said to be there that isn't: of every row the file, whole, and no other file.
      const segments = await vi.waitFor(
        async () => {
          const rows = await recordings.segmentsOf(id, 2);
          const files = (await recordings.files(id)).map((file) => path.basename(file));
          expect(rows.map((row) => row.id).toSorted()).toEqual(files.toSorted());
          return rows;
        },
        { timeout: 10_000 },
      );
      expect(segments.map(({ recovered }) => recovered)).not.toContain(true);
      const key = Buffer.from(services().recordings.keyOf(id), 'base64');
      for (const segment of segments) {
        const file = path.join(recordings.directory, id, segment.id.slice(0, 2), segment.id);
        const { content } = await openSegment(file, key);
        expect(content.length).toBe(Number(segment.received_bytes) - segment.lead_bytes);
        // And none of them reaches into the gap.
        const began = ended?.began_at.getTime() ?? 0;
        expect(segment.last_at.getTime() <= began || segment.first_at.getTime() >= began + 1_000).toBe(true);
      }
    } finally {
      reserveBytes = 0;
      await unmount();
    }
  },
  90_000,
);

/** Until the disk takes only a part of what is written next. @returns when */
async function fill(file: string): Promise<number> {
  const handle = await open(file, 'w');
  try {
    for (;;) await handle.write(Buffer.alloc(16_384));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
    await handle.truncate((await handle.stat()).size - 12_288);
    return Date.now();
  } finally {
    await handle.close();
  }
}

test('where nothing can record, the call sees that nothing is recorded', async () => {
  const bare = await CallStage.start();
  try {
    const call = await bare.answered();
    const { services: there } = bare.replica();
    const actorOf = async (who: SignedIn) => {
      const { actor } = await there.sessions.resolve(who.cookie, who.face);
      return { agent: actor ?? expect.fail('no session'), requestId: 'test', idempotencyKey: randomUUID() };
    };
    const input = { ...of(call), purpose: 'recording', decision: 'active', method: 'on-screen' } as const;
    await recordConsent(there, await actorOf(call.clinic.terminal), input);
    await startRecording(there, await actorOf(call.specialist), of(call));
    await call.terminal.browser.hears('recording:changed', ({ recording }) => recording?.trouble === 'recorder-failed');
  } finally {
    await bare.stop();
  }
});
