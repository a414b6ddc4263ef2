import { randomUUID } from 'node:crypto';
import { Appointment } from '@cloud-hospital/protocol/rest';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { DEMO_ACCOUNTS, DEMO_PASSWORD, demoPhone } from '../../signaling/src/seed/demoAccounts.ts';
import { axeViolations } from '../support/axe.ts';
import { launchChromium, watchErrors } from '../support/chromium.ts';
import { readCast } from '../support/journeys/cast.ts';
import { fictionalIdentityNumber } from '../support/journeys/Desk.ts';
import { Journal } from '../support/journeys/Journal.ts';
import { ResidentJourney } from '../support/journeys/ResidentJourney.ts';
import { openPage } from '../support/journeys/Stage.ts';
import { TerminalJourney } from '../support/journeys/TerminalJourney.ts';
import type { Stack } from '../support/stack.ts';
import { WebClient } from '../support/WebClient.ts';
import { startWebStack } from '../support/webStack.ts';

/** Where to leave pictures for somebody to look at; nowhere by default. */
const PICTURES = process.env['PEOPLE_PICTURES'] ?? null;
const Messages = z.object({ messages: z.array(z.object({ kind: z.string(), text: z.string() })) });
const MOTHER = { name: '孙玉兰', phone: '19000008801' };
const HELPER = '19000008802';

let browser: Browser;
let stack: Stack;
beforeAll(async () => {
  browser = await launchChromium();
  stack = await startWebStack({ sfuNodes: 0 });
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

async function openResident(phone: string): Promise<ResidentJourney> {
  const { page } = await openPage(browser, { baseURL: stack.url, face: 'resident' });
  const resident = new ResidentJourney(page, await Journal.create({ directory: PICTURES }));
  await resident.signIn(phone);
  return resident;
}

const sentTo = async (phone: string, kind: string): Promise<string> => {
  const inbox = await new WebClient(stack.url, 'resident').get(`/demo/inbox?phone=${phone}`);
  return inbox.read(Messages).messages.find((message) => message.kind === kind)?.text ?? '';
};

async function accessible(page: Page, where: string): Promise<void> {
  expect(await axeViolations(page, where)).toEqual([]);
}

test('a daughter asks to act for her mother, who tells her the code, and books for her on the phone', async () => {
  const { specialist, clinicName, resident: cast } = await readCast(stack.url);
  const daughter = await openResident(demoPhone(3));
  const { page } = daughter;
  const { errors } = watchErrors(page);
  await page.getByTestId('home-family').click();
  await page.getByTestId('add-member').waitFor();
  await accessible(page, '/family');
  await page.getByTestId('add-member').click();
  await page.getByTestId('relationship-parent').click();
  await page.getByTestId('member-name').fill(MOTHER.name);
  await page.getByTestId('member-identity').fill(fictionalIdentityNumber());
  await page.getByTestId('member-phone').fill(MOTHER.phone);
  await accessible(page, '/family/add');
  await daughter.shot('add-member');
  await page.getByTestId('member-save').click();
  await page.getByTestId('member-code').waitFor();
  await accessible(page, '/family/code');
  await daughter.shot('member-code');
  const [code = ''] = /\d{6}/.exec(await sentTo(MOTHER.phone, 'family-code')) ?? [];
  await page.getByTestId('member-code').fill(code);
  await page.locator('[data-testid="member"][data-status="active"]').waitFor();
  await accessible(page, '/family with a member');
  await daughter.shot('family');

  await page.goto('/');
  await page.getByTestId('home-book').first().click();
  const mother = page.getByTestId('person').filter({ hasText: MOTHER.name });
  await mother.waitFor();
  await accessible(page, '/book/who');
  await daughter.shot('who');
  await mother.click();
  await page.getByTestId('by-department').click();
  await page.getByTestId(`department-${specialist.departmentCode}`).click();
  await page.getByTestId('specialist').filter({ hasText: specialist.name }).click();
  await daughter.freeSlots().first().click();
  await page.getByTestId('clinic-search').fill(clinicName);
  await page.getByTestId('clinic').filter({ hasText: clinicName }).first().click();
  await page.getByTestId('complaint').fill(cast.complaint);
  await page.getByTestId('complaint-next').click();
  expect(await page.getByTestId('confirm-patient').innerText()).toContain(MOTHER.name);
  await page.getByTestId('confirm').click();
  const { ticketNumber } = await daughter.readTicket();
  expect(await page.getByTestId('booked-by').count()).toBe(1);
  expect(await sentTo(MOTHER.phone, 'appointment-booked')).toContain(ticketNumber);
  expect(await sentTo(demoPhone(3), 'appointment-booked-proxy')).toContain(ticketNumber);

  // She stops: nothing of her mother's is left on the page, live.
  await page.goto('/family');
  await page.getByTestId('end-relation').click();
  await daughter.shot('end-relation');
  await page.getByTestId('end-confirm').click();
  await page.getByTestId('member').waitFor({ state: 'detached' });
  await page.goto('/');
  await page.getByTestId('next-nothing').waitFor();
  expect(errors).toEqual([]);
});

/** A nurse at a desk's browser, before somebody who hasn't been here yet. */
async function atTheDesk(name: string) {
  const { page } = await openPage(browser, { baseURL: stack.url, face: 'terminal' });
  const { errors } = watchErrors(page);
  const terminal = new TerminalJourney(page, await Journal.create({ directory: PICTURES }));
  await page.goto('/terminal');
  await page.getByTestId('use-as-desk').click();
  await terminal.signIn(DEMO_ACCOUNTS.nurse.username, DEMO_PASSWORD);
  await page.getByTestId('home-desk').click();
  await page.getByTestId('identity-number').fill(fictionalIdentityNumber());
  await page.getByTestId('walk-in-name').fill(name);
  await page.getByTestId('walk-in-next').click();
  return { page, errors, terminal };
}

test('a nurse books at the desk, and the helper opens the link once, on one phone, without signing in', async () => {
  const { specialist, resident: cast } = await readCast(stack.url);
  const { page, errors, terminal } = await atTheDesk('周桂香');
  await page.getByTestId('desk-book').waitFor();
  await accessible(page, '/terminal/desk resident');
  await terminal.shot('desk-resident');
  await page.getByTestId('desk-book').click();
  await page.getByTestId(`desk-department-${specialist.departmentCode}`).click({ force: true });
  await page.getByText(specialist.name).first().click();
  await page.getByTestId('desk-slot').first().waitFor();
  await terminal.shot('desk-time');
  await page.getByTestId('desk-slot').first().click();
  await page.getByTestId('desk-complaint').fill(cast.complaint);
  await accessible(page, '/terminal/desk time');
  await terminal.shot('desk-confirm');
  await page.getByTestId('desk-confirm').click();
  await page.getByTestId('desk-done').waitFor();
  const ticket = (await page.getByTestId('desk-ticket').first().innerText()).trim();
  await page.getByTestId('desk-share').click();
  await page.getByTestId('desk-share-phone').fill(HELPER);
  await accessible(page, '/terminal/desk done');
  await terminal.shot('desk-share');
  await page.getByTestId('desk-share-send').click();
  await page.getByTestId('desk-shared').waitFor();
  await terminal.shot('desk-done');
  expect(errors).toEqual([]);

  const [link = ''] = /\/h#[\w-]{43}/.exec(await sentTo(HELPER, 'helper-link')) ?? [];
  const helper = (await openPage(browser, { baseURL: stack.url, face: 'resident' })).page;
  const heard = watchErrors(helper);
  const journal = await Journal.create({ directory: PICTURES });
  await helper.goto(link);
  expect((await helper.getByTestId('ticket-number').innerText()).trim()).toBe(ticket);
  const text = await helper.locator('main').innerText();
  expect(text).toContain('周**');
  expect(text).not.toContain('周桂香');
  expect(text).not.toContain(cast.complaint);
  await accessible(helper, '/h');
  await journal.step(helper, 'resident', 'helper');
  await helper.reload();
  await helper.getByTestId('helper-ticket').waitFor();
  expect(heard.errors).toEqual([]);

  const other = (await openPage(browser, { baseURL: stack.url, face: 'resident' })).page;
  await other.goto(link);
  await other.getByTestId('helper-gone').waitFor();
  await accessible(other, '/h gone');
  await journal.step(other, 'resident', 'helper-gone');
});

test('staff move an appointment at the desk, and give it up for the resident', async () => {
  const { specialist, resident: cast } = await readCast(stack.url);
  const { page, errors, terminal } = await atTheDesk('郑福来');
  await page.getByTestId('desk-book').click();
  await page.getByTestId(`desk-department-${specialist.departmentCode}`).click({ force: true });
  await page.getByText(specialist.name).first().click();
  await page.getByTestId('desk-slot').first().click();
  await page.getByTestId('desk-complaint').fill(cast.complaint);
  await page.getByTestId('desk-confirm').click();
  await page.getByTestId('desk-done').waitFor();
  const booked = (await page.getByTestId('desk-slip').innerText()).trim();
  await page.getByTestId('desk-another').click();

  const row = page.getByTestId('desk-appointment');
  await row.waitFor();
  await accessible(page, '/terminal/desk appointments');
  await terminal.shot('desk-appointments');
  await page.getByTestId('desk-move').click();
  await page.getByTestId('desk-slot').last().click();
  await page.getByTestId('desk-move-confirm').waitFor();
  await terminal.shot('desk-move');
  await accessible(page, '/terminal/desk move');
  await page.getByTestId('desk-move-confirm').click();
  await page.getByTestId('desk-done').waitFor();
  expect((await page.getByTestId('desk-slip').innerText()).trim()).not.toBe(booked);
  await terminal.shot('desk-moved');
  await page.getByTestId('desk-another').click();
  await row.waitFor();
  expect(await row.count()).toBe(1);

  await page.getByTestId('desk-cancel').click();
  await accessible(page, '/terminal/desk cancel');
  await terminal.shot('desk-cancel');
  await page.getByTestId('desk-cancel-sure').click();
  await row.waitFor({ state: 'detached' });
  expect(errors).toEqual([]);
});

test('two missed appointments are hinted at, three lead to the desk, where staff take one back', async () => {
  const near = await openResident(DEMO_ACCOUNTS.nearLimit.phone);
  await near.page.goto('/book/department');
  await near.page.getByTestId('no-show-hint').waitFor();
  await accessible(near.page, '/book/department with the hint');
  await near.shot('no-show-hint');
  const over = await openResident(DEMO_ACCOUNTS.deskOnly.phone);
  await over.page.goto('/book/department');
  await over.page.getByTestId('desk-only').waitFor();
  await accessible(over.page, '/book/department desk only');
  await over.shot('desk-only');

  const nurse = new WebClient(stack.url, 'terminal');
  await nurse.post('/session/staff', { username: DEMO_ACCOUNTS.nurse.username, password: DEMO_PASSWORD });
  const Ids = z.object({ noShows: z.array(z.object({ appointmentId: z.string(), version: z.int() })) });
  const Patients = z.object({ patients: z.array(z.object({ patientId: z.string() })) });
  const client = new WebClient(stack.url, 'resident');
  const cookies = await over.page.context().cookies();
  const headers = { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
  const [patient] = (await client.get('/patients', { headers })).read(Patients).patients;
  const { noShows } = (await nurse.get(`/patients/${patient?.patientId}/no-shows`)).read(Ids);
  const [first] = noShows;
  const excused = await nurse.post(
    `/appointments/${first?.appointmentId}/no-show-excuse`,
    { version: first?.version, reason: 'illness' },
    { idempotencyKey: randomUUID() },
  );
  expect(excused.status).toBe(200);
  await over.page.reload();
  await over.page.getByTestId('no-show-hint').waitFor();
});

test('family appointments of the demonstration say whose they are', async () => {
  const child = await openResident(DEMO_ACCOUNTS.child.phone);
  await child.page.goto('/reports');
  await child.page.getByTestId('report-row').first().waitFor();
  await child.shot('family-reports');
  await accessible(child.page, '/reports of the family');
  const client = new WebClient(stack.url, 'resident');
  const cookies = await child.page.context().cookies();
  const headers = { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
  const { appointments } = (await client.get('/appointments', { headers })).read(
    z.object({ appointments: z.array(Appointment) }),
  );
  expect(appointments.every(({ patient }) => patient.name !== '')).toBe(true);
});
