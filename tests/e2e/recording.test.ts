import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { withClient } from '../../infra/src/postgres/databaseRoles.ts';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { axeViolations } from '../support/axe.ts';
import { perceives } from '../support/CallProbe.ts';
import { launchChromium } from '../support/chromium.ts';
import { ClinicSeat } from '../support/journeys/ClinicSeat.ts';
import { Journal } from '../support/journeys/Journal.ts';
import { SpecialistJourney } from '../support/journeys/SpecialistJourney.ts';
import { fakePeople, openPage } from '../support/journeys/Stage.ts';
import { TerminalJourney } from '../support/journeys/TerminalJourney.ts';
import { programsOf } from '../support/programsOf.ts';
import { filesBelow, sizeOf } from '../support/recordedMedia.ts';
import type { Stack } from '../support/stack.ts';
import { startWebStack } from '../support/webStack.ts';
import { words } from '../support/words.ts';

const { nurse, clinicDoctor, specialist: doctor } = DEMO_ACCOUNTS;
const { recording } = words.call;

let stack: Stack;
let hospital: Browser;
let clinic: Browser;
const violations: string[] = [];
const errors: string[] = [];

beforeAll(async () => {
  stack = await startWebStack({ env: { RECORDING_SETTLE_SECONDS: '2', RECORDING_COMPOSE_LOAD: '1000' } });
  const people = await fakePeople();
  [hospital, clinic] = await Promise.all([
    launchChromium({ media: people.specialist }),
    launchChromium({ media: people.resident }),
  ]);
});
afterAll(async () => {
  await Promise.all([hospital?.close(), clinic?.close()]);
  await stack?.stop();
});

const mark = (page: Page) => page.getByTestId('recording-mark');

test('the resident agrees, both see that it is recorded, one touch ends it; the specialist and the clinic’s doctor play it', async () => {
  const journal = await Journal.create({
    directory: process.env['SHOTS'] ?? null,
    inspect: async (page, face, name) => {
      violations.push(...(await axeViolations(page, `${face}/${name}`)));
    },
  });
  const { page } = await openPage(hospital, { baseURL: stack.url, face: 'console' });
  const specialist = new SpecialistJourney(page, journal);
  await specialist.signIn(doctor.username, DEMO_PASSWORD);
  await specialist.beginWork();
  const seat = await ClinicSeat.open(clinic, { baseURL: stack.url, journal, nurse: nurse.username });
  const { terminal } = seat;
  for (const one of [page, terminal.page]) {
    one.on('pageerror', (error) => errors.push(error.message));
    one.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) errors.push(message.text());
    });
  }
  const visit = await seat.ring(specialist, '陈玉珍');
  await seat.answer(specialist);
  await perceives(page, 'specialist');

  const start = page.getByRole('button', { name: recording.start });
  const disabled = page.getByRole('button', { name: recording.start, disabled: true });
  await disabled.waitFor();
  await terminal.page.getByRole('button', { name: recording.consent }).click();
  await terminal.page.getByTestId('recording-agree').waitFor();
  await terminal.shot('recording-consent');
  await terminal.page.getByTestId('recording-agree').click();
  await terminal.page.getByTestId('recording-consent').waitFor({ state: 'hidden' });
  await start.click();
  await Promise.all([mark(page).waitFor(), mark(terminal.page).waitFor()]);
  const recordings = path.join(stack.dataDirectory, 'signaling', 'recordings');
  await vi.waitFor(
    async () => {
      const sizes = await Promise.all((await filesBelow(recordings)).map(sizeOf));
      // Both, for some seconds each.
      expect(sizes.filter((size) => size > 250_000)).toHaveLength(2);
    },
    { timeout: 60_000, interval: 250 },
  );
  // A recorder that dies is started again; the film's list says what is missing.
  const files = await filesBelow(recordings);
  const [recorder] = programsOf(stack.sfuNodes[0]?.pid ?? 0, 'ffmpeg');
  process.kill(recorder ?? expect.fail('nobody records'), 'SIGKILL');
  await vi.waitFor(
    async () => {
      const later = (await filesBelow(recordings)).filter(
        (file) => !files.some((one) => file.startsWith(one.replace('.part', ''))),
      );
      expect((await Promise.all(later.map(sizeOf))).filter((size) => size > 100_000)).not.toHaveLength(0);
    },
    { timeout: 60_000, interval: 250 },
  );
  await terminal.shot('recording');
  await specialist.shot('recording');
  // A page that is loaded anew shows it at once.
  await terminal.page.reload();
  await mark(terminal.page).waitFor();
  await terminal.page.getByRole('button', { name: recording.withdraw }).click();
  await Promise.all([mark(page).waitFor({ state: 'detached' }), mark(terminal.page).waitFor({ state: 'detached' })]);
  await disabled.waitFor();

  await specialist.finish();
  await page.getByTestId('open-recording').click();
  await page.getByTestId('recording').waitFor();
  await vi.waitFor(
    async () => {
      await page
        .getByTestId('refetch-recording')
        .click({ timeout: 1_000 })
        .catch(() => undefined);
      expect(await page.getByTestId('recording').getAttribute('data-status')).toBe('composed');
    },
    { timeout: 90_000, interval: 1_000 },
  );
  await page.getByTestId('play-recording').click();
  const film = page.locator('[data-testid="player"] video');
  const read = (what: string): Promise<number> =>
    film.evaluate((element, name) => Number(Reflect.get(element, name)), what);
  await expect.poll(() => read('currentTime'), { timeout: 20_000 }).toBeGreaterThan(0.5);
  expect([await read('videoWidth'), await read('videoHeight')]).toEqual([1280, 480]);
  expect(await read('duration')).toBeGreaterThan(4);
  // It can be jumped in: the head has an index.
  await film.evaluate((element) => Reflect.set(element, 'currentTime', 3));
  await expect.poll(() => read('currentTime'), { timeout: 20_000 }).toBeGreaterThan(3.2);
  const gap = page.getByTestId('film-gap').first();
  const [minutes, seconds] = (await gap.locator('.ch-film__place').innerText()).split(':').map(Number);
  await gap.click();
  await expect
    .poll(async () => Math.abs((await read('currentTime')) - (minutes ?? 0) * 60 - (seconds ?? 0)))
    .toBeLessThan(3);
  await specialist.shot('player');

  // The clinic's doctor, at a desk of the clinic; a nurse has no right to it, and no button.
  await terminal.callEnded();
  await terminal.openPerson(visit.ticketNumber);
  const desk = new TerminalJourney((await openPage(clinic, { baseURL: stack.url, face: 'terminal' })).page, journal);
  await desk.page.goto('/terminal');
  await desk.page.getByTestId('use-as-desk').click();
  await desk.signIn(clinicDoctor.username, DEMO_PASSWORD);
  await desk.openPerson(visit.ticketNumber);
  await desk.page.getByTestId('open-recording').click();
  await desk.page.getByTestId('play-recording').click();
  const theirs = desk.page.locator('[data-testid="player"] video');
  await expect
    .poll(() => theirs.evaluate((element) => Number(Reflect.get(element, 'currentTime'))), { timeout: 20_000 })
    .toBeGreaterThan(0.5);
  await desk.shot('film');
  expect(await terminal.page.getByTestId('open-recording').count()).toBe(0);
  const { rows } = await withClient(stack.database.ownerUrl, (client) =>
    client.query<{ actor_role: string }>(
      `SELECT actor_role FROM audit_event WHERE action = 'recording:open' ORDER BY recorded_at`,
    ),
  );
  expect(rows.map((row) => row.actor_role)).toEqual(['specialist', 'clinic-doctor']);
  expect(violations).toEqual([]);
  expect(errors).toEqual([]);
}, 240_000);
