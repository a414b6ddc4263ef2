import { randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CallState } from '../../packages/call/src/callState.types.ts';
import { SYSTEM } from '../../signaling/src/domain/Actor.ts';
import { parkEncounter } from '../../signaling/src/operations/encounter/parkEncounter.ts';
import { CallOrigin, type CallSide } from '../support/callPage.ts';
import { CallStage } from '../support/callStage.ts';
import type { Clinic, Specialist } from '../support/callDistrict.ts';
import { launchChromium } from '../support/chromium.ts';

let stage: CallStage;
let origin: CallOrigin;
/** One browser a side, as in life: each has its own WebRTC stack and its own threads. */
let browsers: [Browser, Browser];

beforeAll(async () => {
  stage = await CallStage.start({ replicas: 2 });
  origin = await CallOrigin.start(stage.replica().url);
  browsers = await Promise.all([launchChromium({ testCameras: 1 }), launchChromium({ testCameras: 1 })]);
});
afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await Promise.all([origin.stop(), stage.stop()]);
});

interface Sides {
  readonly terminal: CallSide;
  readonly specialist: CallSide;
}
let clinic: Clinic;
let doctor: Specialist;
let encounterId: Awaited<ReturnType<typeof stage.district.visit>>;

beforeEach(async () => {
  [clinic, doctor] = [await stage.district.clinic(), await stage.district.specialist()];
  encounterId = await stage.district.visit(clinic, doctor);
});
afterEach(async () => {
  origin.target = stage.replica().url;
  for (const browser of browsers) await Promise.all(browser.contexts().map((context) => context.close()));
});

const READY = "state.warmth === 'ready' && state.camera.status === 'live' && state.microphone.status === 'live'";

async function parked(codec?: 'VP8' | 'H264'): Promise<Sides> {
  const [terminal, specialist] = await Promise.all([
    origin.open(browsers[0], clinic.terminal, encounterId, codec),
    origin.open(browsers[1], doctor, encounterId, codec),
  ]);
  await Promise.all([terminal.until(READY), specialist.until(READY)]);
  return { terminal, specialist };
}

async function connected(codec?: 'VP8' | 'H264'): Promise<Sides> {
  const sides = await parked(codec);
  await sides.terminal.ask('answer()');
  await Promise.all(
    [sides.terminal, sides.specialist].map(async (side) => {
      await side.until("state.phase === 'connected'");
      await side.nextFrame();
    }),
  );
  return sides;
}

/** Those of the peers that the media node really has, whatever anybody believes. */
async function present(peerIds: readonly (string | null)[]): Promise<string[]> {
  const { rooms } = await (await stage.node().link()).request('node:inventory', {});
  return rooms.flatMap(({ peers }) => peers.map(({ peerId }) => peerId)).filter((peerId) => peerIds.includes(peerId));
}

/** What the job does that finds nobody in an answered call. */
async function park(): Promise<void> {
  const { commands, config } = stage.replica().services;
  const context = { agent: SYSTEM, requestId: randomUUID() };
  expect(await commands.run(context, (unit) => parkEncounter(unit, encounterId, config))).toBe(true);
}

const stagesOf = ({ recovery }: CallState): string[] => recovery.map(({ stage: name }) => name);
const sourceOf = (state: CallState, source: 'microphone' | 'camera') =>
  state.streams.find((stream) => stream.source === source);

describe('from parked to face', () => {
  test('parked: ICE and DTLS are up on both sides, and not one RTP packet was sent', async () => {
    const { terminal, specialist } = await parked();
    expect(await terminal.ask('packetsSent()')).toBe(0);
    expect(await specialist.ask('packetsSent()')).toBe(0);
    expect(await terminal.state()).toMatchObject({ phase: 'idle', rights: 'parked', streams: [] });
    expect(await specialist.state()).toMatchObject({ phase: 'ringing', rights: 'parked', streams: [] });
  });

  test('answered: both see and hear each other at once', async () => {
    const { terminal, specialist } = await parked();
    const pressedAt = await terminal.ask<number>('answer()');
    await Promise.all([
      terminal.until("state.phase === 'connected' && callPage.firstFrameAt() !== null"),
      specialist.until("state.phase === 'connected' && callPage.firstFrameAt() !== null"),
    ]);
    for (const side of [terminal, specialist]) {
      // A generous ceiling for a busy machine; the bench reports the real figure (goal: RTT + 250 ms).
      expect((await side.ask<number>('firstFrameAt()')) - pressedAt).toBeLessThan(5_000);
      await side.until('state.streams.length === 2 && state.streams.every((stream) => stream.flowing)');
      expect(side.errors).toEqual([]);
    }
  });
});

test.each(['VP8', 'H264'] as const)(
  'in %s both see each other, and the picture rises above its lowest layer',
  async (codec) => {
    const { terminal, specialist } = await connected(codec);
    for (const side of [terminal, specialist]) {
      expect(await side.ask('videoCodecs("outbound-rtp")')).toEqual([`video/${codec}`]);
      expect(await side.ask('videoCodecs("inbound-rtp")')).toEqual([`video/${codec}`]);
      await side.page.waitForFunction('document.querySelector("video").videoHeight > 200');
      await side.nextFrame();
      expect(side.errors).toEqual([]);
    }
  },
);

describe('during a call', () => {
  test('muting and the camera reach the other side, and need no renegotiation', async () => {
    const { terminal, specialist } = await connected();
    const negotiated = await terminal.ask<number>('negotiations()');
    await terminal.ask('setMicrophone(false)');
    await terminal.ask('setCamera(false)');
    await specialist.until('state.streams.length === 2 && state.streams.every((stream) => stream.paused)');
    await terminal.ask('setMicrophone(true)');
    await terminal.ask('setCamera(true)');
    await specialist.until('state.streams.length === 2 && state.streams.every((stream) => !stream.paused)');
    await specialist.nextFrame();
    expect(await terminal.ask<number>('negotiations()')).toBe(negotiated);
  });

  test('a camera that is pulled out leaves the voice, is said, and steps in again by itself', async () => {
    const { terminal, specialist } = await connected();
    await terminal.ask('unplugCamera()');
    await specialist.until("state.streams.some((stream) => stream.source === 'camera' && stream.paused)");
    expect(sourceOf(await specialist.state(), 'microphone')?.paused).toBe(false);
    // The fake camera is still there: it is taken anew.
    await terminal.until("state.camera.status === 'live' && state.problems.length === 0");
    await specialist.nextFrame();
  });

  test('without camera and microphone the call goes on one-way, and says why', async () => {
    const bare = await launchChromium();
    try {
      const terminal = await origin.open(bare, clinic.terminal, encounterId);
      const specialist = await origin.open(browsers[1], doctor, encounterId);
      await terminal.until("state.warmth === 'ready' && state.camera.status === 'unavailable'");
      await specialist.until(READY);
      await terminal.ask('answer()');
      await terminal.until("state.phase === 'connected'");
      await terminal.nextFrame();
      const codes = (await terminal.state()).problems.map(({ code }) => code).toSorted();
      expect(codes).toEqual(['camera-missing', 'microphone-missing']);
    } finally {
      await bare.close();
    }
  });

  test('hanging up ends both sides and leaves nobody in the room', async () => {
    const { terminal, specialist } = await connected();
    const peerIds = await Promise.all([terminal, specialist].map(async (side) => (await side.state()).peerId));
    expect(await present(peerIds)).toHaveLength(2);
    await terminal.ask('hangUp()');
    await specialist.until("state.phase === 'ended'");
    expect(await terminal.state()).toMatchObject({ phase: 'ended', endReason: 'hung-up', streams: [] });
    expect((await specialist.state()).endReason).toBe('parked');
    await expect.poll(() => present(peerIds), { timeout: 10_000 }).toEqual([]);
  });
});

describe('what a call survives', () => {
  test('lost sockets: media goes on, they return to another replica, both sides agree again', async () => {
    const { terminal, specialist } = await connected();
    await specialist.ask('takeLongestGap()');
    origin.target = stage.replica(1).url;
    origin.cutSockets();
    for (const side of [terminal, specialist]) {
      await side.until("state.recovery.some(({ stage }) => stage === 'attach') && state.problems.length === 0");
    }
    await specialist.nextFrame();
    const state = await terminal.state();
    expect(stagesOf(state)).toEqual(['signal-lost', 'signal-back', 'attach']);
    expect(state.phase).toBe('connected');
    expect(await specialist.ask<number>('takeLongestGap()')).toBeLessThan(3_000);
  });

  test('a media worker that dies: both join anew under the same identity', async () => {
    const { terminal, specialist } = await connected();
    const { peerId } = await terminal.state();
    for (const pid of stage.node().node.workerPids()) process.kill(pid, 'SIGKILL');
    for (const side of [terminal, specialist]) {
      await side.until("state.recovery.some(({ stage }) => stage === 'media-back') && state.phase === 'connected'");
      await side.nextFrame();
    }
    const state = await terminal.state();
    expect(stagesOf(state)).toEqual(expect.arrayContaining(['room-moved', 'media-lost', 'rejoin', 'media-back']));
    expect(state.peerId).toBe(peerId);
    expect(state.participants).toHaveLength(1);
  });

  test('a reload: the same tab is back in the same call without anyone pressing anything', async () => {
    const { terminal, specialist } = await connected();
    const [{ peerId }, instanceId] = [await terminal.state(), await terminal.ask<string>('instanceId()')];
    await terminal.page.reload();
    await terminal.until("state.phase === 'connected'");
    await terminal.nextFrame();
    expect(await terminal.ask<string>('instanceId()')).toBe(instanceId);
    expect((await terminal.state()).peerId).toBe(peerId);
    await specialist.nextFrame();
    expect((await specialist.state()).participants).toHaveLength(1);
  });

  test('a page whose name is still held by another goes by one name from the start: it doesn’t take the call from itself', async () => {
    const { terminal, specialist } = await connected();
    const held = await terminal.ask<string>('instanceId()');
    await terminal.page.addInitScript(
      `void navigator.locks.request('ch.instance.${held}', () => new Promise(() => undefined))`,
    );
    await terminal.page.reload();
    await terminal.until("state.phase === 'connected'");
    expect(await terminal.ask<string>('instanceId()')).not.toBe(held);
    for (const pid of stage.node().node.workerPids()) process.kill(pid, 'SIGKILL');
    for (const side of [terminal, specialist]) {
      await side.until("state.recovery.some(({ stage }) => stage === 'media-back') && state.phase === 'connected'");
      await side.nextFrame();
    }
  });

  test('a second tab takes the call over; the first one is told and does not fight back', async () => {
    const { terminal, specialist } = await connected();
    const second = await origin.openTab(terminal.page.context(), clinic.terminal, encounterId);
    await second.until("state.phase === 'connected'");
    await terminal.until("state.phase === 'ended'");
    expect((await terminal.state()).endReason).toBe('attached-elsewhere');
    await second.nextFrame();
    await specialist.nextFrame();
    expect((await second.state()).phase).toBe('connected');
  });

  test('an end that was said while the socket was lost: the call ends here too', async () => {
    const { terminal, specialist } = await connected();
    // Nobody answers until the call is over: its end is decided meanwhile, e.g. by the job that parks empty rooms.
    origin.target = null;
    origin.cutSockets();
    await specialist.until("state.problems.some(({ code }) => code === 'signal-lost')");
    await terminal.page.close();
    await park();
    origin.target = stage.replica().url;
    await specialist.until("state.phase === 'ended'");
    expect((await specialist.state()).endReason).toBe('parked');
  });

  test('a right that was taken back while the socket was lost: nobody waits for media that nothing brings back', async () => {
    const { terminal } = await connected();
    origin.target = null;
    origin.cutSockets();
    await terminal.until("state.problems.some(({ code }) => code === 'signal-lost')");
    const { commands, sessions } = stage.replica().services;
    const { deviceId } = clinic;
    await commands.run({ agent: SYSTEM, requestId: randomUUID() }, (unit) =>
      sessions.end(unit, { deviceId }, 'terminal-revoked'),
    );
    await terminal.until("state.problems.some(({ code }) => code === 'media-lost')");
    origin.target = stage.replica().url;
    await terminal.until("state.phase === 'ended'");
    expect((await terminal.state()).endReason).toBe('revoked');
  });
});
