import type { Locator, Page } from 'playwright-core';
import { words } from '../words.ts';
import type { Journal } from './Journal.ts';
import { signInAtConsole } from './signInAtConsole.ts';

export interface Opinion {
  readonly findings: string;
  readonly diagnosis: string;
  readonly diagnosisCode: string;
  readonly advice: string;
  readonly prescription: { readonly medication: string; readonly dose: string; readonly frequency: string };
  readonly followUpDays: number;
  readonly plainSummary: string;
}

/** What a specialist does at the console. */
export class SpecialistJourney {
  readonly page: Page;
  readonly #journal: Journal;

  constructor(page: Page, journal: Journal) {
    this.page = page;
    this.#journal = journal;
  }

  shot(name: string): Promise<void> {
    return this.#journal.step(this.page, 'console', name);
  }

  async signIn(username: string, password: string): Promise<void> {
    const { page } = this;
    await page.goto('/doctor');
    await page.getByLabel(words.console.signIn.username).waitFor();
    await this.shot('sign-in');
    await signInAtConsole(page, username, password);
    await page.getByTestId('call-next').waitFor();
  }

  /** Says that the specialist is there now. */
  async beginWork(): Promise<void> {
    const { availability } = words.console;
    await this.page
      .getByRole('group', { name: availability.label })
      .getByText(availability.available, { exact: true })
      .click();
  }

  queueCard(name: string): Locator {
    return this.page.getByTestId('queue-card').filter({ hasText: name });
  }

  /** Waits until the queue shows somebody, without the page being touched, and reads the brief. */
  async readBrief(patientName: string): Promise<void> {
    const card = this.queueCard(patientName);
    await card.waitFor();
    await this.shot('queue');
    await card.getByRole('button').first().click();
    await this.page.getByRole('region', { name: words.console.record.title }).getByText(patientName).first().waitFor();
    await this.shot('brief');
  }

  /** One key. */
  async callNext(): Promise<void> {
    // Whatever had the focus would take the key for itself.
    await this.page.evaluate('document.activeElement?.blur()');
    await this.page.keyboard.press('Space');
  }

  get stage(): Locator {
    return this.page.getByTestId('stage');
  }

  async inCall(): Promise<void> {
    await this.page.locator('[data-testid="stage"][data-phase="connected"]').waitFor();
  }

  control(label: string): Locator {
    return this.stage.getByRole('button', { name: label });
  }

  /** Writes the note while the call goes on, and waits until it is stored. */
  async writeNote(opinion: Opinion): Promise<void> {
    const { page } = this;
    const { record } = words.console;
    await page.getByLabel(record.findings).fill(opinion.findings);
    await page.getByTestId('add-diagnosis').click();
    await page.getByLabel(`${record.diagnosisText} 1`).fill(opinion.diagnosis);
    await page.getByLabel(`${record.diagnosisCode} 1`).fill(opinion.diagnosisCode);
    await page.getByLabel(record.advice).fill(opinion.advice);
    await page.getByTestId('add-prescription').click();
    await page.getByLabel(`${record.medication} 1`).fill(opinion.prescription.medication);
    await page.getByLabel(`${record.dose} 1`).fill(opinion.prescription.dose);
    await page.getByLabel(`${record.frequency} 1`).fill(opinion.prescription.frequency);
    await page.getByLabel(record.followUpDays).fill(String(opinion.followUpDays));
    await page.getByLabel(record.plainSummary).fill(opinion.plainSummary);
    await page.locator('[data-testid="note-status"][data-status="clean"]').waitFor();
    await this.shot('note');
  }

  /** Ends the consultation with its outcome. */
  async finish(): Promise<void> {
    const { page } = this;
    const { finish, stage } = words.console;
    await this.control(stage.finish).click();
    const dialog = page.getByRole('dialog', { name: finish.title });
    await dialog.getByRole('radio', { name: finish.outcome['follow-up-needed'] }).check();
    await this.shot('finish');
    await dialog.getByRole('button', { name: finish.confirm }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** Signs with the password. */
  async sign(password: string): Promise<void> {
    const { page } = this;
    const { record, signIn } = words.console;
    await page.getByTestId('sign').click();
    const dialog = page.getByRole('dialog', { name: record.signTitle });
    await dialog.getByLabel(signIn.password).fill(password);
    await this.shot('sign');
    await dialog.getByRole('button', { name: record.signConfirm }).click();
    await page.getByTestId('signed').waitFor();
    await this.shot('signed');
  }
}
