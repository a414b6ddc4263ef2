import { z } from 'zod';
import { DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { type Answer, Caller, type Ledger } from './Caller.ts';
import type { SpecialistPlace } from './layOutDay.ts';

const Nothing = z.object({});
const Called = z.object({ encounterId: z.string(), queueEntryId: z.string(), ringingUntil: z.string() });
const Chart = z.object({ version: z.int() });

/** A specialist at the console. */
export class SpecialistDesk {
  readonly #place: SpecialistPlace;
  readonly #caller: Caller;

  constructor(place: SpecialistPlace, url: string, ledger: Ledger) {
    this.#place = place;
    this.#caller = new Caller(url, 'console', ledger);
  }

  async signIn(): Promise<void> {
    await this.#caller.must('POST staff session', Nothing, 'POST', '/session/staff', {
      username: this.#place.username,
      password: DEMO_PASSWORD,
    });
  }

  /** What an open page does now and then. */
  async refresh(): Promise<void> {
    await this.#caller.must('GET queue', Nothing, 'GET', '/queue');
  }

  async setAvailability(state: 'available' | 'break' | 'off', until?: Date): Promise<void> {
    await this.#caller.must('PUT availability', Nothing, 'PUT', '/queue/availability', {
      state,
      ...(until === undefined ? {} : { until: until.toISOString() }),
    });
  }

  callNext(): Promise<Answer<z.infer<typeof Called>>> {
    return this.#caller.send('POST call-next', Called, 'POST', '/queue/call-next', {});
  }

  /** Reads the chart before, as the page shows it. */
  async conclude(encounterId: string): Promise<void> {
    const { version } = await this.#caller.must('GET encounter', Chart, 'GET', `/encounters/${encounterId}`);
    await this.#caller.must('POST conclusion', Nothing, 'POST', `/encounters/${encounterId}/conclusion`, {
      version,
      outcome: 'completed',
    });
  }
}
