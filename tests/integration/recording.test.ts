import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { FACE_HEADER } from '@cloud-hospital/protocol';
import { recordingContentPath } from '@cloud-hospital/protocol/rest';
import { WebmSplitter } from '@cloud-hospital/protocol/sfu';
import { afterAll, afterEach, beforeAll, expect, inject, test, vi } from 'vitest';
import { SealedFile } from '../../sfu/src/recording/SealedFile.ts';
import { createHttpApp } from '../../signaling/src/http/createHttpApp.ts';
import { recordConsent } from '../../signaling/src/operations/clinic/recordConsent.ts';
import { setHold } from '../../signaling/src/operations/callPeople/setHold.ts';
import { finish } from '../../signaling/src/operations/encounter/finish.ts';
import { composeNext } from '../../signaling/src/operations/recording/compose.ts';
import { startRecording, stopRecording } from '../../signaling/src/operations/recording/control.ts';
import { getRecording } from '../../signaling/src/operations/recording/get.ts';
import { openRecording } from '../../signaling/src/operations/recording/play.ts';
import { recoverSegments } from '../../signaling/src/operations/recording/recover.ts';
import type { SignedIn } from '../support/callDistrict.ts';
import { CallStage, type RunningCall, type Side } from '../support/callStage.ts';
import { filesBelow, openSegment, probe } from '../support/recordedMedia.ts';
import { showAndSpeak } from '../support/speakingCamera.ts';

let stage: CallStage;
let directory: string;
let server: Server;
let url: string;
const switches: (() => Promise<void>)[] = [];

beforeAll(async () => {
  directory = await mkdtemp(path.join(inject('servers').directory, 'recorded-'));
  const recording = { directory: path.join(directory, 'recordings'), reserveBytes: 0, ffmpeg: 'ffmpeg' };
  stage = await CallStage.start({
    replicas: 2,
    env: { DATA_DIR: directory, RECORDING_SETTLE_SECONDS: '0' },
    nodeConfig: { recording },
  });
  server = createServer(createHttpApp({ services: services(), isReady: () => Promise.resolve(true) }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
});
afterEach(async () => {
  await Promise.all(switches.splice(0).map((off) => off()));
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await stage?.stop();
});

const services = () => stage.replica().services;
const db = () => services().db;
/** As whoever has that session, with a key of its own each time. */
async function as(who: SignedIn) {
  const { actor } = await services().sessions.resolve(who.cookie, who.face);
  if (actor === null) throw new Error('no session');
  return { agent: actor, requestId: 'test', idempotencyKey: randomUUID(), publicOrigin: 'https://clinic.example' };
}
const of = ({ encounterId }: RunningCall) => ({ encounterId });
const audits = async (action: string) =>
  db().selectFrom('audit_event').select(['outcome', 'entity_id']).where('action', '=', action).execute();

async function consent({ clinic, encounterId }: RunningCall, decision: 'active' | 'inactive'): Promise<void> {
  const input = { encounterId, purpose: 'recording', decision, method: 'spoken-witnessed' } as const;
  await recordConsent(services(), await as(clinic.terminal), input);
}

async function film({ browser, joined }: Side): Promise<void> {
  const { roomId, epoch, sendTransport } = joined;
  const { transportId } = sendTransport;
  const inRoom = { roomId, epoch, transportId };
  const { off } = await showAndSpeak(sendTransport, {
    connect: (dtlsParameters) => browser.request('transport:connect', { ...inRoom, dtlsParameters }),
    produce: (kind, source, rtpParameters) =>
      browser.request('producer:create', { ...inRoom, kind, source, rtpParameters }),
  });
  switches.push(off);
}

/** At the media node that holds the room, whatever anybody believes. */
const isRecorded = async ({ inRoom }: RunningCall): Promise<boolean> => {
  const { rooms } = await (await stage.node().link()).request('node:inventory', {});
  return rooms.some(({ roomId, recordingId }) => roomId === inRoom.roomId && recordingId !== null);
};
const someBytes = async (recordingId: string, people = 1): Promise<void> => {
  await vi.waitFor(
    async () => {
      const files = await filesBelow(path.join(directory, 'recordings', recordingId));
      const sizes = await Promise.all(files.map(async (file) => (await readFile(file)).length));
      expect(sizes.filter((size) => size > 30_000).length).toBeGreaterThanOrEqual(people);
    },
    { timeout: 30_000, interval: 200 },
  );
};
const recordingsOf = ({ encounterId }: RunningCall) =>
  db().selectFrom('recording').selectAll().where('encounter_id', '=', encounterId).orderBy('started_at').execute();
const segmentsOf = async (recordingId: string) => {
  await vi.waitFor(
    async () => {
      const rows = await db()
        .selectFrom('recording_segment')
        .select('id')
        .where('recording_id', '=', recordingId)
        .execute();
      expect(rows).not.toHaveLength(0);
    },
    { timeout: 15_000, interval: 100 },
  );
  return db().selectFrom('recording_segment').selectAll().where('recording_id', '=', recordingId).execute();
};

async function recorded(call: RunningCall, people = 1): Promise<string> {
  await consent(call, 'active');
  await startRecording(services(), await as(call.specialist), of(call));
  const [row] = await recordingsOf(call);
  const { id } = row ?? expect.fail('no recording');
  await someBytes(id, people);
  return id;
}

test('only inside a consent, seen by everybody, and over within two seconds of its withdrawal', async () => {
  const call = await stage.answered(stage.replica(0), stage.replica(1));
  await film(call.terminal);
  const start = async () => startRecording(services(), await as(call.specialist), of(call));
  await expect(start()).rejects.toMatchObject({ code: 'CONSENT_REQUIRED' });
  await consent(call, 'active');
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

  await film(again);
  const [recording] = await recordingsOf(call);
  await someBytes(recording?.id ?? '');
  // What is said while the call is on hold isn't the resident's.
  await setHold(services(), await as(call.specialist), { encounterId: call.encounterId, hold: true });
  await call.doctor.browser.hears('recording:changed', ({ recording: told }) => told?.trouble === 'on-hold');
  await vi.waitFor(async () => expect(await isRecorded(call)).toBe(false), { timeout: 5_000 });
  await setHold(services(), await as(call.specialist), { encounterId: call.encounterId, hold: false });
  await vi.waitFor(async () => expect(await isRecorded(call)).toBe(true), { timeout: 5_000 });
  await consent(call, 'inactive');
  await vi.waitFor(async () => expect(await isRecorded(call)).toBe(false), { timeout: 5_000 });
  const segments = await segmentsOf(recording?.id ?? '');
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
  expect((await recordingsOf(call))[0]).toMatchObject({ stop_reason: 'withdrawn' });
  await expect(start()).rejects.toMatchObject({ code: 'CONSENT_REQUIRED' });
}, 90_000);

test('a film is put together without plaintext, plays by ranges, and each opening leaves one trace', async () => {
  const call = await stage.answered();
  await Promise.all([film(call.terminal), film(call.doctor)]);
  const id = await recorded(call, 2);
  await stopRecording(services(), await as(call.specialist), of(call));
  // Of each of the two at least one: a picture that stands still for a while on a busy machine begins another.
  await vi.waitFor(
    async () => {
      const seen = (await segmentsOf(id)).filter((segment) => segment.has_video);
      expect(new Set(seen.map((segment) => segment.participant_id)).size).toBe(2);
    },
    { timeout: 10_000 },
  );

  const who = await as(call.specialist);
  await expect(openRecording(services(), who, of(call))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  const { version } = await db()
    .selectFrom('encounter')
    .select('version')
    .where('id', '=', call.encounterId)
    .executeTakeFirstOrThrow();
  await finish(services(), await as(call.specialist), { ...of(call), version, outcome: 'completed' });
  expect(await composeNext(services())).toBe(true);
  expect(await composeNext(services())).toBe(false);

  const record = await getRecording(services(), who, of(call));
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
  const row = await db()
    .selectFrom('recording_composition')
    .selectAll()
    .where('encounter_id', '=', call.encounterId)
    .executeTakeFirstOrThrow();
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

test('a room that moves is recorded where it is now, with the gap; of a lost recorder’s segment the whole parts are kept', async () => {
  const call = await stage.answered();
  await film(call.terminal);
  const id = await recorded(call);
  // Whichever replica is left goes on with it.
  await stage.replica(1).stop();
  process.kill(stage.node().node.workerPids()[0] ?? expect.fail('no worker'), 'SIGKILL');
  await call.terminal.browser.hears('room:moved');
  const again = await stage.join(call.terminal.browser, call.encounterId);
  expect(again.joined.epoch).toBeGreaterThan(call.inRoom.epoch);
  await film(again);
  await vi.waitFor(
    async () => {
      const gaps = await db().selectFrom('recording_gap').select('reason').where('recording_id', '=', id).execute();
      expect(gaps.map(({ reason }) => reason)).toContain('room-moved');
    },
    { timeout: 10_000 },
  );
  await vi.waitFor(() => expect(stage.node().node.recorderPids()).not.toHaveLength(0), { timeout: 10_000 });
  const [segment] = await segmentsOf(id);
  const key = Buffer.from(services().recordings.keyOf(id), 'base64');
  const recordings = path.join(directory, 'recordings', id);
  const { head, content } = await openSegment(
    path.join(recordings, (segment?.id ?? '').slice(0, 2), segment?.id ?? ''),
    key,
  );

  // What a media node leaves behind that loses its power in the middle of a record.
  const fileId = randomUUID();
  const left = await SealedFile.create({ directory: recordings, fileId, key, reserveBytes: () => 0 });
  await left.append(Buffer.from(JSON.stringify({ ...head, segmentId: fileId, takeId: randomUUID() })));
  for (const { bytes } of new WebmSplitter().push(content)) await left.append(bytes);
  const file = path.join(recordings, fileId.slice(0, 2), `${fileId}.part`);
  const bytes = await readFile(file);
  await writeFile(file, bytes.subarray(0, bytes.length - 100));
  await utimes(file, new Date(0), new Date(0));
  const desk = { ...services(), sfu: stage.replica().sfu };
  await recoverSegments(desk);
  // Should it live after all, it finds its segment taken.
  await expect(left.finish()).rejects.toThrow(/ENOENT/);
  const kept = await db()
    .selectFrom('recording_segment')
    .selectAll()
    .where('id', '=', fileId)
    .executeTakeFirstOrThrow();
  expect(kept.recovered).toBe(true);
  expect(Number(kept.stored_bytes)).toBeLessThan(bytes.length - 100);
}, 90_000);

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
