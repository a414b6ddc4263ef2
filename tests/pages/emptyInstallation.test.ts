import { TOTP } from 'otpauth';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { FIRST_ADMINISTRATOR } from '../../signaling/src/seed/firstAdministrator.ts';
import { layFoundation } from '../../signaling/src/seed/layFoundation.ts';
import { axeViolations } from '../support/axe.ts';
import { launchChromium, openFace, watchErrors } from '../support/chromium.ts';
import { signInAtConsole } from '../support/journeys/signInAtConsole.ts';
import type { Stack } from '../support/stack.ts';
import { startWebStack } from '../support/webStack.ts';
import { words } from '../support/words.ts';

const PASSWORD = 'correct horse battery staple';
const { activate, directory, staff, signIn } = words.console;

let stack: Stack;
let browser: Browser;
beforeAll(async () => {
  stack = await startWebStack({ sfuNodes: 0, seeded: false, env: { DEMO_DISTRICT: '0' } });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

/** With the code that was handed over, to a password of one's own. */
async function choosePassword(page: Page, username: string, code: string): Promise<void> {
  await page.goto('/activate');
  await page.getByLabel(signIn.username).fill(username);
  // As people type it.
  await page.getByLabel(activate.code).fill(code.toLowerCase().replace('-', ''));
  await page.getByLabel(activate.password, { exact: true }).fill(PASSWORD);
  await page.getByLabel(activate.again).fill(PASSWORD);
  await page.getByRole('button', { name: activate.submit }).click();
  await page.getByText(activate.done).waitFor();
}

/** Registers an authenticator, on whichever staff face. */
async function registerAuthenticator(page: Page): Promise<void> {
  await page.getByTestId('second-factor-password').fill(PASSWORD);
  await page.getByTestId('second-factor-begin').click();
  const secret = await page.getByTestId('second-factor-secret').innerText();
  await page.getByTestId('second-factor-code').fill(new TOTP({ secret: secret.trim() }).generate());
  expect(await axeViolations(page, 'second factor')).toEqual([]);
  await page.getByTestId('second-factor-confirm').click();
}

/** From a list of the component library: what it lists for screen readers can't be clicked. */
async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('dialog').getByLabel(label).click();
  await page.locator('.ant-select-item-option').filter({ hasText: option }).click();
}

async function addPlace(page: Page, button: string, name: string): Promise<void> {
  await page.getByTestId(button).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(directory.name, { exact: true }).fill(name);
  if (button === 'add-clinic') await choose(page, directory.subDistrict, '玉泉街道');
  await dialog.getByRole('button', { name: directory.save }).click();
  await dialog.waitFor({ state: 'hidden' });
}

test('an empty installation grows from its first administrator to a nurse at a clinic, all on the pages', async () => {
  const servers = inject('servers');
  const code = await layFoundation({ databaseUrl: stack.database.ownerUrl, secretsFile: servers.secretsFile });
  const { context, page } = await openFace(browser, { baseURL: stack.url, face: 'console' });
  const { errors } = watchErrors(page);
  await choosePassword(page, FIRST_ADMINISTRATOR, code ?? '');
  await page.getByRole('link', { name: activate.signIn }).click();
  await signInAtConsole(page, FIRST_ADMINISTRATOR, PASSWORD);
  await registerAuthenticator(page);

  await page.getByRole('link', { name: words.console.district.page.directory }).click();
  await addPlace(page, 'add-hospital', '市第一医院');
  await addPlace(page, 'add-sub-district', '玉泉街道');
  await addPlace(page, 'add-clinic', '玉泉社区卫生服务站');
  await page.getByTestId('clinic-row').filter({ hasText: '玉泉社区卫生服务站' }).waitFor();
  expect(await axeViolations(page, '/district/directory')).toEqual([]);

  await page.getByRole('link', { name: words.console.district.page.staff }).click();
  await page.getByTestId('add-staff').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(staff.name, { exact: true }).fill('李娜');
  await dialog.getByLabel(staff.username).fill('li.na');
  await choose(page, staff.role, words.common.role.nurse);
  await choose(page, staff.clinic, '玉泉社区卫生服务站');
  await dialog.getByRole('button', { name: directory.save }).click();
  const nurseCode = await page.getByTestId('activation-code').innerText();
  await page.getByRole('button', { name: staff.done }).click();
  await page.getByTestId('staff-row').filter({ hasText: 'li.na' }).getByText(staff.state.invited).waitFor();
  expect(await axeViolations(page, '/district/staff')).toEqual([]);
  expect(errors.filter((error) => !error.includes('401'))).toEqual([]);
  await context.close();

  const clinic = await openFace(browser, { baseURL: stack.url, face: 'terminal' });
  await choosePassword(clinic.page, 'li.na', nurseCode);
  await clinic.page.goto('/terminal');
  await clinic.page.getByTestId('use-as-desk').click();
  await clinic.page.getByTestId('username').fill('li.na');
  await clinic.page.getByTestId('password').fill(PASSWORD);
  await clinic.page.getByTestId('sign-in-submit').click();
  await registerAuthenticator(clinic.page);
  await clinic.page.getByTestId('work-page').waitFor();
  await clinic.context.close();
});
