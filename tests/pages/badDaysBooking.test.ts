import { type ErrorCode, FACE_HEADER, IDEMPOTENCY_HEADER } from '@cloud-hospital/protocol';
import { Appointment } from '@cloud-hospital/protocol/rest';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { demoPhone } from '../../signaling/src/seed/demoAccounts.ts';
import { launchChromium } from '../support/chromium.ts';
import { type Cast, readCast } from '../support/journeys/cast.ts';
import { Journal } from '../support/journeys/Journal.ts';
import { type BookingWish, ResidentJourney } from '../support/journeys/ResidentJourney.ts';
import { openPage } from '../support/journeys/Stage.ts';
import type { Stack } from '../support/stack.ts';
import { readLoginCode, signInResident, WebClient } from '../support/WebClient.ts';
import { startWebStack } from '../support/webStack.ts';
import { words } from '../support/words.ts';

const Appointments = z.object({ appointments: z.array(Appointment) });
const Patients = z.object({ patients: z.array(z.object({ patientId: z.string() })) });

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(() => browser?.close());

/** One a test; the first two play elsewhere. */
let used = 2;
const nextPhone = (): string => demoPhone((used += 1));

/** How many appointments whoever is signed in on the page has, those of the demonstration included. */
async function bookingsOf(page: Page): Promise<number> {
  const answer = await page.request.get('/api/appointments');
  return Appointments.parse(await answer.json()).appointments.length;
}

const wishOf = ({ specialist, clinicName, resident }: Cast): BookingWish => ({
  departmentCode: specialist.departmentCode,
  specialistName: specialist.name,
  clinicName,
  complaint: resident.complaint,
});

async function openResident(stack: Stack): Promise<ResidentJourney> {
  const { page } = await openPage(browser, { baseURL: stack.url, face: 'resident' });
  return new ResidentJourney(page, await Journal.create({ directory: null }));
}

/** The error with its advice, as the page shows it. */
async function showsError(page: Page, code: ErrorCode): Promise<Locator> {
  const note = page.locator(`[data-error-code="${code}"]`);
  await note.waitFor();
  const text = words.common.error[code];
  expect(await note.innerText()).toContain(text.what);
  expect(await note.innerText()).toContain(text.advice);
  return note;
}

describe('with the usual five minutes', () => {
  let stack: Stack;
  let wish: BookingWish;
  beforeAll(async () => {
    stack = await startWebStack({ sfuNodes: 0 });
    wish = wishOf(await readCast(stack.url));
  });
  afterAll(() => stack?.stop());

  test('a wrong code says so and lets them try again; the right one still signs in', async () => {
    const { page } = await openResident(stack);
    const phone = nextPhone();
    await page.goto('/');
    await page.getByTestId('sign-in-phone').fill(phone);
    await page.getByTestId('sign-in-request-code').click();
    await page.getByTestId('sign-in-code').waitFor();
    const right = await readLoginCode(new WebClient(stack.url, 'resident'), phone);
    await page.getByTestId('sign-in-code').fill(right === '123456' ? '654321' : '123456');
    await showsError(page, 'CODE_WRONG');
    await page.getByTestId('sign-in-code').fill(right);
    await page.getByTestId('home-book').first().waitFor();
  });

  test('somebody else takes the time meanwhile: the page says so and offers the nearest times', async () => {
    const resident = await openResident(stack);
    const { page } = resident;
    await resident.signIn(nextPhone());
    await resident.openTimes(wish);
    const slotId = await resident.freeSlots().first().getAttribute('data-slot');
    const other = await signInResident(stack.url, nextPhone());
    const { patients } = (await other.get('/patients')).read(Patients);
    const taken = await other.post('/appointments', { slotId, patientId: patients[0]?.patientId });
    expect(taken.status).toBe(200);
    await page.locator(`[data-slot="${slotId}"]`).click();
    const note = await showsError(page, 'SLOT_TAKEN');
    await note.getByTestId('alternative').first().click();
    await page.getByTestId('hold-countdown').waitFor();
  });

  test('the confirmation pressed twice books once', async () => {
    const resident = await openResident(stack);
    const phone = nextPhone();
    await resident.signIn(phone);
    const before = await bookingsOf(resident.page);
    await resident.holdNextSlot(wish);
    const keys: (string | undefined)[] = [];
    resident.page.on('request', (request) => {
      if (request.url().endsWith('/confirmation')) keys.push(request.headers()[IDEMPOTENCY_HEADER]);
    });
    await resident.page.getByTestId('confirm').dblclick();
    const { ticketNumber } = await resident.readTicket();
    // Both presses, should both be sent, are one intention.
    expect(new Set(keys).size).toBe(1);
    expect(await bookingsOf(resident.page)).toBe(before + 1);
    expect(ticketNumber).toMatch(/^A\d{3}$/);
  });

  test('a confirmation that the network ate is sent again with one effect', async () => {
    const resident = await openResident(stack);
    const { page } = resident;
    await resident.signIn(nextPhone());
    await resident.holdNextSlot(wish);
    await page.getByTestId('confirm').waitFor();
    const seen: { key: string | undefined; body: string }[] = [];
    // The server hears it, the phone doesn't hear the answer.
    await page.route('**/confirmation', async (route) => {
      const answer = await route.fetch();
      seen.push({ key: route.request().headers()[IDEMPOTENCY_HEADER], body: await answer.text() });
      if (seen.length === 1) await route.abort('connectionreset');
      else await route.fulfill({ response: answer });
    });
    await page.getByTestId('confirm').click();
    await resident.readTicket();
    expect(seen).toHaveLength(2);
    expect(new Set(seen.map(({ key }) => key)).size).toBe(1);
  });
});

describe('with a hold of two seconds', () => {
  let stack: Stack;
  let wish: BookingWish;
  beforeAll(async () => {
    stack = await startWebStack({ sfuNodes: 0, env: { HOLD_SECONDS: '2' } });
    wish = wishOf(await readCast(stack.url));
  });
  afterAll(() => stack?.stop());

  test('an expired hold says so, keeps what was written, and is held again with one touch', async () => {
    const resident = await openResident(stack);
    const { page } = resident;
    await resident.signIn(nextPhone());
    await resident.holdNextSlot(wish);
    const lost = page.getByTestId('hold-lost');
    await lost.getByText(words.resident.booking.lost.title).waitFor();
    await lost.getByText(words.resident.booking.lost.free).waitFor();
    await page.getByTestId('hold-again').click();
    await page.getByTestId('confirm').waitFor();
    await page.getByText(wish.complaint.slice(0, 8)).first().waitFor();
    const own = Appointments.parse(
      await page.evaluate(
        `fetch('/api/appointments', { headers: { '${FACE_HEADER}': 'resident' } }).then((one) => one.json())`,
      ),
    );
    expect(own.appointments.filter(({ status }) => status === 'booked')).toEqual([]);
  });
});
