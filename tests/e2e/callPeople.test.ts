import { SessionState } from '@cloud-hospital/protocol/rest';
import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { axeViolations } from '../support/axe.ts';
import { perceives } from '../support/CallProbe.ts';
import { launchChromium } from '../support/chromium.ts';
import { ClinicSeat } from '../support/journeys/ClinicSeat.ts';
import { Journal } from '../support/journeys/Journal.ts';
import { SpecialistJourney } from '../support/journeys/SpecialistJourney.ts';
import { fakePeople, openPage } from '../support/journeys/Stage.ts';
import type { Stack } from '../support/stack.ts';
import { signInStaff } from '../support/WebClient.ts';
import { startWebStack } from '../support/webStack.ts';
import { words } from '../support/words.ts';

const { nurse, specialist: doctor, otherSpecialist } = DEMO_ACCOUNTS;
const { callPeople: text } = words;

let stack: Stack;
let hospital: Browser;
let clinic: Browser;
let journal: Journal;
let specialist: SpecialistJourney;
let colleague: SpecialistJourney;
let colleagueName: string;
let seat: ClinicSeat;
let phone: Page;
const violations: string[] = [];
const INSPECTED: ReadonlySet<string> = new Set([
  'guest-code',
  'entrance',
  'check',
  'call',
  'gone',
  'people',
  'colleagues',
  'invited',
  'hold',
  'removed',
]);

beforeAll(async () => {
  const people = await fakePeople();
  stack = await startWebStack();
  journal = await Journal.create({
    directory: process.env['SHOTS'] ?? null,
    // The pages on the way here are looked at by others.
    inspect: async (page, face, name) => {
      if (!INSPECTED.has(name)) return;
      violations.push(...(await axeViolations(page, `${face}/${name}`)));
    },
  });
  [hospital, clinic] = await Promise.all([
    launchChromium({ media: people.specialist }),
    launchChromium({ media: people.resident }),
  ]);
  const consoleOf = async (): Promise<SpecialistJourney> =>
    new SpecialistJourney((await openPage(hospital, { baseURL: stack.url, face: 'console' })).page, journal);
  [specialist, colleague] = [await consoleOf(), await consoleOf()];
  await specialist.signIn(doctor.username, DEMO_PASSWORD);
  await specialist.beginWork();
  await colleague.signIn(otherSpecialist.username, DEMO_PASSWORD);
  await colleague.beginWork();
  const client = await signInStaff(stack.url, 'console', otherSpecialist.username, DEMO_PASSWORD);
  colleagueName = (await client.get('/session')).read(SessionState).session?.displayName ?? '';
  seat = await ClinicSeat.open(clinic, { baseURL: stack.url, journal, nurse: nurse.username });
  await seat.ring(specialist, '陈玉珍');
  await seat.answer(specialist);
});
afterAll(async () => {
  await Promise.all([hospital?.close(), clinic?.close()]);
  await stack?.stop();
});

/** Opens the panel of who is in the call. */
const inPeople = async (page: Page) => {
  await page.getByTestId('people-open').click();
  const panel = page.getByTestId('people');
  await panel.waitFor();
  return panel;
};
const closePeople = async (page: Page): Promise<void> => {
  await page.getByTestId('people-open').click();
  await page.getByTestId('people').waitFor({ state: 'hidden' });
};

/** Asks a guest in. @returns the address that the code leads to */
async function guestAddress(inspected: boolean): Promise<string> {
  const { page } = specialist;
  await (await inPeople(page)).getByTestId('invite-guest').click();
  await page.getByRole('dialog', { name: text.guest.title }).getByRole('button', { name: text.guest.make }).click();
  const code = page.getByTestId('guest-code');
  await code.waitFor();
  if (inspected) await specialist.shot('guest-code');
  const link = new URL((await code.getAttribute('data-link')) ?? '');
  await page.keyboard.press('Escape');
  return `${link.pathname}${link.hash}`;
}

/** Puts a guest out of the call, from the panel that is open. */
async function removeGuest(guest: string): Promise<void> {
  const { page } = specialist;
  const people = page.getByTestId('people');
  await people.getByRole('button', { name: text.removeName.replace('{{name}}', guest) }).click();
  await page
    .getByRole('dialog', { name: text.removeTitle.replace('{{name}}', guest) })
    .getByRole('button', { name: text.remove })
    .click();
}

test('a relative scans a code, says who they are, and is in the call: seen, heard and seeing; nobody else comes by it', async () => {
  const { page } = specialist;
  const address = await guestAddress(true);
  ({ page: phone } = await openPage(clinic, { baseURL: stack.url, face: 'guest' }));
  await phone.goto(address);
  await phone.locator('[data-testid="device-check"][data-state="both"]').waitFor();
  await journal.step(phone, 'guest', 'entrance');
  await phone.getByTestId('guest-name').fill('陈女士，女儿');
  await phone.getByTestId('guest-check').tap();
  await phone.locator('[data-testid="check-camera"][data-outcome="passed"]').waitFor();
  await journal.step(phone, 'guest', 'check');
  // Offered, not waited for: the line is still being measured.
  await phone.getByTestId('guest-join-checked').tap();
  await phone.locator('[data-testid="guest-call"][data-phase="connected"]').waitFor();
  await perceives(phone, 'relative');
  await journal.step(phone, 'guest', 'call');
  const people = await inPeople(page);
  await people
    .locator('[data-testid="participant"][data-role="family"]')
    .getByText('陈女士，女儿', { exact: true })
    .waitFor();
  await specialist.shot('people');
  await closePeople(page);
  await seat.terminal.shot('three');

  const { page: other } = await openPage(hospital, { baseURL: stack.url, face: 'guest' });
  await other.goto(address);
  await other.getByTestId('guest-gone').waitFor();
  await journal.step(other, 'guest', 'gone');
  await other.close();
});

test('a colleague is rung for, sees the brief and takes part', async () => {
  const { page } = specialist;
  await (await inPeople(page)).getByTestId('invite-colleague').click();
  const dialog = page.getByTestId('colleague-dialog');
  await dialog.getByLabel(text.colleague.search, { exact: true }).fill(colleagueName);
  await dialog.getByLabel(text.colleague.note).fill('请看一下心电图');
  await dialog.getByRole('button', { name: text.colleague.askName.replace('{{name}}', colleagueName) }).waitFor();
  await specialist.shot('colleagues');
  await dialog.getByRole('button', { name: text.colleague.askName.replace('{{name}}', colleagueName) }).click();
  const rings = colleague.page.getByTestId('incoming-invitation');
  await rings.getByText('请看一下心电图').waitFor();
  await colleague.shot('invited');
  await rings.getByTestId('accept').click();
  await colleague.page.locator('[data-testid="colleague-stage"][data-phase="connected"]').waitFor();
  await colleague.page.getByRole('region', { name: words.console.record.title }).getByText('陈玉珍').first().waitFor();
  await perceives(colleague.page, 'colleague');
  await colleague.shot('colleague');
  await specialist.shot('with-colleague');
});

test('on hold clinic and relative see a calm screen, also after a reload; the specialists go on', async () => {
  const { page } = specialist;
  const { terminal } = seat;
  await (await inPeople(page)).getByTestId('hold').click();
  await Promise.all([
    terminal.page.getByTestId('hold-screen').getByText(words.call.hold.title).waitFor(),
    phone.getByTestId('hold-screen').getByText(words.call.hold.title).waitFor(),
    colleague.page.getByTestId('hold-banner').waitFor(),
  ]);
  await closePeople(page);
  await specialist.shot('hold');
  await terminal.shot('hold');
  await journal.step(phone, 'guest', 'hold');
  await terminal.page.reload();
  await terminal.page.getByTestId('hold-screen').getByText(words.call.hold.title).waitFor();
  await perceives(colleague.page, 'colleague');
  await page.getByTestId('hold-banner').getByTestId('resume').click();
  await Promise.all([
    terminal.page.getByTestId('hold-screen').waitFor({ state: 'hidden' }),
    phone.getByTestId('hold-screen').waitFor({ state: 'hidden' }),
  ]);
  await perceives(terminal.page, 'resident');
});

test('who is put out on hold, while their line is gone, learns it when the line is back', async () => {
  const { page } = specialist;
  // However slowly the panel leaves that the dialog came out of: Escape is the dialog's.
  await page.evaluate(`
    const slow = new CSSStyleSheet();
    slow.replaceSync('[class*="-leave"] { animation-duration: 10s !important; }');
    document.adoptedStyleSheets.push(slow);
  `);
  const address = await guestAddress(false);
  await page.getByRole('dialog', { name: text.guest.title }).waitFor({ state: 'hidden' });
  await page.evaluate('document.adoptedStyleSheets.pop(); null');
  const { page: guest } = await openPage(clinic, { baseURL: stack.url, face: 'guest' });
  let socket: WebSocketRoute | undefined;
  let gone = false;
  await guest.routeWebSocket(/socket\.io/, (route) => {
    if (gone) {
      void route.close();
      return;
    }
    route.connectToServer();
    socket = route;
  });
  await guest.goto(address);
  await guest.getByTestId('guest-name').fill('林先生');
  await guest.getByTestId('guest-join').tap();
  await guest.locator('[data-testid="guest-call"][data-phase="connected"]').waitFor();
  const people = await inPeople(page);
  await people.getByTestId('hold').click();
  await guest.getByTestId('hold-screen').waitFor();
  gone = true;
  await socket?.close();
  await removeGuest('林先生');
  // The touch outside of it closed the panel.
  await people.waitFor({ state: 'hidden' });
  await (await inPeople(page)).getByText('林先生').waitFor({ state: 'hidden' });
  await closePeople(page);
  gone = false;
  const over = guest.getByTestId('guest-over');
  await over.waitFor();
  expect(await over.getAttribute('data-reason')).toBe('removed');
  await guest.close();
  await page.getByTestId('hold-banner').getByTestId('resume').click();
  await phone.getByTestId('hold-screen').waitFor({ state: 'hidden' });
});

test('a guest is put out at once; the call goes over to the colleague and on', async () => {
  const { page } = specialist;
  const people = await inPeople(page);
  await removeGuest('陈女士，女儿');
  const over = phone.getByTestId('guest-over');
  await over.waitFor();
  expect(await over.getAttribute('data-reason')).toBe('removed');
  await journal.step(phone, 'guest', 'removed');

  // The touch outside of it closed the panel.
  await people.waitFor({ state: 'hidden' });
  await (await inPeople(page)).getByTestId('transfer-call').click();
  const dialog = page.getByTestId('colleague-dialog');
  await dialog.getByLabel(text.colleague.search, { exact: true }).fill(colleagueName);
  await dialog.getByRole('button', { name: text.colleague.askName.replace('{{name}}', colleagueName) }).click();
  await colleague.page.locator('[data-testid="incoming-invitation"][data-purpose="transfer"]').waitFor();
  await colleague.shot('handed-over');
  await colleague.page.getByTestId('accept').click();
  await colleague.inCall();
  await seat.terminal.page.getByTestId('transfer-note').getByText(colleagueName).waitFor();
  await seat.terminal.shot('transferred');
  await seat.terminal.inCall();
  await page.getByTestId('call-next').waitFor();
  await perceives(seat.terminal.page, 'resident');
  await colleague.shot('responsible');
  await colleague.finish();
  await seat.terminal.callEnded();
});

test('every page on the way is accessible', () => {
  expect(violations).toEqual([]);
});
