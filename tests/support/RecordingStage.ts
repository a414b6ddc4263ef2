import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { RecordingRecord } from '@cloud-hospital/protocol/rest';
import { expect, vi } from 'vitest';
import { recordConsent } from '../../signaling/src/operations/clinic/recordConsent.ts';
import { finish } from '../../signaling/src/operations/encounter/finish.ts';
import { composeNext } from '../../signaling/src/operations/recording/compose.ts';
import { startRecording } from '../../signaling/src/operations/recording/control.ts';
import { getRecording } from '../../signaling/src/operations/recording/get.ts';
import type { CallStage, RunningCall, Side } from './callStage.ts';
import { filesBelow, sizeOf } from './recordedMedia.ts';
import { showAndSpeak } from './speakingCamera.ts';
import type { PictureCodec } from './TestSignal.ts';

/** Enough for a second or two of the test signal. */
const SOME_BYTES = 30_000;

/** Calls on a stage that are recorded, and what there is of them afterwards. */
export class RecordingStage {
  readonly stage: CallStage;
  /** Of all recordings. */
  readonly directory: string;
  readonly #switches: (() => Promise<void>)[] = [];

  constructor(stage: CallStage, directory: string) {
    this.stage = stage;
    this.directory = directory;
  }

  get services() {
    return this.stage.replica().services;
  }

  get db() {
    return this.services.db;
  }

  async consent({ clinic, encounterId }: RunningCall, decision: 'active' | 'inactive'): Promise<void> {
    const input = { encounterId, purpose: 'recording', decision, method: 'spoken-witnessed' } as const;
    await recordConsent(this.services, await this.stage.as(clinic.terminal), input);
  }

  /** Turns a camera and a microphone on, until `switchOff`. */
  async film({ browser, joined }: Side, codec: PictureCodec = 'VP8'): Promise<void> {
    const { roomId, epoch, sendTransport } = joined;
    const { transportId } = sendTransport;
    const inRoom = { roomId, epoch, transportId };
    const { off } = await showAndSpeak(sendTransport, {
      connect: (dtlsParameters) => browser.request('transport:connect', { ...inRoom, dtlsParameters }),
      produce: (kind, source, rtpParameters) =>
        browser.request('producer:create', { ...inRoom, kind, source, rtpParameters }),
      codec,
    });
    this.#switches.push(off);
  }

  async switchOff(): Promise<void> {
    await Promise.all(this.#switches.splice(0).map((off) => off()));
  }

  /** At the media node that holds the room, whatever anybody believes. */
  async isRecorded({ inRoom }: RunningCall): Promise<boolean> {
    const nodes = this.stage.replica().sfu.directory.nodes.filter(({ isUp }) => isUp);
    const inventories = await Promise.all(nodes.map(({ link }) => link.request('node:inventory', {})));
    return inventories
      .flatMap(({ rooms }) => rooms)
      .some(({ roomId, recordingId }) => roomId === inRoom.roomId && recordingId !== null);
  }

  /** Files of the recording, as long as nobody has ever made one: none. */
  async files(recordingId: string): Promise<string[]> {
    const known: string[] = await readdir(this.directory).catch(() => []);
    return known.includes(recordingId) ? filesBelow(path.join(this.directory, recordingId)) : [];
  }

  /** Waits until so many files have something in them. */
  async someBytes(recordingId: string, files = 1): Promise<void> {
    await vi.waitFor(
      async () => {
        const sizes = await Promise.all((await this.files(recordingId)).map(sizeOf));
        if (sizes.filter((size) => size > SOME_BYTES).length < files) throw new Error(`sizes: ${sizes.join()}`);
      },
      { timeout: 30_000, interval: 200 },
    );
  }

  recordingsOf({ encounterId }: RunningCall) {
    return this.db
      .selectFrom('recording')
      .selectAll()
      .where('encounter_id', '=', encounterId)
      .orderBy('started_at')
      .execute();
  }

  /** In order, as soon as there are so many. */
  async segmentsOf(recordingId: string, atLeast = 1) {
    const read = () =>
      this.db
        .selectFrom('recording_segment')
        .selectAll()
        .where('recording_id', '=', recordingId)
        .orderBy('first_at')
        .execute();
    return vi.waitFor(
      async () => {
        const rows = await read();
        if (rows.length < atLeast) throw new Error(`${rows.length} segments`);
        return rows;
      },
      { timeout: 20_000, interval: 100 },
    );
  }

  gapsOf(recordingId: string) {
    return this.db.selectFrom('recording_gap').selectAll().where('recording_id', '=', recordingId).execute();
  }

  /** Agreed to and begun, with something of it on the disk. */
  async recorded(call: RunningCall, people = 1): Promise<string> {
    await this.consent(call, 'active');
    await startRecording(this.services, await this.stage.as(call.specialist), { encounterId: call.encounterId });
    const [row] = await this.recordingsOf(call);
    const { id } = row ?? expect.fail('no recording');
    await this.someBytes(id, people);
    return id;
  }

  async finish({ encounterId, specialist }: RunningCall): Promise<void> {
    const { version } = await this.db
      .selectFrom('encounter')
      .select('version')
      .where('id', '=', encounterId)
      .executeTakeFirstOrThrow();
    await finish(this.services, await this.stage.as(specialist), { encounterId, version, outcome: 'completed' });
  }

  composition({ encounterId }: RunningCall) {
    return this.db
      .selectFrom('recording_composition')
      .selectAll()
      .where('encounter_id', '=', encounterId)
      .executeTakeFirstOrThrow();
  }

  /** Makes the film of a finished call, as soon as its media node has finished all segments. */
  async composed(call: RunningCall): Promise<RecordingRecord> {
    await vi.waitFor(
      async () => {
        await composeNext(this.services);
        const { status } = await this.composition(call);
        if (status !== 'composed') throw new Error(`the film is ${status}`);
      },
      { timeout: 60_000, interval: 500 },
    );
    return getRecording(this.services, await this.stage.as(call.specialist), { encounterId: call.encounterId });
  }
}
