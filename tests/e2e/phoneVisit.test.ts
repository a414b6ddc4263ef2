import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { axeViolations } from '../support/axe.ts';
import { perceives } from '../support/CallProbe.ts';
import { launchChromium } from '../support/chromium.ts';
import { readCast } from '../support/journeys/cast.ts';
import { Journal } from '../support/journeys/Journal.ts';
import { waitForBookableDay } from '../support/journeys/nextDay.ts';
import { ResidentJourney } from '../support/journeys/ResidentJourney.ts';
import { SpecialistJourney } from '../support/journeys/SpecialistJourney.ts';
import { fakePeople, openPage } from '../support/journeys/Stage.ts';
import type { Stack } from '../support/stack.ts';
import { startWebStack } from '../support/webStack.ts';
import { words } from '../support/words.ts';

const MIDNIGHT_MS = 21 * 60_000;

let stack: Stack;
let hospital: Browser;
let home: Browser;
let specialist: SpecialistJourney;
let resident: ResidentJourney;
let phone: Page;
let ticket: string;
const violations: string[] = [];
const errors: string[][] = [];
const INSPECTED: ReadonlySet<string> = new Set([
  'clinic',
  'phone-ticket',
  'consent',
  'ready',
  'ringing',
  'call',
  'still',
  'caption',
  'messages',
  'picture',
  'dropped',
  'phone-card',
  'parked',
]);

beforeAll(async () => {
  await waitForBookableDay();
  // From midnight on: whichever time is free next.
  stack = await startWebStack({ env: { PHONE_CHECK_IN_SECONDS: '86400' } });
  const people = await fakePeople();
  const journal = await Journal.create({
    directory: process.env['SHOTS'] ?? null,
    inspect: async (page, face, name) => {
      if (INSPECTED.has(name)) violations.push(...(await axeViolations(page, `${face}/${name}`)));
    },
  });
  [hospital, home] = await Promise.all([
    launchChromium({ media: people.specialist }),
    launchChromium({ media: people.resident }),
  ]);
  const [doctor, own] = await Promise.all([
    openPage(hospital, { baseURL: stack.url, face: 'console' }),
    openPage(home, { baseURL: stack.url, face: 'resident', permissions: ['camera', 'microphone'] }),
  ]);
  errors.push(doctor.errors, own.errors);
  specialist = new SpecialistJourney(doctor.page, journal);
  resident = new ResidentJourney(own.page, journal);
  phone = own.page;
}, MIDNIGHT_MS);
afterAll(async () => {
  await Promise.all([hospital?.close(), home?.close()]);
  await stack?.stop();
});

const calls = async (): Promise<void> => {
  await specialist.callNext();
  await phone.getByTestId('ringing').waitFor();
};
const answers = async (): Promise<void> => {
  await phone.getByRole('button', { name: words.call.ringing.answer, exact: true }).tap();
  await Promise.all([
    phone.locator('[data-testid="phone-call"][data-phase="connected"]').waitFor(),
    specialist.inCall(),
  ]);
};

/** A still on the specialist's key, a message each way, a file from the phone and a picture to it, beside the call. */
async function exchanged(): Promise<void> {
  const { page } = specialist;
  const { exchange } = words;
  await page.evaluate('document.activeElement?.blur()');
  await page.keyboard.press('s');
  await phone.getByTestId('still-preview').waitFor();
  await resident.shot('still');
  await page.getByTestId('picture-viewer').locator('svg[data-loaded="true"]').waitFor();

  await page.evaluate('document.activeElement?.blur()');
  await page.keyboard.press('c');
  const atConsole = page.getByTestId('chat');
  await atConsole.getByRole('button', { name: exchange.phrases.specialist.closer }).click();
  await phone.getByTestId('message-caption').getByText(exchange.phrases.specialist.closer).waitFor();
  await resident.shot('caption');
  await phone.getByRole('button', { name: exchange.chat.openUnread.replace('{{count}}', '1') }).tap();
  const atHome = phone.getByTestId('chat');
  await atHome.getByRole('log').getByText(exchange.phrases.specialist.closer).waitFor();
  await atHome.getByRole('button', { name: exchange.phrases.clinic.yes }).tap();
  await atConsole.getByRole('log').getByText(exchange.phrases.clinic.yes).waitFor();
  await atHome
    .getByTestId('chat-file')
    .setInputFiles({ name: '化验单.jpg', mimeType: 'image/jpeg', buffer: await phone.screenshot({ type: 'jpeg' }) });
  await atConsole.getByTestId('attachment').filter({ hasText: '化验单.jpg' }).waitFor();
  await atConsole
    .getByTestId('chat-file')
    .setInputFiles({ name: '用药示意.png', mimeType: 'image/png', buffer: await phone.screenshot() });
  const sent = atHome.getByTestId('attachment').filter({ hasText: '用药示意.png' });
  await sent.waitFor();
  await resident.shot('messages');
  await sent.tap();
  await phone.getByTestId('picture-viewer').locator('svg[data-loaded="true"]').waitFor();
  await resident.shot('picture');
  await phone.getByRole('button', { name: exchange.viewer.close }).tap();
  await phone.getByRole('button', { name: exchange.pane.close }).tap();
}

test('booked, checked in and ready on the resident’s own phone; the console says that nobody measures', async () => {
  const cast = await readCast(stack.url);
  await resident.signIn(cast.resident.phone);
  const wish = {
    departmentCode: cast.specialist.departmentCode,
    specialistName: cast.specialist.name,
    clinicName: cast.clinicName,
    complaint: cast.resident.complaint,
  };
  await resident.openTimes(wish);
  await resident.freeSlots().first().click();
  await phone.getByTestId('by-phone').check();
  await resident.chooseClinic(wish.clinicName);
  await phone.getByTestId('complaint').fill(wish.complaint);
  await phone.getByTestId('complaint-next').click();
  await phone
    .getByTestId('confirm-clinic')
    .getByText(words.common.appointment.byPhone.split('，')[0] ?? '')
    .waitFor();
  await phone.getByTestId('confirm').click();
  await phone.locator('[data-testid="phone-check-in"][data-open="true"]').waitFor();
  await resident.shot('phone-ticket');

  await phone.getByTestId('open-phone-check-in').click();
  await phone.getByTestId('phone-consent').waitFor();
  await resident.shot('consent');
  await phone.getByTestId('phone-agree').click();
  await phone.getByTestId('phone-set-ready').click();
  await phone.locator('[data-testid="phone-ready"][data-ready="true"]').waitFor();
  ticket = (await phone.getByTestId('ticket-number').innerText()).trim();
  await resident.shot('ready');

  await specialist.signIn(DEMO_ACCOUNTS.specialist.username, DEMO_PASSWORD);
  await specialist.beginWork();
  await specialist.queueCard(ticket).getByText(words.console.queue.byPhone).waitFor();
  await specialist.queueCard(ticket).getByText(words.console.queue.ready, { exact: true }).waitFor();
  await specialist.shot('phone-card');
});

test('called, seen and heard, with pictures and messages beside the call, and once more after hanging up', async () => {
  await calls();
  await resident.shot('ringing');
  await answers();
  await Promise.all([perceives(phone, 'resident'), perceives(specialist.page, 'specialist')]);
  await resident.shot('call');
  await specialist.shot('phone-stage');
  await exchanged();

  await phone.getByRole('button', { name: words.call.control['hang-up'] }).tap();
  await phone.getByTestId('phone-leave-sure').tap();
  await phone.locator('[data-testid="phone-note"][data-note="dropped"]').waitFor();
  await phone.getByTestId('waiting-position').and(phone.locator('[data-position="1"]')).waitFor();
  await resident.shot('dropped');
  await specialist.page.locator('[data-testid="stage-idle"][data-parked="true"]').waitFor();
  await specialist.shot('parked');

  await specialist.queueCard(ticket).getByText(words.console.queue.ready, { exact: true }).waitFor();
  await calls();
  await answers();
  // What was written before is there, and nothing of it is new.
  await phone.getByRole('button', { name: words.exchange.chat.open, exact: true }).tap();
  await phone.getByTestId('chat').getByRole('log').getByText(words.exchange.phrases.clinic.yes).waitFor();
  await specialist.finish();
  await phone.locator('[data-testid="waiting-over"][data-state="done"]').waitFor();
  await resident.shot('done');
});

test('every page on the way is accessible, and none complains', () => {
  expect(violations).toEqual([]);
  expect(errors.flat()).toEqual([]);
});
