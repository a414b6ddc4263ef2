import { randomBytes, randomUUID } from 'node:crypto';
import { AppointmentId } from '@cloud-hospital/protocol';
import type { Appointment } from '@cloud-hospital/protocol/rest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cancel } from '../../signaling/src/operations/booking/cancel.ts';
import { confirm } from '../../signaling/src/operations/booking/confirm.ts';
import { hold } from '../../signaling/src/operations/booking/hold.ts';
import { endRelation } from '../../signaling/src/operations/family/end.ts';
import { listHelperLinks, revokeHelperLink, sendHelperLink } from '../../signaling/src/operations/helperLink/manage.ts';
import { openHelperLink } from '../../signaling/src/operations/helperLink/open.ts';
import { CareDistrict, PUBLIC_ORIGIN, type TestClinic, type TestResident } from '../support/careDistrict.ts';
import { CareFlow, failure } from '../support/careFlow.ts';
import { joinFamily, newestText, randomPhone } from '../support/familyFlow.ts';

let district: CareDistrict;
let clinic: TestClinic;
let otherClinic: TestClinic;
let flow: CareFlow;
let minutes = 60;

beforeAll(async () => {
  district = await CareDistrict.create({ DEMO_DISTRICT: '1' });
  [clinic, otherClinic] = await Promise.all([district.clinic(), district.clinic()]);
  flow = new CareFlow(district, clinic, await district.specialist());
});
afterAll(() => district.close());

const db = () => district.services.db;
const newKey = () => randomBytes(32).toString('base64url');
const open = (token: string, key: string) =>
  openHelperLink(district.services, { requestId: randomUUID() }, { token, key });
async function booked(): Promise<{ resident: TestResident; appointment: Appointment }> {
  minutes += 20;
  const resident = await district.resident();
  return { resident, appointment: await flow.book(resident, minutes) };
}
/** Sends the link as the resident would. @returns the secret that went to the phone */
async function send(
  resident: TestResident,
  { appointmentId }: Pick<Appointment, 'appointmentId'>,
  phone = randomPhone(),
) {
  const link = await sendHelperLink(district.services, district.context(resident.actor), { appointmentId, phone });
  return { ...link, phone, token: await tokenIn(phone) };
}
async function tokenIn(phone: string): Promise<string> {
  const text = (await newestText(district, phone, 'helper-link')) ?? '';
  expect(text).toContain(`${PUBLIC_ORIGIN}/h#`);
  return text.slice(text.indexOf('#') + 1);
}
const opened = (helperLinkId: string) =>
  db()
    .selectFrom('audit_event')
    .select(['outcome', 'reason'])
    .where('entity_id', '=', helperLinkId)
    .where('action', '=', 'helper-link:open')
    .orderBy('id')
    .execute();

describe('a helper’s link', () => {
  test('shows ticket and place of one appointment and nothing of the person’s health', async () => {
    const resident = await district.resident();
    const appointment = await flow.bookToday(resident, 5);
    const link = await send(resident, appointment);
    const key = newKey();
    const view = await open(link.token, key);
    expect(view).toMatchObject({
      patientNameMasked: '王**',
      status: 'booked',
      ticketNumber: appointment.ticketNumber,
      ticketQr: appointment.ticketQr,
      place: null,
    });
    const text = JSON.stringify(view);
    for (const secret of [appointment.complaint, resident.name, resident.phone, '心内科', resident.patientId]) {
      expect(text).not.toContain(secret);
    }
    await flow.checkIn(appointment);
    expect(await open(link.token, key)).toMatchObject({
      status: 'checked-in',
      place: { state: 'waiting', position: 1, ahead: 0 },
    });
    expect(await opened(link.helperLinkId)).toEqual([{ outcome: 'success', reason: null }]);
  });

  test('opens in the first browser only, also when two try at once', async () => {
    const { resident, appointment } = await booked();
    const { token, helperLinkId } = await send(resident, appointment);
    const keys = [newKey(), newKey(), newKey()];
    const results = await Promise.allSettled(keys.map((key) => open(token, key)));
    const first = results.findIndex(({ status }) => status === 'fulfilled');
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    // Its own browser again and again: a reload, a locked phone.
    expect((await open(token, keys[first] ?? '')).status).toBe('booked');
    const reasons = (await opened(helperLinkId)).map(({ outcome, reason }) => `${outcome} ${reason}`);
    expect(reasons.sort()).toEqual(['denied opened-elsewhere', 'denied opened-elsewhere', 'success null']);
  });

  test('is not in the database, nor is the browser’s key: only their hashes', async () => {
    const real = await CareDistrict.create();
    try {
      const realFlow = new CareFlow(real, await real.clinic(), await real.specialist());
      const resident = await real.resident();
      const { appointmentId } = await realFlow.book(resident, 60);
      const phone = randomPhone();
      await sendHelperLink(real.services, real.context(resident.actor, randomUUID()), { appointmentId, phone });
      const text = await newestText(real, phone, 'helper-link');
      expect(text).toContain('******');
      expect(text).not.toContain('/h#');
      const row = await real.services.db.selectFrom('helper_link').selectAll().executeTakeFirstOrThrow();
      expect(row.token_hash).toHaveLength(32);
    } finally {
      await real.close();
    }
  });

  test.each([
    [
      'revoked',
      (id: string) => db().updateTable('helper_link').set({ revoked_at: new Date() }).where('id', '=', id).execute(),
    ],
    [
      'expired',
      (id: string) =>
        db()
          .updateTable('helper_link')
          .set({ open_until: new Date(0) })
          .where('id', '=', id)
          .execute(),
    ],
  ] as const)('that is %s is not there, exactly as one that never was', async (reason, spoil) => {
    const { resident, appointment } = await booked();
    const { token, helperLinkId } = await send(resident, appointment);
    await spoil(helperLinkId);
    const [dead, never] = [await failure(open(token, newKey())), await failure(open(newKey(), newKey()))];
    expect([dead.code, dead.details]).toEqual([never.code, never.details]);
    expect(dead.code).toBe('NOT_FOUND');
    expect(await opened(helperLinkId)).toEqual([{ outcome: 'denied', reason }]);
  });

  test('that was opened in time stays until the visit is over, and dies with it', async () => {
    const { resident, appointment } = await booked();
    const { token, helperLinkId } = await send(resident, appointment);
    const key = newKey();
    await open(token, key);
    await db()
      .updateTable('helper_link')
      .set({ open_until: new Date(0) })
      .where('id', '=', helperLinkId)
      .execute();
    expect((await open(token, key)).status).toBe('booked');
    await cancel(district.services, district.context(resident.actor), { ...appointment, reason: 'patient-request' });
    expect((await failure(open(token, key))).code).toBe('NOT_FOUND');
  });

  test('is taken back by the resident or the clinic, at once', async () => {
    const { resident, appointment } = await booked();
    const key = newKey();
    const link = await send(resident, appointment);
    await open(link.token, key);
    const nurse = district.context(clinic.nurse);
    expect((await listHelperLinks(district.services, nurse, appointment)).links).toMatchObject([
      { helperLinkId: link.helperLinkId },
    ]);
    await revokeHelperLink(district.services, nurse, { ...appointment, ...link });
    expect((await failure(open(link.token, key))).code).toBe('NOT_FOUND');
    expect((await listHelperLinks(district.services, nurse, appointment)).links).toEqual([]);
  });

  test('sent again to the same phone replaces the earlier one; three phones at most', async () => {
    const { resident, appointment } = await booked();
    const first = await send(resident, appointment);
    const second = await send(resident, appointment, first.phone);
    expect((await failure(open(first.token, newKey()))).code).toBe('NOT_FOUND');
    expect((await open(second.token, newKey())).status).toBe('booked');
    await send(resident, appointment);
    await send(resident, appointment);
    expect((await failure(send(resident, appointment))).code).toBe('LIMIT_REACHED');
  });

  test('under one idempotency key is one message', async () => {
    const { resident, appointment } = await booked();
    const phone = randomPhone();
    const context = district.context(resident.actor, randomUUID());
    const input = { appointmentId: appointment.appointmentId, phone };
    const [once, again] = await Promise.all([1, 2].map(() => sendHelperLink(district.services, context, input)));
    expect(again).toEqual(once);
    const sent = await db().selectFrom('communication').select('id').where('phone', '=', phone).execute();
    expect(sent).toHaveLength(1);
  });

  test('of another account’s or another clinic’s appointment is not there: to send, list or revoke', async () => {
    const { resident, appointment } = await booked();
    const { helperLinkId } = await send(resident, appointment);
    const stranger = await district.resident();
    const missing = AppointmentId.parse(randomUUID());
    for (const agent of [stranger.actor, otherClinic.nurse]) {
      const context = district.context(agent);
      for (const attempt of [
        (appointmentId: AppointmentId) =>
          sendHelperLink(district.services, context, { appointmentId, phone: randomPhone() }),
        (appointmentId: AppointmentId) => listHelperLinks(district.services, context, { appointmentId }),
        (appointmentId: AppointmentId) => revokeHelperLink(district.services, context, { appointmentId, helperLinkId }),
      ]) {
        const [foreign, none] = [await failure(attempt(appointment.appointmentId)), await failure(attempt(missing))];
        expect([foreign.code, foreign.details]).toEqual([none.code, none.details]);
        expect(foreign.code).toBe('NOT_FOUND');
      }
    }
  });

  test('that family sent dies with the relation', async () => {
    const [daughter, mother] = [await district.resident(), await district.resident()];
    const relation = await joinFamily(district, daughter, mother);
    const context = district.context(daughter.actor);
    minutes += 20;
    const slotId = await district.slot(flow.specialist, minutes);
    const held = await hold(district.services, context, { slotId, patientId: mother.patientId });
    const appointment = await confirm(district.services, context, {
      ...held,
      locationId: clinic.locationId,
      complaint: '胸闷',
    });
    const { token } = await send(daughter, appointment);
    const key = newKey();
    expect((await open(token, key)).patientNameMasked).toBe('王**');
    await endRelation(district.services, context, relation);
    expect((await failure(open(token, key))).code).toBe('NOT_FOUND');
  });
});
