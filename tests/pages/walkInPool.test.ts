import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_ACCOUNTS, demoPhone } from '../../signaling/src/seed/demoAccounts.ts';
import { openDatabase } from '../../signaling/src/store/database.ts';
import { axeViolations } from '../support/axe.ts';
import { launchChromium } from '../support/chromium.ts';
import { readCast } from '../support/journeys/cast.ts';
import { ClinicSeat } from '../support/journeys/ClinicSeat.ts';
import { Journal } from '../support/journeys/Journal.ts';
import { ResidentJourney } from '../support/journeys/ResidentJourney.ts';
import { SpecialistJourney } from '../support/journeys/SpecialistJourney.ts';
import { openPage } from '../support/journeys/Stage.ts';
import type { Stack } from '../support/stack.ts';
import { startWebStack } from '../support/webStack.ts';
import { words } from '../support/words.ts';

/** Where pictures for looking at go; none without it. */
const PICTURES = process.env['PICTURES_DIR'];
const NAME = '吴桂兰';
const PHONE = demoPhone(40);
const CLOCK = /\d{1,2}:\d{2}/;
const CLOCKS = /\d{1,2}:\d{2}(?=–)/g;

let browser: Browser;
let stack: Stack;
let db: ReturnType<typeof openDatabase>;
beforeAll(async () => {
  stack = await startWebStack({ sfuNodes: 0 });
  db = openDatabase({ url: stack.database.ownerUrl, poolSize: 1, statementTimeoutMs: 15_000 }, () => undefined);
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await db?.destroy();
  await stack?.stop();
});

async function look(page: Page, name: string): Promise<void> {
  expect(await axeViolations(page, name)).toEqual([]);
  const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
  expect(await page.evaluate<number>(overflow)).toBe(0);
  if (PICTURES !== undefined) {
    await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true, animations: 'disabled' });
  }
}

/** The times of day that are said there. */
const timesSaid = async (place: Locator): Promise<string[]> => (await place.innerText()).match(CLOCKS) ?? [];

/** The account of this phone is the person's whom the nurse took down. */
async function belongsTo(phone: string, name: string): Promise<string> {
  const account = await db.selectFrom('account').select('id').where('phone', '=', phone).executeTakeFirstOrThrow();
  await db.updateTable('patient').set({ account_id: null }).where('account_id', '=', account.id).execute();
  const own = await db
    .updateTable('patient')
    .set({ account_id: account.id })
    .where('name', '=', name)
    .where('phone', '=', phone)
    .returning('id')
    .executeTakeFirstOrThrow();
  const entry = await db
    .selectFrom('queue_entry')
    .select('id')
    .where('patient_id', '=', own.id)
    .executeTakeFirstOrThrow();
  return entry.id;
}

test('a walk-in for whoever is free first: terminal, console and phone say one time, in every type', async () => {
  const cast = await readCast(stack.url);
  const journal = await Journal.create({ directory: null });
  const { page: consolePage } = await openPage(browser, { baseURL: stack.url, face: 'console' });
  const specialist = new SpecialistJourney(consolePage, journal);
  await specialist.signIn(DEMO_ACCOUNTS.specialist.username, cast.password);
  await specialist.beginWork();
  const seat = await ClinicSeat.open(browser, {
    baseURL: stack.url,
    journal,
    nurse: DEMO_ACCOUNTS.nurse.username,
  });
  const { terminal } = seat;
  await terminal.registerWalkIn({
    ...cast.walkIn,
    name: NAME,
    phone: PHONE,
    specialistName: words.terminal.walkIn.pool,
  });
  await look(terminal.page, 'walk-in-terminal');
  await terminal.recordConsent();
  await terminal.recordVitals(cast.vitals);
  await terminal.page.getByTestId('next-ready').click();
  await terminal.page.getByTestId('waiting').filter({ hasText: CLOCK }).waitFor();
  await look(terminal.page, 'walk-in-terminal-waits');
  for (const change of ['elder-switch', 'language-switch']) {
    await terminal.page.getByTestId('open-menu').click();
    await terminal.page.getByTestId(change).click();
    await terminal.page.keyboard.press('Escape');
    await terminal.page.getByTestId(change).waitFor({ state: 'hidden' });
    await look(terminal.page, `walk-in-terminal-${change}`);
  }

  const entryId = await belongsTo(PHONE, NAME);
  const { page: phone } = await openPage(browser, { baseURL: stack.url, face: 'resident' });
  await new ResidentJourney(phone, journal).signIn(PHONE);
  await phone.goto(`/waiting/${entryId}`);
  await phone.getByTestId('waiting-expected').filter({ hasText: CLOCK }).waitFor();
  const said = () =>
    Promise.all([
      timesSaid(terminal.page.getByTestId('waiting')),
      timesSaid(phone.getByTestId('waiting-expected')),
      timesSaid(consolePage.getByTestId('queue-card').filter({ hasText: NAME })),
    ]);
  // The time moves on while nobody calls; whatever it is, it is the same everywhere.
  await expect
    .poll(
      async () => {
        const [there, ...elsewhere] = await said();
        return there.length > 0 && elsewhere.every((times) => times.includes(there[0] ?? ''));
      },
      { timeout: 20_000 },
    )
    .toBe(true);
  await look(phone, 'walk-in-phone');
  await phone.getByTestId('elder-switch').click();
  await look(phone, 'walk-in-phone-elder');
  await phone.getByTestId('language-switch').click();
  await look(phone, 'walk-in-phone-en');
  await look(consolePage, 'walk-in-console');
});
