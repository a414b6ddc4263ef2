import { randomUUID } from 'node:crypto';
import type { Face } from '@cloud-hospital/protocol';
import {
  Appointment,
  Encounter,
  QueueView,
  Report,
  ReportSummary,
  Verification,
  Worklist,
} from '@cloud-hospital/protocol/rest';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { withClient } from '../../infra/src/postgres/databaseRoles.ts';
import { DEMO_ACCOUNTS, DEMO_PASSWORD } from '../../signaling/src/seed/demoAccounts.ts';
import { type Stack, startStack } from '../support/stack.ts';

/** One browser of one face: keeps its cookies and sends them back. */
class HttpBrowser {
  readonly #url: string;
  readonly #face: Face;
  readonly #cookies = new Map<string, string>();

  constructor(url: string, face: Face) {
    this.#url = url;
    this.#face = face;
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
    key?: string,
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${this.#url}/api${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        'x-face': this.#face,
        cookie: [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    for (const header of response.headers.getSetCookie()) {
      const [pair = ''] = header.split(';');
      this.#cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return { status: response.status, body: await response.json() };
  }

  /** @throws Error with the answer when it isn't a success or not what the contract says */
  async call<T>(schema: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.request(method, path, body, method === 'GET' ? undefined : randomUUID());
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return schema.parse(answer.body);
  }

  async signInStaff(username: string): Promise<void> {
    await this.call(z.unknown(), 'POST', '/session/staff', { username, password: DEMO_PASSWORD });
  }

  async signInResident(phone: string): Promise<void> {
    await this.call(z.unknown(), 'POST', '/session/resident/code', { phone });
    const Inbox = z.object({ messages: z.array(z.object({ kind: z.string(), text: z.string() })) });
    const code = await vi.waitFor(async () => {
      const [message] = (await this.call(Inbox, 'GET', `/demo/inbox?phone=${phone}`)).messages;
      const found = /\d{6}/.exec(message?.text ?? '')?.[0];
      if (message?.kind !== 'login-code' || found === undefined) throw new Error('no code yet');
      return found;
    });
    await this.call(z.unknown(), 'POST', '/session/resident', { phone, code });
  }
}

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ sfuNodes: 0 });
});
afterAll(() => stack.stop());

test('over HTTP, with the demo district: book, check in, prepare, call; read and verify a signed report', async () => {
  const resident = new HttpBrowser(stack.url, 'resident');
  const desk = new HttpBrowser(stack.url, 'terminal');
  const console = new HttpBrowser(stack.url, 'console');
  await resident.signInResident(DEMO_ACCOUNTS.resident.phone);
  await desk.signInStaff(DEMO_ACCOUNTS.nurse.username);
  await console.signInStaff(DEMO_ACCOUNTS.specialist.username);

  // The clinic's terminal is switched on.
  const list = await desk.call(Worklist, 'GET', '/worklist');
  await withClient(stack.database.ownerUrl, async (client) => {
    await client.query(
      `UPDATE device SET status = 'ready', last_seen_at = now() + interval '1 hour' WHERE location_id = $1`,
      [list.clinic.locationId],
    );
  });

  const before = await console.call(QueueView, 'GET', '/queue');
  const Patients = z.object({ patients: z.array(z.object({ patientId: z.string() })) });
  const [patient] = (await resident.call(Patients, 'GET', '/patients')).patients;
  const role = await withClient(stack.database.ownerUrl, async (client) => {
    const found = await client.query<{ id: string; slot_id: string }>(
      `SELECT role.id, slot.id AS slot_id FROM account
       JOIN practitioner ON practitioner.account_id = account.id
       JOIN practitioner_role role ON role.practitioner_id = practitioner.id
       JOIN slot ON slot.practitioner_role_id = role.id
       WHERE account.username = $1 AND slot.status = 'free' AND lower(slot.period) > now() + interval '2 seconds'
       ORDER BY lower(slot.period) LIMIT 1`,
      [DEMO_ACCOUNTS.specialist.username],
    );
    return found.rows[0];
  });
  if (role === undefined || patient === undefined) throw new Error('the demo district has no slot or resident');

  const held = await resident.call(Appointment, 'POST', '/appointments', {
    slotId: role.slot_id,
    patientId: patient.patientId,
  });
  expect(held.status).toBe('pending');
  const booked = await resident.call(Appointment, 'POST', `/appointments/${held.appointmentId}/confirmation`, {
    version: held.version,
    locationId: list.clinic.locationId,
    complaint: '胸闷三天',
  });
  expect(booked.status).toBe('booked');
  const Appointments = z.object({ appointments: z.array(Appointment) });
  const own = await resident.call(Appointments, 'GET', '/appointments');
  expect(own.appointments.map((appointment) => appointment.appointmentId)).toContain(booked.appointmentId);

  // Late in the evening the next slot is tomorrow's; then somebody walks in instead.
  const visit = await desk.request('POST', '/encounters/check-in', { by: 'ticket', ticketQr: booked.ticketQr });
  const encounterId =
    visit.status === 200
      ? Encounter.parse(visit.body).encounterId
      : (
          await desk.call(Encounter, 'POST', '/encounters/walk-in', {
            name: '赵大爷',
            identityNumber: '11010519491231002X',
            practitionerRoleId: role.id,
            complaint: '头晕两天',
          })
        ).encounterId;
  await desk.call(z.unknown(), 'POST', `/encounters/${encounterId}/consents`, {
    purpose: 'consultation',
    decision: 'active',
    method: 'signed-paper',
  });
  await desk.call(z.unknown(), 'POST', `/encounters/${encounterId}/observations`, {
    vitals: [{ code: 'systolic', value: 150 }],
  });
  const refused = await desk.request('POST', `/encounters/${encounterId}/observations`, {
    vitals: [{ code: 'systolic', value: 900 }],
  });
  expect(refused.status).toBe(400);
  const ready = await desk.call(Encounter, 'PUT', `/encounters/${encounterId}/ready`, { ready: true });
  expect(ready.readiness).toEqual({
    consent: true,
    vitals: true,
    ready: true,
    terminalOnline: true,
    byPhone: false,
  });
  const now = await desk.call(Worklist, 'GET', '/worklist');
  expect(now.items.find((item) => item.encounterId === encounterId)?.status).toBe('waiting');

  const queue = await console.call(QueueView, 'GET', '/queue');
  expect(queue.version).toBeGreaterThan(before.version);
  expect(queue.entries.map((entry) => entry.encounterId)).toContain(encounterId);
  const CallAnswer = z.object({ encounterId: z.string(), queueEntryId: z.string(), ringingUntil: z.string() });
  const call = await console.call(CallAnswer, 'POST', `/queue-entries/${ready.queueEntryId}/call`, { reason: 'other' });
  expect(call.encounterId).toBe(encounterId);
  expect((await console.request('POST', '/queue/call-next', {})).status).toBe(409);
  await console.call(z.unknown(), 'POST', `/queue-entries/${call.queueEntryId}/call-cancellation`, {});

  const Summaries = z.object({ reports: z.array(ReportSummary) });
  const [summary] = (await resident.call(Summaries, 'GET', '/reports')).reports;
  if (summary === undefined) throw new Error('the demo resident has no report');
  const report = await resident.call(Report, 'GET', `/reports/${summary.reportId}`);
  const token = report.verificationUrl.split('/').at(-1) ?? '';
  const anybody = new HttpBrowser(stack.url, 'resident');
  expect(await anybody.call(Verification, 'GET', `/verification/${token}`)).toMatchObject({
    valid: true,
    sha256: report.sha256,
  });
  expect((await anybody.request('GET', `/reports/${summary.reportId}`)).status).toBe(401);
  const foreign = await console.request('GET', '/worklist');
  expect(foreign.status).toBe(403);
});
