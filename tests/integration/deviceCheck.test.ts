import type { Appointment } from '@cloud-hospital/protocol/rest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cancel } from '../../signaling/src/operations/booking/cancel.ts';
import { getAppointment } from '../../signaling/src/operations/booking/read.ts';
import { reportDeviceCheck } from '../../signaling/src/operations/booking/reportDeviceCheck.ts';
import { CareDistrict, type TestResident } from '../support/careDistrict.ts';
import { CareFlow, failure } from '../support/careFlow.ts';

let district: CareDistrict;
let flow: CareFlow;
let resident: TestResident;
let appointment: Appointment;
beforeAll(async () => {
  district = await CareDistrict.create();
  flow = new CareFlow(district, await district.clinic(), await district.specialist());
  resident = await district.resident();
  appointment = await flow.book(resident, 120);
});
afterAll(() => district.close());

const check = {
  camera: 'passed',
  microphone: 'failed',
  speaker: 'passed',
  network: 'passed',
  detail: { microphone: 'silent' },
  line: { roundTripMs: 40, lossRate: 0, upKbps: 900, downKbps: 1_200 },
} as const;
const report = (who: TestResident) =>
  reportDeviceCheck(district.services, district.context(who.actor), {
    appointmentId: appointment.appointmentId,
    check,
  });
const audits = () =>
  district.services.db
    .selectFrom('audit_event')
    .select('outcome')
    .where('entity_id', '=', appointment.appointmentId)
    .where('action', '=', 'device-check:report')
    .execute();

test('what a phone found out is kept with its appointment, the last time counts, each is audited once', async () => {
  await report(resident);
  const reported = await report(resident);
  expect(reported).toMatchObject({ version: appointment.version, deviceCheck: check });
  const { appointmentId } = appointment;
  const read = await getAppointment(district.services, district.context(resident.actor), { appointmentId });
  expect(read.deviceCheck).toEqual(reported.deviceCheck);
  expect(await audits()).toEqual([{ outcome: 'success' }, { outcome: 'success' }]);
});

test('a foreign appointment is not there, which leaves a trace', async () => {
  expect((await failure(report(await district.resident()))).code).toBe('NOT_FOUND');
  expect((await audits()).map(({ outcome }) => outcome)).toContain('denied');
});

test('once the appointment is over there is nothing to check for', async () => {
  const { appointmentId, version } = appointment;
  const context = district.context(resident.actor);
  await cancel(district.services, context, { appointmentId, version, reason: 'patient-request' });
  expect((await failure(report(resident))).code).toBe('INVALID_TRANSITION');
});
