import { z } from 'zod';
import { type Answer, Caller, type Ledger } from './Caller.ts';
import type { Person } from './planDay.ts';
import { readLoginCode } from '../support/WebClient.ts';

const Nothing = z.object({});
const Slots = z.object({
  days: z.array(z.object({ slots: z.array(z.object({ slotId: z.string(), start: z.string(), free: z.boolean() })) })),
});
const Session = z.object({ patientId: z.string().nullable() });
const Appointment = z.object({
  appointmentId: z.string(),
  version: z.int(),
  start: z.string(),
  ticketQr: z.string().nullable(),
});
export type Booked = z.infer<typeof Appointment>;

/** How often somebody picks another time when theirs was just taken. */
const MAX_TRIES = 5;

/** A resident's phone: signs in with a code, gives a name, books, cancels. */
export class ResidentPhone {
  readonly #person: Person;
  readonly #caller: Caller;

  constructor(person: Person, url: string, ledger: Ledger) {
    this.#person = person;
    this.#caller = new Caller(url, 'resident', ledger);
  }

  /** @returns null when no time is left */
  async book(
    practitionerRoleId: string,
    locationId: string,
    date: string,
    wished: Date,
    surgery: readonly { readonly from: Date; readonly to: Date }[],
  ): Promise<Booked | null> {
    const patientId = await this.#signIn();
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const { days } = await this.#caller.must(
        'GET slots',
        Slots,
        'GET',
        `/specialists/${practitionerRoleId}/slots?from=${date}&to=${date}`,
      );
      const [slot] = days
        .flatMap(({ slots }) => slots)
        .filter(
          ({ free, start }) => free && surgery.some(({ from, to }) => new Date(start) >= from && new Date(start) < to),
        )
        .toSorted((a, b) => distance(a.start, wished) - distance(b.start, wished));
      if (slot === undefined) return null;
      const held = await this.#caller.send('POST hold', Appointment, 'POST', '/appointments', {
        slotId: slot.slotId,
        patientId,
      });
      if (!held.ok) continue;
      const { appointmentId, version } = held.data;
      return this.#caller.must('POST confirm', Appointment, 'POST', `/appointments/${appointmentId}/confirmation`, {
        version,
        locationId,
        complaint: '胸闷三天，活动后加重',
      });
    }
    return null;
  }

  cancel({ appointmentId, version }: Booked): Promise<Answer<object>> {
    return this.#caller.send('POST cancellation', Nothing, 'POST', `/appointments/${appointmentId}/cancellation`, {
      version,
      reason: 'patient-request',
    });
  }

  /** @returns the patient's id */
  async #signIn(): Promise<string> {
    const { phone, name, identityNumber } = this.#person;
    await this.#caller.must('POST code', Nothing, 'POST', '/session/resident/code', { phone });
    const code = await readLoginCode(this.#caller.web, phone);
    const signedIn = await this.#caller.must('POST resident session', Session, 'POST', '/session/resident', {
      phone,
      code,
    });
    if (signedIn.patientId !== null) return signedIn.patientId;
    const named = await this.#caller.must('PUT profile', Session, 'PUT', '/session/profile', { name, identityNumber });
    if (named.patientId === null) throw new Error('a named resident has no patient');
    return named.patientId;
  }
}

const distance = (start: string, wished: Date): number => Math.abs(Date.parse(start) - wished.getTime());
