import type { Locator, Page } from 'playwright-core';
import { readQrCode } from '../readQrCode.ts';
import type { Journal } from './Journal.ts';

export interface BookingWish {
  readonly departmentCode: string;
  readonly specialistName: string;
  readonly clinicName: string;
  readonly complaint: string;
}

export interface Ticket {
  readonly ticketNumber: string;
  /** What the ticket's QR code says. */
  readonly qr: string;
  readonly appointmentId: string;
}

/** What a resident does on the phone, by the names a person or a screen reader would use. */
export class ResidentJourney {
  readonly page: Page;
  readonly #journal: Journal;

  constructor(page: Page, journal: Journal) {
    this.page = page;
    this.#journal = journal;
  }

  shot(name: string): Promise<void> {
    return this.#journal.step(this.page, 'resident', name);
  }

  async signIn(phone: string): Promise<void> {
    const { page } = this;
    await page.goto('/');
    await page.getByTestId('sign-in-phone').fill(phone);
    await this.shot('phone');
    await page.getByTestId('sign-in-request-code').click();
    const field = page.getByTestId('sign-in-code');
    await field.waitFor();
    await this.shot('code');
    const code = await this.#codeFromDemoInbox();
    // The sixth digit sends the code by itself.
    await field.fill(code);
    await page.getByTestId('home-book').waitFor();
    await this.shot('home');
  }

  /** The newest code, from the page that shows what the carrier would have delivered. */
  async #codeFromDemoInbox(): Promise<string> {
    const opened = this.page.context().waitForEvent('page');
    await this.page.getByTestId('demo-inbox-link').click();
    const inbox = await opened;
    const code = inbox.getByTestId('message-code').first();
    await code.waitFor();
    await this.#journal.step(inbox, 'resident', 'demo-inbox');
    const text = await code.innerText();
    await inbox.close();
    return text.trim();
  }

  /** Books the next free time and leaves the ticket on the screen. */
  async book(wish: BookingWish): Promise<Ticket> {
    const { page } = this;
    await this.holdNextSlot(wish);
    await page.getByTestId('confirm').waitFor();
    await page.getByTestId('hold-countdown').waitFor();
    await this.shot('confirm');
    await page.getByTestId('confirm').click();
    return this.readTicket();
  }

  /** Up to the confirmation: the slot is held, the clinic chosen, the complaint described. */
  async holdNextSlot(wish: BookingWish): Promise<void> {
    const { page } = this;
    await this.openTimes(wish);
    await this.freeSlots().first().click();
    await this.chooseClinic(wish.clinicName);
    await page.getByTestId('complaint').fill(wish.complaint);
    await this.shot('complaint');
    await page.getByTestId('complaint-next').click();
  }

  /** Up to the free times of the specialist. */
  async openTimes(wish: BookingWish): Promise<void> {
    const { page } = this;
    await page.getByTestId('home-book').first().click();
    await page.getByTestId('by-department').click();
    await this.shot('department');
    await page.getByTestId(`department-${wish.departmentCode}`).click();
    const specialist = page.getByTestId('specialist').filter({ hasText: wish.specialistName });
    await specialist.waitFor();
    await this.shot('specialist');
    await specialist.click();
    await this.freeSlots().first().waitFor();
    await this.shot('time');
  }

  freeSlots(): Locator {
    return this.page.getByTestId('slot').and(this.page.locator(':enabled'));
  }

  async chooseClinic(name: string): Promise<void> {
    const { page } = this;
    const search = page.getByTestId('clinic-search');
    await search.waitFor();
    await this.shot('clinic');
    await search.fill(name);
    await page.getByTestId('clinic').filter({ hasText: name }).first().click();
  }

  async readTicket(): Promise<Ticket> {
    const { page } = this;
    const ticket = page.getByTestId('ticket');
    await ticket.waitFor();
    await this.shot('ticket');
    const [appointmentId] = /[0-9a-f-]{36}/.exec(page.url()) ?? [];
    if (appointmentId === undefined) throw new Error(`There is no appointment in ${page.url()}.`);
    return {
      ticketNumber: (await page.getByTestId('ticket-number').innerText()).trim(),
      qr: await readQrCode(ticket.locator('svg.r-qr')),
      appointmentId,
    };
  }

  /** Home shows the visit as the one next thing; from the ticket it is one touch to the waiting page. */
  async openWaiting({ appointmentId }: Ticket): Promise<void> {
    const { page } = this;
    await page.goto('/');
    await page.getByTestId('next-visit').waitFor();
    await this.shot('home-checked-in');
    await page.goto(`/appointments/${appointmentId}`);
    await page.getByTestId('open-waiting').click();
    await page.getByTestId('waiting-position').waitFor();
    await this.shot('waiting');
  }

  /** The waiting page, which nobody touches, shows that the turn has come. */
  async seesState(state: 'called' | 'serving'): Promise<void> {
    await this.page.locator(`[data-testid="waiting-panel"][data-state="${state}"]`).waitFor();
    await this.shot(state);
  }

  async seesEnd(): Promise<void> {
    await this.page.getByTestId('waiting-over').waitFor();
    await this.shot('over');
  }

  /** @returns the newest report's text as the resident reads it */
  async readReport(): Promise<string> {
    const { page } = this;
    await page.goto('/reports');
    await page.getByTestId('report-row').first().click();
    const report = page.getByTestId('report');
    await report.waitFor();
    await this.shot('report');
    return report.innerText();
  }

  /** @returns what the page behind a printed report's QR code says */
  async verify(url: string): Promise<string | null> {
    const { page } = this;
    await page.goto(new URL(url).pathname);
    const verification = page.getByTestId('verification');
    await verification.waitFor();
    await this.shot('verify');
    return verification.getAttribute('data-outcome');
  }
}
