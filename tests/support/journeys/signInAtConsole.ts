import type { Page } from 'playwright-core';
import { words } from '../words.ts';

/** User name and password, as specialists and the offices sign in. */
export async function signInAtConsole(page: Page, username: string, password: string): Promise<void> {
  const { signIn } = words.console;
  await page.getByLabel(signIn.username).fill(username);
  await page.getByLabel(signIn.password).fill(password);
  await page.getByRole('button', { name: words.common.action.signIn }).click();
}
