import { randomBytes, randomUUID } from 'node:crypto';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { CallState } from '../../packages/call/src/callState.types.ts';
import { describePeople } from '../../signaling/src/operations/callPeople/describe.ts';
import { inviteGuest } from '../../signaling/src/operations/callPeople/guestLinks.ts';
import { enterAsGuest } from '../../signaling/src/operations/callPeople/openGuestLink.ts';
import type { Specialist } from '../support/callDistrict.ts';
import { CallOrigin, type CallSide } from '../support/callPage.ts';
import { CallStage } from '../support/callStage.ts';
import { launchChromium } from '../support/chromium.ts';

let stage: CallStage;
let origin: CallOrigin;
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

let terminal: CallSide;
let specialist: CallSide;
let doctor: Specialist;
let encounterId: Awaited<ReturnType<typeof stage.district.visit>>;
beforeEach(async () => {
  const clinic = await stage.district.clinic();
  doctor = await stage.district.specialist();
  encounterId = await stage.district.visit(clinic, doctor);
  [terminal, specialist] = await Promise.all([
    origin.open(browsers[0], clinic.terminal, encounterId),
    origin.open(browsers[1], doctor, encounterId),
  ]);
  await Promise.all([terminal, specialist].map((side) => side.until("state.warmth === 'ready'")));
  await terminal.ask('answer()');
  await Promise.all([terminal, specialist].map((side) => side.until("state.phase === 'connected'")));
});
afterEach(async () => {
  for (const browser of browsers) await Promise.all(browser.contexts().map((context) => context.close()));
});

/** Four browsers' pages encode on two cores. Milliseconds. */
const PATIENCE_MS = 60_000;

interface Screen {
  readonly width: number;
  readonly height: number;
  readonly frames: number;
}
const RECEIVED = 'callPage.otherScreen() !== null && callPage.otherScreen().frames > 0';
const NONE = "!state.streams.some(({ source }) => source === 'screen')";
const screensOf = (state: CallState) => state.streams.filter(({ source }) => source === 'screen');

/** Waits for more frames of the screen than there were. */
async function screenMoves(side: CallSide, timeout = 20_000): Promise<Screen> {
  await side.until(RECEIVED, timeout);
  const { frames } = await side.ask<Screen>('otherScreen()');
  await side.until(`callPage.otherScreen()?.frames > ${frames + 2}`, timeout);
  return side.ask<Screen>('otherScreen()');
}

test('a shared screen arrives line for line beside the camera, through every loss, and ends with its stop', async () => {
  await specialist.ask('shareScreen(false)');
  const sent = await specialist.ask<{ readonly width: number; readonly height: number }>('ownScreen()');
  const received = await screenMoves(terminal);
  expect(received).toMatchObject({ width: sent.width, height: sent.height });
  expect((await terminal.state()).streams.map(({ source }) => source).toSorted()).toEqual([
    'camera',
    'microphone',
    'screen',
  ]);

  // The socket is lost, then the media worker dies: the share is back by itself, in full size.
  origin.target = stage.replica(1).url;
  origin.cutSockets();
  await specialist.until("state.recovery.some(({ stage }) => stage === 'attach') && state.problems.length === 0");
  await screenMoves(terminal);
  for (const pid of stage.node().node.workerPids()) process.kill(pid, 'SIGKILL');
  await terminal.until("state.recovery.some(({ stage }) => stage === 'media-back') && state.phase === 'connected'");
  expect(await screenMoves(terminal)).toMatchObject({ width: sent.width, height: sent.height });

  // The browser's own button.
  await specialist.ask('endScreen()');
  await terminal.until(NONE);
  expect((await specialist.state()).screen.status).toBe('off');
  expect([...terminal.errors, ...specialist.errors]).toEqual([]);
});

test('one screen at a time: a second one is refused unless it takes over, and then the first one is told', async () => {
  await specialist.ask('shareScreen(false)');
  await screenMoves(terminal);
  await terminal.ask('shareScreen(false)');
  await terminal.until("state.screen.status === 'off' && state.problems.some(({ code }) => code === 'screen-taken')");
  expect(screensOf(await specialist.state())).toEqual([]);
  await screenMoves(terminal);

  await terminal.ask('shareScreen(true)');
  await screenMoves(specialist);
  await specialist.until("state.screen.status === 'off' && state.problems.some(({ code }) => code === 'screen-taken')");
  await terminal.until(NONE);
  expect((await terminal.state()).screen.status).toBe('live');
  // The place is free again, and the voice never depended on it.
  await terminal.ask('stopSharing()');
  await specialist.until(NONE);
  await specialist.ask('shareScreen(false)');
  await screenMoves(terminal);
  expect([...terminal.errors, ...specialist.errors]).toEqual([]);
});

/** A relative who comes by a link, in a browser page of their own. */
async function guest(name: string): Promise<CallSide> {
  const { services } = stage.replica();
  const { actor } = await services.sessions.resolve(doctor.cookie, doctor.face);
  if (actor === null) throw new Error('no session');
  const publicOrigin = 'https://clinic.example';
  const context = () => ({ agent: actor, requestId: 'test', idempotencyKey: randomUUID(), publicOrigin });
  const { guestLinkId } = await inviteGuest(services, context(), { encounterId, kind: 'family' });
  const { guests } = await describePeople(services, context(), { encounterId });
  const [, token = ''] = (guests.find((one) => one.guestLinkId === guestLinkId)?.link ?? '').split('#');
  const key = randomBytes(32).toString('base64url');
  const { setCookie } = await enterAsGuest(services, { requestId: 'test' }, { token, key, name });
  const [cookie = ''] = setCookie.split(';');
  return origin.open(browsers[0], { cookie, sessionId: '', face: 'guest' }, encounterId);
}

test('four in one room: everybody has everybody and the screen, hears who speaks, and a guest may share none', async () => {
  const guests = [await guest('陈女士'), await guest('林先生')];
  const all = [terminal, specialist, ...guests];
  const kinds = "state.streams.filter(({ source }) => source !== 'screen').length === 6";
  await Promise.all(all.map((side) => side.until(`state.participants.length === 3 && ${kinds}`, PATIENCE_MS)));
  // Chromium's test microphones beep all the time: somebody is heard, and never oneself.
  await Promise.all(all.map((side) => side.until('state.speakingPeerId !== null', PATIENCE_MS)));
  for (const side of all) {
    const { speakingPeerId, peerId } = await side.state();
    expect(speakingPeerId).not.toBe(peerId);
  }

  await guests[0]?.ask('shareScreen(false)');
  await guests[0]?.until("state.screen.status === 'off'");
  expect(screensOf(await specialist.state())).toEqual([]);

  await specialist.ask('shareScreen(false)');
  const sent = await specialist.ask<{ readonly width: number }>('ownScreen()');
  for (const side of [terminal, ...guests]) expect((await screenMoves(side, PATIENCE_MS)).width).toBe(sent.width);
  expect(all.flatMap(({ errors }) => errors)).toEqual([]);
}, 240_000);
