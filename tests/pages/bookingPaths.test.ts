import { join } from 'node:path';
import {
  Appointment,
  PatientRef,
  ReportSummary,
  SlotDay,
  Specialist,
  WaitlistEntry,
} from '@cloud-hospital/protocol/rest';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DEMO_ACCOUNTS, demoPhone } from '../../signaling/src/seed/demoAccounts.ts';
import { axeViolations } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { type Cast, readCast } from '../support/journeys/cast.ts';
import { Journal } from '../support/journeys/Journal.ts';
import { ResidentJourney } from '../support/journeys/ResidentJourney.ts';
import { openPage } from '../support/journeys/Stage.ts';
import type { Stack } from '../support/stack.ts';
import { signInResident, type WebClient } from '../support/WebClient.ts';
import { startWebStack } from '../support/webStack.ts';
import { words } from '../support/words.ts';

const text = words.resident;
/** Where pictures for looking at go; none without it. */
const PICTURES = process.env['PICTURES_DIR'];

let browser: Browser;
let stack: Stack;
let cast: Cast;
beforeAll(async () => {
  // The earliest time is minutes away: the cut-off of an hour would forbid what is shown here.
  stack = await startWebStack({ sfuNodes: 0, env: { CHANGE_CUTOFF_SECONDS: '1', LOGIN_CODE_RESEND_SECONDS: '0.001' } });
  [browser, cast] = await Promise.all([launchChromium(), readCast(stack.url)]);
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

type Type = 'zh' | 'en' | 'elder';
let type: Type = 'zh';
/** axe finds nothing, nothing is wider than the phone, and whoever wants looks at it later. */
async function look(page: Page, name: string): Promise<void> {
  expect(await axeViolations(page, name)).toEqual([]);
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
  if (PICTURES !== undefined) {
    await page.screenshot({ path: join(PICTURES, `${name}-${type}.png`), fullPage: true, animations: 'disabled' });
  }
}

async function open(phone: string, as: Type): Promise<{ page: Page; errors: string[] }> {
  type = as;
  const locale = as === 'en' ? 'en' : 'zh-CN';
  const { page, errors } = await openPage(browser, { baseURL: stack.url, face: 'resident', locale });
  await new ResidentJourney(page, await Journal.create({ directory: null })).signIn(phone);
  if (as === 'en') await page.getByTestId('language-switch').click();
  if (as === 'elder') await page.getByTestId('elder-switch').click();
  return { page, errors };
}

const patientOf = async (client: WebClient): Promise<string> => {
  const { patients } = (await client.get('/patients')).read(z.object({ patients: z.array(PatientRef) }));
  return patients[0]?.patientId ?? '';
};
/** Another resident books a later time of that specialist. */
async function booksElsewhere(phone: string, practitionerRoleId: string, nth: number) {
  const client = await signInResident(stack.url, phone);
  const { days } = (await client.get(`/specialists/${practitionerRoleId}/slots`)).read(
    z.object({ days: z.array(SlotDay) }),
  );
  const slot = days
    .slice(2)
    .flatMap((day) => day.slots)
    .filter(({ free }) => free)[nth];
  const { clinics } = (await client.get('/clinics')).read(
    z.object({ clinics: z.array(z.object({ locationId: z.string() })) }),
  );
  const held = (await client.post('/appointments', { slotId: slot?.slotId, patientId: await patientOf(client) })).read(
    Appointment,
  );
  const booked = (
    await client.post(`/appointments/${held.appointmentId}/confirmation`, {
      appointmentId: held.appointmentId,
      version: held.version,
      locationId: clinics[0]?.locationId,
      complaint: '头晕两天',
    })
  ).read(Appointment);
  return { client, booked };
}

describe.each([
  ['zh', 2],
  ['en', 3],
  ['elder', 4],
] as const)('in %s', (as, person) => {
  test('from a complaint to the earliest time anywhere, booked, moved and cancelled', async () => {
    const { page, errors } = await open(demoPhone(person), as);
    // As if nothing could be given back online any more: this server allows it until the last second.
    await page.route(/\/api\/appointments/, async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replaceAll(/"changeCutoffMinutes":[\d.]+/g, '"changeCutoffMinutes":20160');
      await route.fulfill({ response: answer, body });
    });
    await page.getByTestId('home-book').first().click();
    await page.getByTestId('symptom').first().waitFor();
    await look(page, '01-department');
    await page.getByTestId('booking-search').fill(as === 'en' ? 'my chest feels tight' : '最近老是胸口闷，腿肿');
    const hit = page.getByTestId('hit-department').first();
    await hit.waitFor();
    expect(await hit.getAttribute('data-department')).toBe('cardiology');
    await look(page, '02-search');
    await hit.click();
    await page.getByTestId('earliest').waitFor();
    await page.getByTestId('day').first().waitFor();
    await look(page, '03-specialist');
    await page.getByTestId('earliest').click();
    await page.getByTestId('sub-district').first().waitFor();
    await look(page, '04-clinic');
    await page.getByTestId('clinic-search').fill(cast.clinicName);
    await page.getByTestId('clinic').first().click();
    // What was typed into the search is what they tell the specialist, unless they change it.
    expect(await page.getByTestId('complaint').inputValue()).not.toBe('');
    await page.getByTestId('complaint-next').click();
    await page.getByTestId('confirm').waitFor();
    await page.getByTestId('cut-off-note').waitFor();
    await look(page, '05-confirm');
    await page.getByTestId('confirm').click();
    await page.getByTestId('booked-note').waitFor();
    const number = await page.getByTestId('ticket-number').innerText();
    await look(page, '06-ticket');
    await page.getByTestId('reschedule').click();
    await page.getByTestId('slot').first().waitFor();
    await look(page, '07-reschedule');
    // Tomorrow at the earliest: another day, another ticket.
    await page.getByTestId('day').nth(2).click();
    await page.getByTestId('slot').nth(3).click();
    await page.getByTestId('move-confirm').waitFor();
    await look(page, '08-reschedule-confirm');
    await page.getByTestId('move-confirm').click();
    await page.getByTestId('moved-note').waitFor();
    await look(page, '09-moved');
    expect(number).toMatch(/^A\d{3}$/);
    await page.getByTestId('cancel-appointment').click();
    await page.getByTestId('reason-time-unsuitable').check();
    await look(page, '10-cancel');
    await page.getByTestId('cancel-confirm').click();
    await page.locator('[data-testid=ticket]').waitFor({ state: 'detached' });
    await page.goto('/appointments');
    await page.locator('[data-testid=appointment][data-status=cancelled]').nth(1).waitFor();
    expect(errors).toEqual([]);
  });

  test('no time suits: the waiting list, an offer that comes by itself, taken with one touch', async () => {
    const { page, errors } = await open(demoPhone(person + 4), as);
    const own = await signInResident(stack.url, demoPhone(person + 8));
    const { specialists } = (await own.get('/specialists?departmentCode=neurology')).read(
      z.object({ specialists: z.array(Specialist) }),
    );
    const [specialist] = specialists;
    if (specialist === undefined) throw new Error('no neurologist');
    const { client, booked } = await booksElsewhere(demoPhone(person + 12), specialist.practitionerRoleId, person);
    await page.goto(`/book/time?department=neurology&specialist=${specialist.practitionerRoleId}`);
    await page.getByTestId('slot').first().waitFor();
    await look(page, '11-time');
    await page.getByTestId('wait-instead').click();
    await page.getByTestId('clinic-search').fill(cast.clinicName);
    await page.getByTestId('clinic').first().click();
    await page.getByTestId('complaint').fill('头晕两天，站不稳');
    await page.getByTestId('complaint-next').click();
    await page.getByTestId('join-waitlist').waitFor();
    await look(page, '12-join');
    await page.getByTestId('join-waitlist').click();
    await page.getByTestId('waitlist-place').waitFor();
    await look(page, '13-waiting');
    const given = await client.post(`/appointments/${booked.appointmentId}/cancellation`, {
      appointmentId: booked.appointmentId,
      version: booked.version,
      reason: 'feels-better',
    });
    expect(given.status).toBe(200);
    // Nobody touches the page.
    await page.getByTestId('waitlist-offer').waitFor();
    await look(page, '14-offer');
    await page.getByTestId('offer-accept').click();
    await page.getByTestId('booked-note').waitFor();
    await look(page, '15-offer-booked');
    await page.goto('/');
    await page.getByTestId('next-booked').waitFor();
    expect(await page.getByTestId('waitlist-entry').count()).toBe(0);
    expect(errors).toEqual([]);
  });
});

test('from a report to the same specialist again, the earlier visit named', async () => {
  const { page } = await open(DEMO_ACCOUNTS.resident.phone, 'zh');
  const client = await signInResident(stack.url, DEMO_ACCOUNTS.resident.phone);
  const { reports } = (await client.get('/reports')).read(z.object({ reports: z.array(ReportSummary) }));
  await page.goto(`/reports/${reports[0]?.reportId}`);
  await page.getByTestId('book-follow-up').waitFor();
  await look(page, '16-report');
  await page.getByTestId('book-follow-up').click();
  await page.getByTestId('slot').last().click();
  await page.getByTestId('clinic-search').fill(cast.clinicName);
  await page.getByTestId('clinic').first().click();
  expect(await page.getByTestId('complaint').inputValue()).toContain('复诊：');
});

test('near the start the ticket says that only the clinic can change it, and whom to call', async () => {
  const { page } = await open(demoPhone(18), 'zh');
  // As if the server forbade it: the page asks nothing else.
  await page.route('**/api/appointments/*', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), changeableUntil: null } });
  });
  const { booked } = await booksElsewhere(demoPhone(18), (await specialistsOf(demoPhone(18)))[0] ?? '', 20);
  await page.goto(`/appointments/${booked.appointmentId}`);
  const [before = '', after = ''] = text.cancel.tooLate.split('{{duration}}');
  await page.getByTestId('too-late').getByText(before.trim()).and(page.getByText(after)).waitFor();
  await look(page, '17-too-late');
});

async function specialistsOf(phone: string): Promise<string[]> {
  const client = await signInResident(stack.url, phone);
  const { specialists } = (await client.get('/specialists?departmentCode=dermatology')).read(
    z.object({ specialists: z.array(Specialist) }),
  );
  const { entries } = (await client.get('/waitlist')).read(z.object({ entries: z.array(WaitlistEntry) }));
  expect(entries).toEqual([]);
  return specialists.map(({ practitionerRoleId }) => practitionerRoleId);
}
