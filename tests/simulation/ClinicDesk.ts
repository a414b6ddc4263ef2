import { generateKeyPairSync, sign } from 'node:crypto';
import { EncounterId } from '@cloud-hospital/protocol';
import { Challenge, EnrolmentCodeIssued, terminalChallengeText } from '@cloud-hospital/protocol/rest';
import { z } from 'zod';
import { DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { Browser } from '../support/Browser.ts';
import { type Answer, Caller, type Ledger } from './Caller.ts';
import type { ClinicPlace } from './layOutDay.ts';
import type { Person } from './planDay.ts';

const Nothing = z.object({});
export const OpenedVisit = z.object({ encounterId: z.string(), queueEntryId: z.string() });
export type OpenedVisit = z.infer<typeof OpenedVisit>;

/** A clinic's nurse at the enrolled terminal, by REST and by the terminal's socket. */
export class ClinicDesk {
  readonly #place: ClinicPlace;
  readonly #caller: Caller;
  #socket: Browser | undefined;

  constructor(place: ClinicPlace, url: string, ledger: Ledger) {
    this.#place = place;
    this.#caller = new Caller(url, 'terminal', ledger);
  }

  /** Enrols the terminal with a key of its own, signs terminal and nurse in, and opens the terminal's socket. */
  async open(administrator: Caller): Promise<void> {
    const { deviceId, nurse } = this.#place;
    const { code } = await administrator.must(
      'POST enrolment code',
      EnrolmentCodeIssued,
      'POST',
      `/terminals/${deviceId}/enrolment-code`,
      {},
    );
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
    const caller = this.#caller;
    await caller.must('POST enrolment', Nothing, 'POST', '/terminals/enrolment', {
      code,
      publicKey: { kty, crv, x, y },
    });
    const { challenge } = await caller.must('POST challenge', Challenge, 'POST', '/terminals/challenge', { deviceId });
    const signature = sign('sha256', Buffer.from(terminalChallengeText(deviceId, challenge)), {
      key: privateKey,
      dsaEncoding: 'ieee-p1363',
    });
    await caller.must('POST terminal session', Nothing, 'POST', '/terminals/session', {
      deviceId,
      challenge,
      signature: signature.toString('base64url'),
    });
    await caller.must('POST staff session', Nothing, 'POST', '/session/staff', {
      username: nurse,
      password: DEMO_PASSWORD,
    });
    await this.#connect();
  }

  /** What an open page does now and then. */
  async refresh(): Promise<void> {
    await this.#caller.must('GET worklist', Nothing, 'GET', '/worklist');
  }

  checkIn(ticketQr: string): Promise<Answer<OpenedVisit>> {
    return this.#caller.send('POST check-in', OpenedVisit, 'POST', '/encounters/check-in', { by: 'ticket', ticketQr });
  }

  /** @param line whose queue, or the pool of which department */
  registerWalkIn(
    person: Person,
    line: { readonly practitionerRoleId: string } | { readonly departmentCode: string },
  ): Promise<Answer<OpenedVisit>> {
    return this.#caller.send('POST walk-in', OpenedVisit, 'POST', '/encounters/walk-in', {
      name: person.name,
      identityNumber: person.identityNumber,
      ...line,
      complaint: '头晕、乏力两天',
      urgent: person.urgent,
    });
  }

  /** Consent and vitals, taken while they wait. */
  async prepare(encounterId: string, person: Person): Promise<void> {
    await this.#caller.must('POST consent', Nothing, 'POST', `/encounters/${encounterId}/consents`, {
      purpose: 'consultation',
      decision: 'active',
      method: 'signed-paper',
    });
    await this.#caller.must('POST vitals', Nothing, 'POST', `/encounters/${encounterId}/observations`, {
      vitals: [
        { code: 'systolic', value: 110 + (person.serial % 50) },
        { code: 'diastolic', value: 65 + (person.serial % 30) },
        { code: 'heart-rate', value: 58 + (person.serial % 40) },
      ],
    });
  }

  setReady(encounterId: string): Promise<Answer<object>> {
    return this.#caller.send('PUT ready', Nothing, 'PUT', `/encounters/${encounterId}/ready`, { ready: true });
  }

  markLeft(encounterId: string): Promise<Answer<object>> {
    return this.#caller.send('POST departure', Nothing, 'POST', `/encounters/${encounterId}/departure`, {});
  }

  /** The one tap that is offered once a specialist is late: to whoever of the department is there. */
  takeSubstitute(queueEntryId: string): Promise<Answer<object>> {
    return this.#caller.send('POST substitute', Nothing, 'POST', `/queue-entries/${queueEntryId}/substitute`, {});
  }

  /** @throws AppError when it doesn't ring any more */
  async answer(encounterId: string): Promise<void> {
    await (await this.#connect()).request('call:answer', { encounterId: EncounterId.parse(encounterId) });
  }

  /** The line is gone at the clinic's end. */
  async hangUp(encounterId: string): Promise<void> {
    await (await this.#connect()).request('call:leave', { encounterId: EncounterId.parse(encounterId) });
  }

  close(): void {
    this.#socket?.close();
  }

  async #connect(): Promise<Browser> {
    if (this.#socket?.socket.connected === true) return this.#socket;
    const { url, web } = this.#caller;
    this.#socket = await Browser.connect(url, { cookie: web.cookie, sessionId: '', face: 'terminal' });
    return this.#socket;
  }
}
