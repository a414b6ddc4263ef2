import type { Encounter } from '@cloud-hospital/protocol/rest';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { axeViolations } from '../support/axe.ts';
import { perceives } from '../support/CallProbe.ts';
import { launchChromium } from '../support/chromium.ts';
import { jpeg, pdf } from '../support/files.ts';
import { ClinicSeat } from '../support/journeys/ClinicSeat.ts';
import { Journal } from '../support/journeys/Journal.ts';
import { SpecialistJourney } from '../support/journeys/SpecialistJourney.ts';
import { fakePeople, openPage } from '../support/journeys/Stage.ts';
import type { Stack } from '../support/stack.ts';
import { startWebStack } from '../support/webStack.ts';
import { words } from '../support/words.ts';

const { nurse, specialist: doctor } = DEMO_ACCOUNTS;
const { exchange } = words;

let stack: Stack;
let hospital: Browser;
let clinic: Browser;
let specialist: SpecialistJourney;
let seat: ClinicSeat;
let visit: Encounter;
const violations: string[] = [];
const errors: string[] = [];

beforeAll(async () => {
  const people = await fakePeople();
  stack = await startWebStack();
  const journal = await Journal.create({
    directory: process.env['SHOTS'] ?? null,
    inspect: async (page, face, name) => {
      violations.push(...(await axeViolations(page, `${face}/${name}`)));
    },
  });
  // Chromium's own test pattern has sizes up to 4K, as a webcam does; a file has one.
  [hospital, clinic] = await Promise.all([
    launchChromium({ media: people.specialist }),
    launchChromium({ testCameras: 1 }),
  ]);
  const opened = await openPage(hospital, { baseURL: stack.url, face: 'console' });
  specialist = new SpecialistJourney(opened.page, journal);
  await specialist.signIn(doctor.username, DEMO_PASSWORD);
  await specialist.beginWork();
  seat = await ClinicSeat.open(clinic, { baseURL: stack.url, journal, nurse: nurse.username });
  for (const page of [seat.terminal.page, opened.page]) {
    page.on('pageerror', (error) => errors.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) errors.push(message.text());
    });
  }
  visit = await seat.ring(specialist, '陈玉珍');
  await seat.answer(specialist);
  await perceives(specialist.page, 'specialist');
});
afterAll(async () => {
  await Promise.all([hospital?.close(), clinic?.close()]);
  await stack?.stop();
});

const viewer = (page: Page): Locator => page.getByTestId('picture-viewer');
const picture = (page: Page): Locator => viewer(page).locator('svg[data-loaded="true"]');
/** One key, wherever the focus was. */
async function press(page: Page, key: string): Promise<void> {
  await page.evaluate('document.activeElement?.blur()');
  await page.keyboard.press(key);
}

test('one key brings a picture at the camera’s full resolution, larger than the call’s, while the call goes on', async () => {
  const { terminal } = seat;
  await press(specialist.page, 's');
  await terminal.page.getByTestId('still-preview').waitFor();
  await terminal.shot('still-preview');
  await picture(specialist.page).waitFor();
  const size = await picture(specialist.page).getAttribute('data-width');
  expect(Number(size)).toBe(3840);
  expect(await sentWidth(terminal.page)).toBeLessThanOrEqual(1280);
  await seat.bothInCall(specialist);
  await specialist.shot('still');
});

/** Of the call's own camera track. */
const sentWidth = (page: Page): Promise<number> =>
  page.evaluate<number>(
    `Math.max(...[...document.querySelectorAll('[data-testid="call"] video')].map((video) => video.videoWidth)
      .filter((width) => width > 0))`,
  );

test('it can be enlarged, turned and drawn on, and is found so after the page is loaded anew', async () => {
  const { page } = specialist;
  const { viewer: text } = exchange;
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await expect.poll(async () => Number(await picture(page).getAttribute('data-zoom'))).toBeGreaterThan(1.5);
  await page.keyboard.press('0');
  const box = await picture(page).boundingBox();
  if (box === null) throw new Error('no picture');
  const at = (x: number, y: number): [number, number] => [box.x + box.width * x, box.y + box.height * y];
  const drag = async (from: [number, number], to: [number, number]): Promise<void> => {
    await page.mouse.move(...from);
    await page.mouse.down();
    await page.mouse.move((from[0] + to[0]) / 2, (from[1] + to[1]) / 2 + 8);
    await page.mouse.move(...to);
    await page.mouse.up();
  };
  const tool = (name: keyof typeof text.tool) => viewer(page).getByRole('button', { name: text.tool[name] });
  await tool('arrow').click();
  await drag(at(0.3, 0.3), at(0.48, 0.5));
  await tool('circle').click();
  await drag(at(0.5, 0.45), at(0.6, 0.65));
  await tool('freehand').click();
  await drag(at(0.62, 0.3), at(0.7, 0.4));
  await tool('text').click();
  await page.mouse.click(...at(0.55, 0.75));
  await viewer(page).getByLabel(text.writing).fill('此处皮疹');
  await page.keyboard.press('Enter');
  await page.getByTestId('save-annotation').click();
  await viewer(page).getByText(text.savedBy.replace('{{name}}', '')).waitFor();
  await specialist.shot('annotated');

  await page.reload();
  await specialist.inCall();
  await page.getByTestId('record-pictures').getByTestId('attachment').first().click();
  await picture(page).waitFor();
  await expect.poll(() => picture(page).locator('text', { hasText: '此处皮疹' }).count()).toBe(1);
  expect(await picture(page).locator('path').count()).toBe(5);
});

test('staff keep a picture back before it leaves, and the specialist is told', async () => {
  const { terminal } = seat;
  await press(specialist.page, 's');
  await terminal.page.getByTestId('still-discard').tap();
  await specialist.page.getByText(exchange.still.discarded).waitFor();
  expect(await specialist.page.getByTestId('record-pictures').getByTestId('attachment').count()).toBe(1);
});

test('both write to each other; what looks like a page is shown as it was typed', async () => {
  const { terminal } = seat;
  const hostile = '<img src=x onerror="document.title=1">';
  await press(specialist.page, 'c');
  const atConsole = specialist.page.getByTestId('chat');
  await atConsole.getByRole('button', { name: exchange.phrases.specialist.closer }).click();
  // Read from the chair, before anything is opened.
  const caption = terminal.page.getByTestId('message-caption');
  await caption.getByText(exchange.phrases.specialist.closer).waitFor();
  await terminal.shot('caption');
  await terminal.control(exchange.chat.openUnread.replace('{{count}}', '1')).tap();
  await caption.waitFor({ state: 'hidden' });
  const atTerminal = terminal.page.getByTestId('chat');
  await atTerminal.getByText(exchange.phrases.specialist.closer).waitFor();
  await atConsole.getByText(exchange.chat.read).waitFor();
  await atTerminal.getByLabel(exchange.chat.write).fill(hostile);
  await atTerminal.getByRole('button', { name: exchange.chat.send, exact: true }).tap();
  await atConsole.getByText(hostile, { exact: true }).waitFor();
  await Promise.all([terminal.shot('chat'), specialist.shot('chat')]);
});

test('a file whose line is cut goes on where it was, and arrives whole', async () => {
  const { terminal } = seat;
  const content = jpeg({ width: 3000, height: 2000, bytes: 3_000_000 });
  // Parts go through until the line is cut in the middle of the file, and again once it is back.
  let parts = 0;
  let isCut = false;
  const begun: string[] = [];
  terminal.page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/api/uploads')) begun.push(request.url());
  });
  await terminal.page.route('**/api/uploads/**', async (route) => {
    parts += 1;
    if (parts === 6) isCut = true;
    await (isCut ? route.abort('internetdisconnected') : route.continue());
  });
  await terminal.page
    .getByTestId('chat-file')
    .setInputFiles({ name: '心电图.jpg', mimeType: 'image/jpeg', buffer: content });
  const upload = terminal.page.getByTestId('chat').getByTestId('upload');
  await upload.getByText(exchange.tile.waiting.split('，')[0] ?? '').waitFor();
  const before = Number(await upload.locator('progress').getAttribute('value'));
  expect(before).toBeGreaterThan(0);
  await terminal.shot('upload-waiting');
  await expect.poll(() => parts, { timeout: 10_000 }).toBeGreaterThan(7);
  isCut = false;
  const arrived = specialist.page.getByTestId('chat').getByTestId('attachment').filter({ hasText: '3000×2000' });
  await arrived.waitFor({ timeout: 60_000 });
  expect(begun).toHaveLength(1);
  await seat.bothInCall(specialist);
  await specialist.shot('file-arrived');
});

test('a document is saved under a name made here, never opened in the page', async () => {
  const { terminal } = seat;
  await specialist.page
    .getByTestId('chat-file')
    .setInputFiles({ name: '../饮食建议.pdf', mimeType: 'application/pdf', buffer: pdf() });
  const saved = terminal.page.waitForEvent('download');
  await terminal.page.getByTestId('chat').getByTestId('attachment-file').tap();
  expect((await saved).suggestedFilename()).toMatch(/^file-[\d-]{10}-[0-9a-f]{8}\.pdf$/);
});

test('after the end everything stays in the record, to be read, and goes to the resident only by the opinion', async () => {
  const { page } = specialist;
  await seat.finish(specialist, visit);
  await seat.terminal.page.getByTestId('visit-exchange').getByTestId('attachment').first().waitFor();
  await seat.terminal.shot('visit-pictures');
  const images = page.getByTestId('note-images');
  await images.getByRole('checkbox').first().check();
  const { findings, advice, plainSummary } = words.console.record;
  await page.getByLabel(findings).fill('右前臂红斑。');
  await page.getByLabel(advice).fill('外用炉甘石洗剂。');
  await page.getByLabel(plainSummary).fill('皮疹不严重，擦药即可。');
  await page.locator('[data-testid="note-status"][data-status="clean"]').waitFor();
  await specialist.shot('note-images');
  await specialist.sign(DEMO_PASSWORD);
});

test('every page on the way is accessible, and none complains', () => {
  expect(violations).toEqual([]);
  expect(errors).toEqual([]);
});
