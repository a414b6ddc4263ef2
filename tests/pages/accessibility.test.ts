import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { axeViolations } from '../support/axe.ts';
import { launchChromium, openFace, watchErrors } from '../support/chromium.ts';
import { Journal } from '../support/journeys/Journal.ts';
import { ResidentJourney } from '../support/journeys/ResidentJourney.ts';
import { signInAtConsole } from '../support/journeys/signInAtConsole.ts';
import { type Stack, startStack } from '../support/stack.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

let stack: Stack;
let browser: Browser;

beforeAll(async () => {
  stack = await startStack({
    sfuNodes: 0,
    env: { WEB_ROOT_CLINIC: `${ROOT}clinic-web/dist`, WEB_ROOT_DOCTOR: `${ROOT}doctor-web/dist` },
  });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await stack.stop();
});

async function assertAccessible(page: Page, path: string, ready: string): Promise<void> {
  await page.goto(path);
  await page.locator(ready).first().waitFor();
  expect(await axeViolations(page, path)).toEqual([]);
}

describe.each(['zh-CN', 'en'] as const)('in %s', (locale) => {
  it.each([
    ['resident', '/', '[data-testid=sign-in-phone]'],
    ['resident', '/demo/inbox', 'main h1'],
    ['resident', '/verify/unknown', '[data-testid=verification]'],
    ['resident', '/nowhere', 'main h1'],
    ['terminal', '/terminal', 'main h1'],
    ['console', '/doctor', 'form'],
  ] as const)('axe finds nothing on the %s page %s before anybody signed in', async (face, path, ready) => {
    const { context, page } = await openFace(browser, { baseURL: stack.url, face, locale });
    try {
      await assertAccessible(page, path, ready);
    } finally {
      await context.close();
    }
  });
});

it.each([
  ['specialist', '/doctor', '[data-testid=call-next]'],
  ['coordinator', '/hospital', '.b-bar'],
  ['administrator', '/district', '[data-testid=terminal-tile]'],
  ['auditor', '/audit', 'table'],
] as const)('axe finds nothing where the %s works, and the policy refuses nothing', async (who, path, ready) => {
  const { context, page } = await openFace(browser, { baseURL: stack.url, face: 'console' });
  const { errors } = watchErrors(page);
  try {
    await page.goto(path);
    await signInAtConsole(page, DEMO_ACCOUNTS[who].username, DEMO_PASSWORD);
    await page.locator(ready).first().waitFor();
    expect(await axeViolations(page, path)).toEqual([]);
    expect(errors).toEqual([]);
  } finally {
    await context.close();
  }
});

it.each(['standard', 'elder'] as const)('axe finds nothing on a resident’s own pages in %s type', async (type) => {
  const { context, page } = await openFace(browser, { baseURL: stack.url, face: 'resident' });
  try {
    const account = type === 'standard' ? DEMO_ACCOUNTS.resident : DEMO_ACCOUNTS.otherResident;
    await new ResidentJourney(page, await Journal.create({ directory: null })).signIn(account.phone);
    if (type === 'elder') await page.getByTestId('elder-switch').click();
    for (const [path, ready] of [
      ['/', '[data-testid=home-book]'],
      ['/book/department', '[data-testid=symptom]'],
      ['/appointments', 'main h1'],
      ['/reports', 'main h1'],
    ] as const) {
      await assertAccessible(page, path, ready);
    }
  } finally {
    await context.close();
  }
});
