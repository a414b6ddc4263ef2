import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { TransportParameters } from '@cloud-hospital/protocol/sfu';
import { CallStage, type RunningCall, type Side } from '../support/callStage.ts';
import { MediaTransport, opusStream } from '../support/MediaTransport.ts';
import { firstOf, opusParameters } from './support.ts';

const LEVEL_EXTENSION_ID = 10;
const OPUS_PAYLOAD_TYPE = 111;

let stage: CallStage;
let transports: MediaTransport[] = [];
beforeEach(async () => {
  stage = await CallStage.start({ replicas: 2, env: { PEER_GRACE_SECONDS: '2', PARK_AFTER_SECONDS: '120' } });
});
afterEach(async () => {
  await Promise.all(transports.map((transport) => transport.close()));
  transports = [];
  await stage.stop();
});

/** Brings ICE and DTLS of one transport up, as a browser does while it is parked. */
async function warm({ browser, joined }: Side, parameters: TransportParameters): Promise<MediaTransport> {
  const { roomId, epoch } = joined;
  const transport = await MediaTransport.connect(parameters, (dtlsParameters) =>
    browser.request('transport:connect', { roomId, epoch, transportId: parameters.transportId, dtlsParameters }),
  );
  transports.push(transport);
  return transport;
}

/** One side speaks, with a level that the media node reads. */
async function speaks(side: Side, sending: MediaTransport) {
  const rtpParameters = opusParameters();
  await stage.speak(side, rtpParameters);
  const stream = opusStream(firstOf(rtpParameters.encodings ?? []).ssrc ?? 0, OPUS_PAYLOAD_TYPE, LEVEL_EXTENSION_ID);
  sending.stream({ ...stream, payload: Buffer.alloc(60, 0x5a) }, 20);
}

/** A ringing call whose transports are up, then answered; the terminal speaks and the specialist hears it. */
async function conversation() {
  const call = await stage.ringing(stage.replica(0), stage.replica(1));
  const { terminal, doctor, encounterId, inRoom } = call;
  const [sending, receiving] = await Promise.all([
    warm(terminal, terminal.joined.sendTransport),
    warm(doctor, doctor.joined.recvTransport),
  ]);
  await terminal.browser.request('call:answer', { encounterId });
  await Promise.all([terminal.browser.hears('room:opened'), doctor.browser.hears('room:opened')]);
  await speaks(terminal, sending);
  const { consumer } = await doctor.browser.hears('consumer:created');
  await doctor.browser.request('consumer:resume', { ...inRoom, consumerId: consumer.consumerId });
  const ssrc = firstOf(consumer.rtpParameters.encodings ?? []).ssrc ?? 0;
  const heard = (): number => receiving.packetsOf(ssrc).length;
  await flows(heard);
  return { call, sending, receiving, heard };
}

const flows = async (heard: () => number): Promise<void> => {
  const before = heard();
  await vi.waitFor(() => expect(heard()).toBeGreaterThan(before + 10), { timeout: 5_000 });
};
const statusOf = async ({ encounterId }: RunningCall): Promise<string> => {
  const { services } = stage.replica(1);
  const row = services.db.selectFrom('encounter').select('status').where('id', '=', encounterId);
  return (await row.executeTakeFirstOrThrow()).status;
};

test('parked, answered, heard: the first media begins the consultation', async () => {
  const { call } = await conversation();
  const { peerId } = call.terminal.joined;
  expect(
    await call.doctor.browser.hears('peer:connection-changed', (data) => data.peerId === peerId && data.connected),
  ).toBeDefined();
  await vi.waitFor(async () => expect(await statusOf(call)).toBe('in-progress'));
  const levels = await call.doctor.browser.hears('room:audio-levels', (data) => data.levels.length > 0);
  expect(levels.levels).toMatchObject([{ peerId }]);
});

test('on hold the specialist is heard by nobody outside, and none of them learns that somebody speaks', async () => {
  const { call } = await conversation();
  const { doctor, terminal, encounterId } = call;
  await speaks(doctor, await warm(doctor, doctor.joined.sendTransport));
  const { peerId } = doctor.joined;
  const isDoctors = (data: { levels: readonly { peerId: string }[] }): boolean =>
    data.levels.some((level) => level.peerId === peerId);
  await terminal.browser.hears('room:audio-levels', isDoctors);
  await doctor.browser.request('call:hold', { encounterId, hold: true });
  await terminal.browser.hears('room:parked');
  const told = terminal.browser.heard.length;
  const before = doctor.browser.heard.length;
  // The specialist's own page goes on showing it: it is still measured.
  await vi.waitFor(
    () => {
      const since = doctor.browser.heard.slice(before).filter(({ name }) => name === 'room:audio-levels');
      expect(since.length).toBeGreaterThan(3);
    },
    { timeout: 5_000 },
  );
  const since = terminal.browser.heard.slice(told).map(({ name }) => name);
  expect(since.filter((name) => name === 'room:audio-levels' || name === 'room:speaker')).toEqual([]);
});

test('media does not notice that its replica went away, nor is anybody told that the other is gone', async () => {
  const { call, heard } = await conversation();
  await stage.replica(0).stop();
  await call.terminal.browser.disconnected;
  await flows(heard);
  const { instanceId } = call.terminal.browser;
  const back = await stage.connect(call.clinic.terminal, stage.replica(1), instanceId);
  const attach = { encounterId: call.encounterId, instanceId, ...call.inRoom };
  const state = await back.request('room:attach', attach);
  expect(state.producers).toHaveLength(1);
  expect(state.peers).toMatchObject([{ peerId: call.doctor.joined.peerId, connected: true }]);
  await flows(heard);
  expect(call.doctor.browser.heard.filter(({ name }) => name === 'peer:left')).toEqual([]);
  // The new replica knows that the media is up, without having heard it come up.
  back.crash();
  await flows(heard);
  const told = call.doctor.browser.heard.filter(({ name }) => name === 'peer:connection-changed');
  expect(told.map(({ data }) => data)).toEqual([expect.objectContaining({ connected: true })]);
});

test('a socket that is lost for longer than the grace closes nobody whose media flows', async () => {
  const { call, heard } = await conversation();
  call.terminal.browser.crash();
  await new Promise((resolve) => setTimeout(resolve, 4_500));
  await flows(heard);
  expect(await stage.peersIn(call.inRoom.roomId)).toHaveLength(2);
  const { peerId } = call.terminal.joined;
  const told = call.doctor.browser.heard.filter(({ name }) => name === 'peer:connection-changed');
  expect(told).toEqual([
    { name: 'peer:connection-changed', data: expect.objectContaining({ peerId, connected: true }) },
  ]);
});

test('a power cut is told within 5 s, and leaves no ghost', async () => {
  const { call, sending } = await conversation();
  const { peerId } = call.terminal.joined;
  const cut = performance.now();
  call.terminal.browser.crash();
  await sending.vanish();
  await call.doctor.browser.hears('peer:connection-changed', (data) => data.peerId === peerId && !data.connected);
  expect(performance.now() - cut).toBeLessThan(5_000);
  await call.doctor.browser.hears('peer:left', (data) => data.peerId === peerId, 12_000);
  expect(await stage.peersIn(call.inRoom.roomId)).toMatchObject([{ peerId: call.doctor.joined.peerId }]);
});

test('a consultation that was parked and is taken up again goes on', async () => {
  const { call } = await conversation();
  await vi.waitFor(async () => expect(await statusOf(call)).toBe('in-progress'));
  await call.terminal.browser.request('call:leave', { encounterId: call.encounterId });
  await call.doctor.browser.hears('call:ended', ({ reason }) => reason === 'parked');
  expect(await statusOf(call)).toBe('onleave');
  await stage.district.call(call.encounterId, call.specialist);
  const { joined } = await stage.join(call.terminal.browser, call.encounterId);
  expect(joined.rights).toBe('parked');
  await call.terminal.browser.request('call:answer', { encounterId: call.encounterId });
  expect(await statusOf(call)).toBe('in-progress');
});
