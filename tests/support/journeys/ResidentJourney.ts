import type { Page } from 'playwright-core';
import { z } from 'zod';
import type { Journal } from './Journal.ts';

const DemoInbox = z.object({ messages: z.array(z.object({ text: z.string() })) });

export interface BookingWish {
  readonly departmentCode: string;
  readonly specialistName: string;
  readonly clinicName: string;
  readonly complaint: string;
}

/** What a resident does on the phone, by the names a person or a screen reader would use. */
export class ResidentJourney {
  readonly page: Page;
  readonly #journal: Journal;
  readonly #baseURL: string;

  constructor(page: Page, journal: Journal, baseURL: string) {
    this.page = page;
    this.#journal = journal;
    this.#baseURL = baseURL;
  }

  #shot(name: string): Promise<void> {
    return this.#journal.step(this.page, 'resident', name);
  }

  async signIn(phone: string): Promise<void> {
    const { page } = this;
    await page.goto('/');
    await page.getByTestId('sign-in-phone').fill(phone);
    await this.#shot('phone');
    await page.getByTestId('sign-in-request-code').click();
    const field = page.getByTestId('sign-in-code');
    await field.waitFor();
    const code = await this.#codeFromDemoInbox(phone);
    await this.#shot('code');
    // The sixth digit sends the code by itself.
    await field.fill(code);
    await page.getByTestId('home-book').waitFor();
    await this.#shot('home');
  }

  /** Reads the newest code from what the carrier would have delivered. */
  async #codeFromDemoInbox(phone: string): Promise<string> {
    for (let tries = 0; tries < 50; tries += 1) {
      const response = await fetch(`${this.#baseURL}/api/demo/inbox?phone=${phone}`);
      const { messages } = DemoInbox.parse(await response.json());
      const code = messages.map(({ text }) => /\d{6}/.exec(text)?.[0]).find((found) => found !== undefined);
      if (code !== undefined) return code;
      await this.page.waitForTimeout(100);
    }
    throw new Error('no login code arrived in the demo inbox');
  }

  /** Books the next free time and leaves the ticket on the screen. @returns the ticket's number and the appointment's id */
  async book(wish: BookingWish): Promise<{ ticketNumber: string; appointmentId: string }> {
    const { page } = this;
    await page.getByTestId('home-book').click();
    await page.getByTestId('by-department').click();
    await this.#shot('department');
    await page.getByTestId(`department-${wish.departmentCode}`).click();
    const specialist = page.getByTestId('specialist').filter({ hasText: wish.specialistName });
    await specialist.waitFor();
    await this.#shot('specialist');
    await specialist.click();
    const slot = page.getByTestId('slot').and(page.locator(':enabled')).first();
    await slot.waitFor();
    await this.#shot('time');
    await slot.click();
    await page.getByTestId('hold-countdown').waitFor();
    await this.#chooseClinic(wish.clinicName);
    await page.getByTestId('complaint').fill(wish.complaint);
    await this.#shot('complaint');
    await page.getByTestId('complaint-next').click();
    await page.getByTestId('confirm').waitFor();
    await this.#shot('confirm');
    await page.getByTestId('confirm').click();
    const number = page.getByTestId('ticket-number');
    await number.waitFor();
    await this.#shot('ticket');
    const appointmentId = /[0-9a-f-]{36}/.exec(page.url())?.[0];
    if (appointmentId === undefined) throw new Error(`no appointment in ${page.url()}`);
    return { ticketNumber: (await number.innerText()).trim(), appointmentId };
  }

  async #chooseClinic(name: string): Promise<void> {
    const { page } = this;
    const search = page.getByTestId('clinic-search');
    await search.waitFor();
    await this.#shot('clinic');
    await search.fill(name);
    await page.getByTestId('clinic').filter({ hasText: name }).first().click();
  }

  /** Opens the waiting page from the home page's one next thing. */
  async openWaiting(): Promise<void> {
    const { page } = this;
    await page.goto('/');
    await page.getByTestId('open-waiting').click();
    await page.getByTestId('waiting-position').waitFor();
    await this.#shot('waiting');
  }

  async readReport(): Promise<string> {
    const { page } = this;
    await page.goto('/reports');
    await page.getByTestId('report-row').first().click();
    const report = page.getByTestId('report');
    await report.waitFor();
    await this.#shot('report');
    return report.innerText();
  }
}
