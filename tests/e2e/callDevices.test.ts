import { Terminal } from '@cloud-hospital/protocol/rest';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { axeViolations } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { ClinicSeat } from '../support/journeys/ClinicSeat.ts';
import { Journal } from '../support/journeys/Journal.ts';
import { SpecialistJourney } from '../support/journeys/SpecialistJourney.ts';
import { openPage } from '../support/journeys/Stage.ts';
import type { Stack } from '../support/stack.ts';
import { signInStaff } from '../support/WebClient.ts';
import { startWebStack } from '../support/webStack.ts';
import { words } from '../support/words.ts';

const TWO_CAMERAS = '--use-fake-device-for-media-stream=device-count=2';

let stack: Stack;
let browsers: readonly Browser[];
let specialist: SpecialistJourney;
let seat: ClinicSeat;
let errors: readonly string[];

beforeAll(async () => {
  const [started, journal, hospital, clinic] = await Promise.all([
    startWebStack(),
    Journal.create({ directory: null }),
    launchChromium({ args: [TWO_CAMERAS] }),
    launchChromium({ args: [TWO_CAMERAS] }),
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

/** How many pictures of the other side are shown. */
const pictures = (page: Page) => page.locator('.ch-call-participant video').count();

test('the specialist looks at face, examination camera and both; staff can do the same', async () => {
  const visit = await seat.ring(specialist, '孙桂芳');
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
