import type { Locator, Page } from 'playwright-core';
import { words } from '../words.ts';
import { readQrCode } from '../readQrCode.ts';
import type { Journal } from './Journal.ts';

export interface WalkIn {
  readonly name: string;
  readonly identityNumber: string;
  readonly phone: string;
  readonly departmentCode: string;
  readonly specialistName: string;
  readonly complaint: string;
}

/** What staff do at the clinic's terminal. */
export class TerminalJourney {
  readonly page: Page;
  readonly #journal: Journal;

  constructor(page: Page, journal: Journal) {
    this.page = page;
    this.#journal = journal;
  }

  shot(name: string): Promise<void> {
    return this.#journal.step(this.page, 'terminal', name);
  }

  /** Makes this browser the clinic's terminal. */
  async enrol(code: string): Promise<void> {
    const { page } = this;
    await page.goto('/terminal');
    const field = page.getByTestId('enrol-page').getByTestId('enrolment-code');
    await field.fill(code);
    await this.shot('enrol');
    await page.getByTestId('enrol-submit').click();
    await page.getByTestId('sign-in-page').waitFor();
  }

  async signIn(username: string, password: string): Promise<void> {
    const { page } = this;
    await page.getByTestId('username').fill(username);
    await page.getByTestId('password').fill(password);
    await this.shot('sign-in');
    await page.getByTestId('sign-in-submit').click();
  }

  /** The first thing of a day: camera, microphone, network, speaker. */
  async passSelfTest(): Promise<void> {
    const { page } = this;
    await page.getByTestId('play-chime').click();
    await page.getByTestId('heard').click();
    await page.locator('[data-testid="self-test-page"][data-finished="true"]').waitFor();
    await page.getByTestId('self-test-verdict').waitFor();
    await this.shot('self-test');
    await page.getByTestId('self-test-done').click();
    await page.getByTestId('home-page').waitFor();
    await this.shot('worklist');
  }

  /** Tests nothing now and goes to work. */
  async skipSelfTest(): Promise<void> {
    await this.page.getByTestId('self-test-done').click();
    await this.page.getByTestId('work-page').waitFor();
  }

  /** The line for whoever is in hand is up, and nothing is sent yet. */
  async prepared(): Promise<void> {
    await this.page.locator('[data-testid="prepared"][data-warmth="ready"]').waitFor();
  }

  /** A hand scanner types the ticket's text and ends with Enter. */
  async checkInByTicket(ticketQr: string): Promise<void> {
    const { page } = this;
    await page.getByTestId('open-check-in').click();
    const field = page.getByTestId('ticket-text');
    await field.waitFor();
    await this.shot('check-in');
    await field.focus();
    await page.keyboard.insertText(ticketQr);
    await page.keyboard.press('Enter');
    await this.#visitAt('consent');
    await this.shot('checked-in');
  }

  /** Touches the card that a radio lies under. */
  #choose(testId: string): Promise<void> {
    const { page } = this;
    return page
      .locator('label')
      .filter({ has: page.getByTestId(testId) })
      .click();
  }

  #visitAt(next: string): Promise<void> {
    return this.page.locator(`[data-testid="visit-page"][data-next="${next}"]`).waitFor();
  }

  async recordConsent(): Promise<void> {
    const { page } = this;
    await page.getByTestId('next-consent').click();
    await this.#choose('consent-method-on-screen');
    await this.#choose('recording-rejected');
    await this.shot('consent');
    await page.getByTestId('consent-agree').click();
    await this.#visitAt('vitals');
  }

  async recordVitals(values: Readonly<Record<string, string>>): Promise<void> {
    const { page } = this;
    await page.getByTestId('next-vitals').click();
    for (const [code, value] of Object.entries(values)) await page.getByTestId(`vital-${code}`).fill(value);
    await this.shot('vitals');
    await page.getByTestId('save-vitals').click();
    await this.#visitAt('ready');
    await this.shot('ready');
  }

  /** The resident sits before the terminal; waits until the line is up and nothing is sent. */
  async seat(): Promise<void> {
    const { page } = this;
    await page.getByTestId('next-ready').click();
    await this.prepared();
    await this.shot('prepared');
  }

  async registerWalkIn(person: WalkIn): Promise<void> {
    const { page } = this;
    await page.getByTestId('open-walk-in').click();
    await page.getByTestId('identity-number').fill(person.identityNumber);
    await page.getByTestId('walk-in-name').fill(person.name);
    await page.getByTestId('walk-in-phone').fill(person.phone);
    await this.shot('walk-in-person');
    await page.getByTestId('walk-in-next').click();
    await this.#choose(`department-${person.departmentCode}`);
    await page.locator('.t-choice__option').filter({ hasText: person.specialistName }).click();
    await page.getByTestId('walk-in-complaint').fill(person.complaint);
    await this.shot('walk-in-visit');
    await page.getByTestId('walk-in-submit').click();
    await this.#visitAt('consent');
    await this.shot('walk-in-waits');
  }

  /** Back to whoever is to be called. */
  async openPerson(ticketNumber: string): Promise<void> {
    const { page } = this;
    await page.getByTestId('worklist-item').filter({ hasText: ticketNumber }).click();
    await page.getByTestId('visit-page').filter({ hasText: ticketNumber }).waitFor();
  }

  async rings(): Promise<void> {
    await this.page.getByTestId('ringing').waitFor();
  }

  async answer(): Promise<void> {
    await this.page.getByRole('button', { name: words.call.ringing.answer, exact: true }).tap();
  }

  async inCall(): Promise<void> {
    await this.page.locator('[data-testid="call"][data-phase="connected"]').waitFor();
  }

  control(label: string): Locator {
    return this.page.getByTestId('call').getByRole('button', { name: label });
  }

  async callEnded(): Promise<void> {
    await this.page.locator('[data-testid="call-ended"][data-reason="finished"]').waitFor();
    await this.shot('call-ended');
    await this.page.getByTestId('call-dismiss').click();
  }

  /**
   * Prints the signed report; no printer is there, so the sheet that would come out of it is kept on the page.
   * @returns what its QR code leads to
   */
  async printReport(): Promise<string> {
    const { page } = this;
    await page.getByTestId('next-print').click();
    await page.getByTestId('report-page').waitFor();
    await this.shot('report');
    await page.evaluate(`window.print = () => {
      const sheet = document.querySelector('.t-print').cloneNode(true);
      sheet.dataset.kept = '';
      setTimeout(() => document.body.append(sheet));
    }`);
    await page.getByTestId('print').click();
    const sheet = page.locator('.t-print[data-kept]');
    await sheet.waitFor({ state: 'attached' });
    const terminal = page.viewportSize();
    await page.emulateMedia({ media: 'print' });
    await page.setViewportSize(A4);
    await this.shot('print');
    const verificationUrl = await readQrCode(sheet.locator('svg.t-qr'));
    await page.emulateMedia({ media: null });
    if (terminal !== null) await page.setViewportSize(terminal);
    await page.evaluate(`document.querySelector('.t-print[data-kept]').remove()`);
    await page.getByTestId('mark-printed').click();
    await this.#visitAt('done');
    await this.shot('done');
    return verificationUrl;
  }
}

/** 210 × 297 mm at 96 dpi. */
const A4 = { width: 794, height: 1123 };
