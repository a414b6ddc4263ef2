import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { axeViolations } from '../support/axe.ts';
import { launchChromium, openFace, watchErrors } from '../support/chromium.ts';
import { signInAtConsole } from '../support/journeys/signInAtConsole.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { words } from '../support/words.ts';

const ROOT = new URL('../../', import.meta.url).pathname;
const { statistics, district } = words.console;

let stack: Stack;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let errors: readonly string[];
beforeAll(async () => {
  stack = await startStack({ sfuNodes: 0, env: { WEB_ROOT_DOCTOR: `${ROOT}doctor-web/dist` } });
  browser = await launchChromium();
  ({ context, page } = await openFace(browser, { baseURL: stack.url, face: 'console' }));
  ({ errors } = watchErrors(page));
  await page.goto('/district');
  await signInAtConsole(page, DEMO_ACCOUNTS.administrator.username, DEMO_PASSWORD);
  await page.getByTestId('terminal-tile').first().waitFor();
});
afterAll(async () => {
  await context.close();
  await browser.close();
  await stack.stop();
});

const panel = (title: string) =>
  page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) });

test('yesterday’s four numbers are there, with the day before beside them', async () => {
  await page.getByTestId('day-before').click();
  const consultations = page.getByTestId('number-consultations');
  await expect
    .poll(() => consultations.locator('.c-numbers__value').textContent(), { timeout: 15_000 })
    .toMatch(/^[1-9]\d*$/);
  expect(await consultations.textContent()).toContain(statistics.before.replace('{{value}}', ''));
});

test('each chart of the day says what it shows, has a table, and nothing in it is refused or inaccessible', async () => {
  await page.getByText(district.views.charts, { exact: true }).click();
  const charts = page.getByRole('img');
  await expect.poll(() => charts.count(), { timeout: 15_000 }).toBe(6);
  for (const chart of await charts.all()) expect((await chart.getAttribute('aria-label'))?.length).toBeGreaterThan(10);
  expect(await axeViolations(page, 'the charts')).toEqual([]);
  await panel(statistics.clinics).getByRole('button', { name: statistics.asTable }).click();
  expect(await panel(statistics.clinics).locator('tbody tr').count()).toBe(93);
  expect(await axeViolations(page, 'the table')).toEqual([]);
  expect(errors).toEqual([]);
});

test('what a chart shows is saved as a table with names, for all 93 clinics', async () => {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel(statistics.clinics).getByTestId('export-csv').click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/^clinics-\d{4}-\d\d-\d\d\.csv$/);
  const text = await readFile(await download.path(), 'utf8');
  const lines = text.trim().split('\r\n');
  expect(lines).toHaveLength(94);
  expect(lines[0]).toContain(statistics.consultations);
  const sum = lines.slice(1).reduce((total, line) => total + Number(line.split(',')[1]), 0);
  expect(String(sum)).toBe(await page.getByTestId('number-consultations').locator('.c-numbers__value').textContent());
});
