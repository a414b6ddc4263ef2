import type { Page } from 'playwright-core';
import { words } from '../words.ts';
import { signInAtConsole } from './signInAtConsole.ts';
import type { Journal } from './Journal.ts';

/** What the district's administrator does on the board of terminals. */
export class AdministratorJourney {
  readonly page: Page;
  readonly #journal: Journal;

  constructor(page: Page, journal: Journal) {
    this.page = page;
    this.#journal = journal;
  }

  async signIn(username: string, password: string): Promise<void> {
    await this.page.goto('/district');
    await signInAtConsole(this.page, username, password);
    await this.page.getByTestId('terminal-tile').first().waitFor();
    await this.#journal.step(this.page, 'district', 'board');
  }

  /** @returns the one-time code for the terminal of that clinic */
  async makeEnrolmentCode(clinicName: string): Promise<string> {
    const { page } = this;
    await page.getByLabel(words.console.district.search).fill(clinicName);
    await page.getByTestId('terminal-tile').filter({ hasText: clinicName }).first().click();
    await page.getByTestId('issue-code').click();
    const shown = page.getByTestId('enrolment-code');
    await shown.waitFor();
    await this.#journal.step(page, 'district', 'enrolment-code');
    const [code] = /[A-Z0-9]{4}-[A-Z0-9]{4}/.exec(await shown.innerText()) ?? [];
    if (code === undefined) throw new Error('The page shows no enrolment code.');
    return code;
  }

  async seeBoard(): Promise<void> {
    const { page } = this;
    await page.goto('/district');
    await page.getByTestId('terminal-tile').first().waitFor();
    await this.#journal.step(page, 'district', 'board-during-call');
  }
}
