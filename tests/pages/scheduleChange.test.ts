import { PractitionerRoleId } from '@cloud-hospital/protocol';
import { Appointment } from '@cloud-hospital/protocol/rest';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { DEMO_ACCOUNTS, DEMO_PASSWORD, demoPhone } from '../../signaling/src/seed/demoAccounts.ts';
import { axeViolations } from '../support/axe.ts';
import { launchChromium, openFace, watchErrors } from '../support/chromium.ts';
import { signInAtConsole } from '../support/journeys/signInAtConsole.ts';
import type { Stack } from '../support/stack.ts';
import { signInResident, signInStaff, type WebClient } from '../support/WebClient.ts';
import { startWebStack } from '../support/webStack.ts';

const Session = z.object({ session: z.object({ practitionerRoleId: PractitionerRoleId }) });
const Days = z.object({
  days: z.array(z.object({ date: z.string(), slots: z.array(z.object({ slotId: z.string(), free: z.boolean() })) })),
});
const Patients = z.object({ patients: z.array(z.object({ patientId: z.string() })) });
const Clinics = z.object({ clinics: z.array(z.object({ locationId: z.string() })) });
const Appointments = z.object({ appointments: z.array(Appointment) });

/** Without an appointment in the seeded district. */
const PHONE = demoPhone(7);
/** Far enough ahead for the day to be whole. */
const DAYS_AHEAD = 5;

let stack: Stack;
let browser: Browser;
const complaints: string[] = [];

beforeAll(async () => {
  stack = await startWebStack({ sfuNodes: 0 });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

async function open(face: 'resident' | 'console'): Promise<Page> {
  const { page } = await openFace(browser, { baseURL: stack.url, face });
  const { errors } = watchErrors(page);
  page.on('close', () => complaints.push(...errors));
  return page;
}

/** Books one of the specialist's slots, as a resident's phone would. */
async function book(
  client: WebClient,
  practitionerRoleId: string,
): Promise<{ appointment: Appointment; date: string }> {
  const { days } = (await client.get(`/specialists/${practitionerRoleId}/slots`)).read(Days);
  const day = days[DAYS_AHEAD];
  // In the middle of the day: others of the department work then, too.
  const slot = day?.slots.slice(38).find(({ free }) => free);
  const [patient] = (await client.get('/patients')).read(Patients).patients;
  const [clinic] = (await client.get('/clinics')).read(Clinics).clinics;
  if (day === undefined || slot === undefined) throw new Error('no free slot');
  const held = (await client.post('/appointments', { slotId: slot.slotId, patientId: patient?.patientId })).read(
    Appointment,
  );
  const appointment = (
    await client.post(`/appointments/${held.appointmentId}/confirmation`, {
      version: held.version,
      locationId: clinic?.locationId,
      complaint: '胸闷三天',
    })
  ).read(Appointment);
  return { appointment, date: day.date };
}

test('a specialist enters leave; the resident sees the offer and takes the substitute with one tap', async () => {
  const asSpecialist = await signInStaff(stack.url, 'console', DEMO_ACCOUNTS.specialist.username, DEMO_PASSWORD);
  const { practitionerRoleId } = (await asSpecialist.get('/session')).read(Session).session;
  const client = await signInResident(stack.url, PHONE);
  const { appointment, date } = await book(client, practitionerRoleId);

  const phone = await open('resident');
  // The phone is signed in already.
  const [name = '', value = ''] = client.cookie.split('=');
  await phone.context().addCookies([{ name, value, url: stack.url }]);
  await phone.goto('/');
  await phone.getByTestId('next-booked').waitFor();
  expect(await phone.getByTestId('schedule-change').count()).toBe(0);

  const console_ = await open('console');
  await console_.goto('/doctor/schedule');
  await signInAtConsole(console_, DEMO_ACCOUNTS.specialist.username, DEMO_PASSWORD);
  await console_.locator(`[data-testid=schedule-day][data-date="${date}"]`).click();
  await console_.getByTestId('schedule-reason').fill('学术会议');
  expect(await axeViolations(console_, '/doctor/schedule')).toEqual([]);
  await console_.getByTestId('schedule-submit').click();
  // Nothing happens before the specialist has seen who is affected.
  await console_.getByTestId('affected').filter({ hasText: appointment.patient.name }).waitFor();
  expect(await phone.getByTestId('schedule-change').count()).toBe(0);
  await console_.getByTestId('confirm-affected').click();

  const card = phone.getByTestId('schedule-change');
  await card.waitFor();
  expect(await axeViolations(phone, '/')).toEqual([]);
  await card.getByTestId('take-substitute').click();
  await phone.waitForURL((url) => url.pathname.startsWith('/appointments/'));
  await phone.getByTestId('ticket-number').waitFor();

  const { appointments } = (await client.get('/appointments')).read(Appointments);
  const old = appointments.find((one) => one.appointmentId === appointment.appointmentId);
  const [moved, ...more] = appointments.filter((one) => one.status === 'booked');
  expect(old).toMatchObject({ status: 'cancelled', cancellationReason: 'schedule-changed' });
  expect(more).toEqual([]);
  expect(moved?.specialist.practitionerRoleId).not.toBe(practitionerRoleId);
  expect(moved?.specialist.departmentCode).toBe(appointment.specialist.departmentCode);
  await Promise.all([phone.close(), console_.close()]);
  expect(complaints).toEqual([]);
});

test.each([
  [
    'the coordinator’s schedules',
    DEMO_ACCOUNTS.coordinator.username,
    '/hospital/schedules',
    '[data-testid=schedule-day]',
  ],
  ['the unanswered changes', DEMO_ACCOUNTS.coordinator.username, '/hospital/changes', '[data-testid=unanswered]'],
  ['the district’s calendar', DEMO_ACCOUNTS.administrator.username, '/district/calendar', '[data-testid=calendar-day]'],
])('axe finds nothing on %s', async (_what, username, path, ready) => {
  const page = await open('console');
  await page.goto(path);
  await signInAtConsole(page, username, DEMO_PASSWORD);
  await page.locator(ready).first().waitFor();
  expect(await axeViolations(page, path)).toEqual([]);
  await page.close();
});
