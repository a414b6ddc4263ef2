import { type Encounter, Exchange, Terminal } from '@cloud-hospital/protocol/rest';
import type { Browser, Locator, Page } from 'playwright-core';
import { z } from 'zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { axeViolations } from '../support/axe.ts';
import { launchChromium, SCREENS } from '../support/chromium.ts';
import { ClinicSeat } from '../support/journeys/ClinicSeat.ts';
import { readCast } from '../support/journeys/cast.ts';
import { Journal } from '../support/journeys/Journal.ts';
import { ResidentJourney } from '../support/journeys/ResidentJourney.ts';
import { SpecialistJourney } from '../support/journeys/SpecialistJourney.ts';
import { openPage } from '../support/journeys/Stage.ts';
import type { Stack } from '../support/stack.ts';
import { signInStaff } from '../support/WebClient.ts';
import { startWebStack } from '../support/webStack.ts';
import { words } from '../support/words.ts';

let stack: Stack;
let browsers: readonly [Browser, Browser];
let specialist: SpecialistJourney;
let seat: ClinicSeat;
let errors: readonly string[];
let visit: Encounter;

beforeAll(async () => {
  const [started, journal, hospital, clinic] = await Promise.all([
    startWebStack(),
    Journal.create({ directory: process.env['SHOTS'] ?? null }),
    launchChromium({ testCameras: 2 }),
    launchChromium({ testCameras: 2 }),
  ]);
  stack = started;
  browsers = [hospital, clinic];
  const opened = await openPage(hospital, { baseURL: stack.url, face: 'console' });
  errors = opened.errors;
  specialist = new SpecialistJourney(opened.page, journal);
  await specialist.signIn(DEMO_ACCOUNTS.specialist.username, DEMO_PASSWORD);
  await specialist.beginWork();
  seat = await ClinicSeat.open(clinic, { baseURL: stack.url, journal, nurse: DEMO_ACCOUNTS.nurse.username });
});
afterAll(async () => {
  await Promise.all(browsers.map((browser) => browser.close()));
  await stack?.stop();
});

test('the self-test measures the line through a media node, and the district sees what it carries', async () => {
  const { page } = seat.terminal;
  await page.goto('/terminal/self-test');
  await seat.terminal.passSelfTest();
  const administrator = await signInStaff(stack.url, 'console', DEMO_ACCOUNTS.administrator.username, DEMO_PASSWORD);
  const { terminals } = (await administrator.get('/terminals')).read(z.object({ terminals: z.array(Terminal) }));
  const tested = terminals.find(({ selfTest }) => selfTest?.line !== undefined);
  expect(tested?.selfTest).toMatchObject({ camera: 'passed', microphone: 'passed', speaker: 'passed' });
  expect(tested?.selfTest?.line?.upKbps).toBeGreaterThan(0);
  expect(tested?.selfTest?.line?.downKbps).toBeGreaterThan(0);
});

test('a resident’s phone tests itself for an appointment, which keeps the result', async () => {
  const cast = await readCast(stack.url);
  const { page } = await openPage(browsers[0], { baseURL: stack.url, face: 'resident' });
  const resident = new ResidentJourney(page, await Journal.create({ directory: process.env['SHOTS'] ?? null }));
  await resident.signIn(cast.resident.phone);
  const { specialist: doctor, clinicName, resident: person } = cast;
  await resident.book({
    departmentCode: doctor.departmentCode,
    specialistName: doctor.name,
    clinicName,
    complaint: person.complaint,
  });
  await page.getByTestId('open-device-check').click();
  await page.getByTestId('check-begin').waitFor();
  expect(await axeViolations(page, 'device check')).toEqual([]);
  await page.getByTestId('check-begin').click();
  for (const part of ['camera', 'microphone', 'network']) {
    await page.locator(`[data-testid="check-${part}"][data-outcome="passed"]`).waitFor();
  }
  await page.getByTestId('check-chime').click();
  await page.getByTestId('check-not-heard').click();
  await page.getByText(words.deviceCheck.hint['not-heard']).waitFor();
  await page.locator('[data-testid="check-verdict"][data-failures="1"]').waitFor();
  await resident.shot('device-check-failed');
  expect(await axeViolations(page, 'device check, failed')).toEqual([]);
  await page.getByTestId('check-chime').click();
  await page.getByTestId('check-heard').click();
  await page.locator('[data-testid="check-verdict"][data-failures="0"][data-kept="true"]').waitFor();
  await resident.shot('device-check');
  await page.getByTestId('check-done').click();
  const [lastGood = ''] = words.deviceCheck.lastGood.split('{{time}}').toReversed();
  await page.getByTestId('open-device-check').filter({ hasText: lastGood.trim() }).waitFor();
  await resident.shot('device-check-kept');
  await page.context().close();
});

/** How many pictures of the other side are shown. */
const pictures = (page: Page) => page.locator('.ch-call-participant video').count();

test('the specialist looks at face, examination camera and both; staff can do the same', async () => {
  visit = await seat.ring(specialist, '孙桂芳');
  await seat.answer(specialist);
  const { cameras, stage } = words.call;
  const choose = (label: string) => specialist.stage.getByRole('button', { name: label, exact: true }).click();
  const isChosen = (label: string) =>
    specialist.stage.locator('.ch-call-cameras [aria-pressed="true"]', { hasText: label }).waitFor();
  await isChosen(cameras.face);
  await choose(cameras.examination);
  await isChosen(cameras.examination);
  expect(await pictures(specialist.page)).toBe(1);
  await seat.terminal.page.getByText(cameras.wanted.examination).waitFor();
  await seat.terminal.shot('examination');
  await choose(cameras.both);
  await isChosen(cameras.both);
  const swap = (name: string) => specialist.stage.getByRole('button', { name: cameras.swap.replace('{{name}}', name) });
  await swap(stage.source.camera).click();
  await swap(stage.source.examination).waitFor();
  expect(await pictures(specialist.page)).toBe(2);
  await specialist.shot('two-cameras');
  expect(await axeViolations(specialist.page, 'console')).toEqual([]);
  await seat.terminal.page.locator('.ch-call-cameras').getByRole('button', { name: cameras.face, exact: true }).tap();
  await isChosen(cameras.face);
  expect(await axeViolations(seat.terminal.page, 'terminal')).toEqual([]);

  await seat.terminal.page.locator('.ch-call-quality > summary').first().tap();
  await seat.terminal.page.locator('.ch-call-figures:visible', { hasText: words.call.quality.loss }).waitFor();
});

const largeScreen = (page: Page): Locator => page.locator('[data-place="main"][data-kind="screen"] video');
/** One key, wherever the focus was. */
async function press(page: Page, key: string): Promise<void> {
  await page.evaluate('document.activeElement?.blur()');
  await page.keyboard.press(key);
}
/** The other side's screen is large, in all of its columns, and moves. */
async function seesScreen(page: Page, width: number): Promise<void> {
  await largeScreen(page).waitFor();
  const shown = (name: string) => `document.querySelector('[data-place="main"][data-kind="screen"] video').${name}`;
  const frames = `${shown('getVideoPlaybackQuality()')}.totalVideoFrames`;
  await expect.poll(() => page.evaluate(shown('videoWidth')), { timeout: 20_000 }).toBe(width);
  const before = await page.evaluate<number>(frames);
  await expect.poll(() => page.evaluate<number>(frames), { timeout: 20_000 }).toBeGreaterThan(before + 2);
}
/** The screens that Chromium makes up beside its test cameras are as wide as the pages that share them. */
const WIDTH = { console: SCREENS.console.width, terminal: SCREENS.terminal.width };

test('either side shares its screen, one at a time, and what is frozen of it is drawn on and kept', async () => {
  const [{ page: console_ }, { page: terminal }] = [specialist, seat.terminal];
  const { share, problem } = words.call;
  // A dialog that was opened and left stays in the page, hidden: the keys go on meaning something.
  await specialist.stage.getByRole('button', { name: words.console.stage.finish }).click();
  const finish = console_.getByRole('dialog', { name: words.console.finish.title });
  await finish.waitFor();
  await console_.keyboard.press('Escape');
  await finish.waitFor({ state: 'hidden' });
  await press(console_, 'd');
  await console_.getByTestId('sharing').waitFor();
  await seesScreen(terminal, WIDTH.console);
  await seat.terminal.shot('screen-received');
  await specialist.shot('screen-shared');
  expect(await axeViolations(console_, 'console sharing')).toEqual([]);
  expect(await axeViolations(terminal, 'terminal with screen')).toEqual([]);

  // Only after a question does the terminal's screen take the other's place.
  await terminal.getByRole('button', { name: share.start }).tap();
  await terminal.getByTestId('share-ask').waitFor();
  await seat.terminal.shot('screen-ask');
  await terminal.getByRole('button', { name: share.take }).tap();
  await seesScreen(console_, WIDTH.terminal);
  await console_.getByText(problem['screen-taken'].title).waitFor();
  await console_.getByTestId('sharing').waitFor({ state: 'detached' });
  await terminal.getByTestId('sharing').waitFor();
  await seat.terminal.shot('screen-shared-terminal');
  expect(await axeViolations(terminal, 'terminal sharing')).toEqual([]);

  // A small picture is enlarged by a press, or with a key; the key goes round to the stage's own choice.
  await press(console_, 'p');
  await press(console_, 'p');
  await console_.locator('[data-place="strip"][data-kind="screen"]').waitFor();
  await press(console_, 'p');
  await largeScreen(console_).waitFor();

  await press(console_, 'f');
  await console_.locator('[data-testid="stage"][data-full="true"]').waitFor();
  await specialist.shot('screen-full');
  await press(console_, 'f');
  await console_.locator('[data-testid="stage"][data-full="false"]').waitFor();

  await console_.getByRole('button', { name: share.freeze }).click();
  const viewer = console_.getByTestId('picture-viewer');
  const picture = viewer.locator('svg[data-loaded="true"]');
  await picture.waitFor();
  expect(Number(await picture.getAttribute('data-width'))).toBe(WIDTH.terminal);
  await viewer.getByRole('button', { name: words.exchange.viewer.tool.circle }).click();
  const box = await picture.boundingBox();
  if (box === null) throw new Error('no picture');
  await console_.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.4);
  await console_.mouse.down();
  await console_.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.6);
  await console_.mouse.up();
  await console_.getByTestId('save-annotation').click();
  await viewer.getByText(words.exchange.viewer.savedBy.replace('{{name}}', '')).waitFor();
  await specialist.shot('screen-annotated');
  const doctor = await signInStaff(stack.url, 'console', DEMO_ACCOUNTS.specialist.username, DEMO_PASSWORD);
  const kept = (await doctor.get(`/encounters/${visit.encounterId}/exchange`)).read(Exchange);
  expect(kept.attachments).toMatchObject([
    { kind: 'still', title: share.frozen, status: 'completed', annotation: { version: 1 } },
  ]);

  const { device } = words.call;
  await terminal.getByRole('button', { name: device.title }).tap();
  const devices = terminal.getByTestId('devices-dialog');
  await devices.getByRole('checkbox', { name: device.echo }).uncheck();
  await seat.terminal.shot('devices');
  expect(await axeViolations(terminal, 'devices')).toEqual([]);
  await devices.getByRole('checkbox', { name: device.echo }).check();
  await devices.getByRole('button', { name: words.common.action.close }).tap();
  await devices.waitFor({ state: 'detached' });

  await terminal.getByTestId('sharing').getByRole('button', { name: share.stop }).tap();
  await largeScreen(console_).waitFor({ state: 'detached' });
  await seat.finish(specialist, visit);
});

test('how the call went stands in its record, as a chart, as tables, and with who was there', async () => {
  const { page } = specialist;
  await page.getByTestId('open-call-record').click();
  const record = page.getByTestId('call-record');
  await record.locator('canvas').waitFor();
  await record.getByText(words.console.callRecord.presence, { exact: true }).first().waitFor();
  await record.getByRole('button', { name: words.console.statistics.asTable }).click();
  const scores = record.locator('.c-panel__scroll tbody tr');
  expect(await scores.count()).toBeGreaterThan(1);
  await specialist.shot('call-record');
  expect(await axeViolations(page, 'record')).toEqual([]);
  expect(errors).toEqual([]);
});
