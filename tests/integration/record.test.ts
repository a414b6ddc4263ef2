import { createHash, randomUUID } from 'node:crypto';
import { type EncounterId, ReportId } from '@cloud-hospital/protocol';
import { EMPTY_NOTE, type NoteContent, type Report } from '@cloud-hospital/protocol/rest';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { worklist } from '../../signaling/src/operations/clinic/worklist.ts';
import { finish } from '../../signaling/src/operations/encounter/finish.ts';
import { getEncounter } from '../../signaling/src/operations/encounter/get.ts';
import { saveNote } from '../../signaling/src/operations/encounter/saveNote.ts';
import { callNext } from '../../signaling/src/operations/queue/callNext.ts';
import { decide } from '../../signaling/src/operations/report/decide.ts';
import { markPrinted } from '../../signaling/src/operations/report/markPrinted.ts';
import { getReport, listReports } from '../../signaling/src/operations/report/read.ts';
import { sign } from '../../signaling/src/operations/report/sign.ts';
import { verify } from '../../signaling/src/operations/report/verify.ts';
import { mine } from '../../signaling/src/operations/queue/mine.ts';
import { board } from '../../signaling/src/operations/queue/board.ts';
import { overview } from '../../signaling/src/operations/district/overview.ts';
import { getAppointment } from '../../signaling/src/operations/booking/read.ts';
import {
  CareDistrict,
  PASSWORD,
  PUBLIC_ORIGIN,
  type TestClinic,
  type TestResident,
  type TestSpecialist,
} from '../support/careDistrict.ts';
import { CareFlow, failure } from '../support/careFlow.ts';

const NOTE: NoteContent = {
  ...EMPTY_NOTE,
  findings: '血压 168/80 mmHg，心率齐。',
  diagnoses: [{ code: 'I10.x00', text: '原发性高血压' }],
  advice: '低盐饮食，规律服药。',
  plainSummary: '血压偏高，请按时吃药，两周后复查。',
  followUpDays: 14,
};

let district: CareDistrict;
let clinic: TestClinic;
let specialist: TestSpecialist;
let flow: CareFlow;

beforeAll(async () => {
  district = await CareDistrict.create();
});
beforeEach(async () => {
  [clinic, specialist] = await Promise.all([district.clinic(), district.specialist()]);
  flow = new CareFlow(district, clinic, specialist);
});
afterAll(() => district.close());

const db = () => district.services.db;
const asSpecialist = (key?: string) => district.context(specialist.actor, key);

/** A consultation that runs, of a resident who booked it. */
async function consulting(): Promise<{ resident: TestResident; encounterId: EncounterId; appointmentId: string }> {
  const resident = await district.resident();
  const appointment = await flow.bookToday(resident, 2);
  const { encounterId } = await flow.checkIn(appointment);
  await flow.ready(encounterId);
  await callNext(district.services, asSpecialist());
  await flow.begin(encounterId);
  return { resident, encounterId, appointmentId: appointment.appointmentId };
}
async function finished(): Promise<{ resident: TestResident; encounterId: EncounterId; appointmentId: string }> {
  const visit = await consulting();
  const { version } = await getEncounter(district.services, asSpecialist(), visit);
  await finish(district.services, asSpecialist(), { ...visit, version, outcome: 'completed' });
  return visit;
}
const signed = (encounterId: EncounterId, content: NoteContent = NOTE): Promise<Report> =>
  sign(district.services, asSpecialist(), { encounterId, content, password: PASSWORD });
const tokenOf = (report: Report): string => report.verificationUrl.slice(`${PUBLIC_ORIGIN}/verify/`.length);

test('the whole thread: booked, checked in, called, consulted, finished, signed, read and verified', async () => {
  const { resident, encounterId, appointmentId } = await consulting();
  const chart = await getEncounter(district.services, asSpecialist(), { encounterId });
  expect(chart.status).toBe('in-progress');
  const after = await finish(district.services, asSpecialist(), {
    encounterId,
    version: chart.version,
    outcome: 'completed',
  });
  expect({ status: after.status, outcome: after.outcome }).toEqual({ status: 'finished', outcome: 'completed' });

  const report = await signed(encounterId);
  expect(report).toMatchObject({ status: 'final', version: 1, content: NOTE });
  const appointment = await getAppointment(district.services, district.context(resident.actor), {
    appointmentId: chart.appointmentId ?? '',
  });
  expect(appointment).toMatchObject({ appointmentId, status: 'fulfilled', reportId: report.reportId });
  const own = await getReport(district.services, district.context(resident.actor), report);
  expect(own.content.plainSummary).toBe(NOTE.plainSummary);
  const verification = await verify(district.services, { token: tokenOf(report) });
  expect(verification).toMatchObject({
    valid: true,
    superseded: false,
    sha256: report.sha256,
    patientNameMasked: '王**',
    hospitalName: { zh: '市一医院', en: 'First Hospital' },
  });

  const participants = await db()
    .selectFrom('participant')
    .select('rights')
    .where('encounter_id', '=', encounterId)
    .execute();
  expect(new Set(participants.map((row) => row.rights))).toEqual(new Set(['parked']));
  const room = await db()
    .selectFrom('room')
    .select('closed_at')
    .where('encounter_id', '=', encounterId)
    .executeTakeFirstOrThrow();
  expect(room.closed_at).not.toBeNull();
});

describe('ending', () => {
  test('a consultation ends once, with an outcome, on the version the specialist saw', async () => {
    const visit = await consulting();
    const { version } = await getEncounter(district.services, asSpecialist(), visit);
    const end = (seen: number) =>
      finish(district.services, asSpecialist(), { ...visit, version: seen, outcome: 'referred' });
    expect((await failure(end(version - 1))).code).toBe('VERSION_CONFLICT');
    const after = await end(version);
    expect((await failure(end(after.version))).code).toBe('INVALID_TRANSITION');
    const events = await db()
      .selectFrom('audit_event')
      .select('reason')
      .where('entity_id', '=', visit.encounterId)
      .where('action', '=', 'encounter:conclude')
      .execute();
    expect(events).toEqual([{ reason: 'referred' }]);
  });

  test('a visit that was not called cannot be concluded', async () => {
    const visit = await flow.walkIn();
    const end = finish(district.services, asSpecialist(), {
      encounterId: visit.encounterId,
      version: visit.version,
      outcome: 'completed',
    });
    expect((await failure(end)).code).toBe('INVALID_TRANSITION');
  });
});

describe('the note', () => {
  test('replaces itself, and a tab with an older draft is told', async () => {
    const { encounterId } = await consulting();
    const save = (findings: string, baseVersion: number) =>
      saveNote(district.services, asSpecialist(), {
        encounterId,
        content: { ...EMPTY_NOTE, findings },
        baseVersion,
      });
    expect((await save('一', 0)).version).toBe(1);
    expect((await save('二', 1)).version).toBe(2);
    const error = await failure(save('旧', 1));
    expect({ code: error.code, details: error.details }).toEqual({ code: 'VERSION_CONFLICT', details: { version: 2 } });
    const chart = await getEncounter(district.services, asSpecialist(), { encounterId });
    expect(chart.note?.content.findings).toBe('二');
    const events = await db()
      .selectFrom('audit_event')
      .select('id')
      .where('entity_id', '=', encounterId)
      .where('action', '=', 'note:write')
      .execute();
    expect(events).toHaveLength(1);
  });

  test('two first saves at the same moment do not lose one of them silently', async () => {
    const { encounterId } = await consulting();
    const results = await Promise.allSettled(
      ['一', '二', '三'].map((findings) =>
        saveNote(district.services, asSpecialist(), {
          encounterId,
          content: { ...EMPTY_NOTE, findings },
          baseVersion: 0,
        }),
      ),
    );
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
  });

  test('the draft is the specialist’s own until it is signed', async () => {
    const { encounterId } = await consulting();
    await saveNote(district.services, asSpecialist(), { encounterId, content: NOTE, baseVersion: 0 });
    const chart = await getEncounter(district.services, district.context(clinic.doctor), { encounterId });
    expect(chart.note).toBeNull();
  });
});

describe('signing', () => {
  test('asks for the password and refuses an empty opinion and one before the consultation', async () => {
    const { encounterId } = await finished();
    const wrong = sign(district.services, asSpecialist(), { encounterId, content: NOTE, password: 'guess' });
    expect((await failure(wrong)).code).toBe('PASSWORD_WRONG');
    expect((await failure(signed(encounterId, EMPTY_NOTE))).code).toBe('BAD_REQUEST');
    const waiting = await flow.walkIn();
    expect((await failure(signed(waiting.encounterId))).code).toBe('INVALID_TRANSITION');
  });

  test('what is stored is the canonical document, its digest and a signature that only fits it', async () => {
    const { encounterId } = await finished();
    const report = await signed(encounterId);
    const stored = await db()
      .selectFrom('report_version')
      .selectAll()
      .where('report_id', '=', report.reportId)
      .executeTakeFirstOrThrow();
    expect(createHash('sha256').update(stored.document).digest('hex')).toBe(report.sha256);
    const document = JSON.parse(stored.document);
    expect(document.content).toEqual(NOTE);
    expect(document.report).toMatchObject({ id: report.reportId, version: 1, keyId: report.keyId });
    expect(document.presence.map((one: { role: string }) => one.role)).toEqual(['specialist', 'terminal']);
    const { reportSigner } = district.services;
    const signature = Buffer.from(report.signature, 'base64url');
    expect(await reportSigner.verify(Buffer.from(report.sha256, 'hex'), signature, report.keyId)).toBe(true);
    const other = createHash('sha256').update(stored.document.replace('低盐', '高盐')).digest();
    expect(await reportSigner.verify(other, signature, report.keyId)).toBe(false);
  });

  test('signing again amends: the earlier version stays, and its print says that it is superseded', async () => {
    const { encounterId } = await finished();
    const first = await signed(encounterId);
    const second = await signed(encounterId, { ...NOTE, advice: '改为每日一次。' });
    expect(second).toMatchObject({ reportId: first.reportId, version: 2, status: 'amended' });
    expect(second.verificationUrl).not.toBe(first.verificationUrl);
    expect(await verify(district.services, { token: tokenOf(first) })).toMatchObject({ valid: true, superseded: true });
    expect(await verify(district.services, { token: tokenOf(second) })).toMatchObject({
      valid: true,
      superseded: false,
    });
    const third = await signed(encounterId, { ...NOTE, advice: '再改。' });
    expect(third).toMatchObject({ version: 3, status: 'amended' });
  });

  test('a double click signs once', async () => {
    const { encounterId } = await finished();
    const key = randomUUID();
    const [first, second] = await Promise.all(
      [1, 2].map(() => sign(district.services, asSpecialist(key), { encounterId, content: NOTE, password: PASSWORD })),
    );
    expect(first).toEqual(second);
    expect(first?.version).toBe(1);
  });

  test('the stored version cannot be changed by the application, and an unknown token verifies nothing', async () => {
    const { encounterId } = await finished();
    const report = await signed(encounterId);
    await expect(
      db().updateTable('report_version').set({ document: '{}' }).where('report_id', '=', report.reportId).execute(),
    ).rejects.toThrow(/permission denied|append-only/);
    expect((await failure(verify(district.services, { token: 'x'.repeat(24) }))).code).toBe('NOT_FOUND');
  });
});

describe('the two-party closing', () => {
  test('the clinic doctor decides once a version and says why when they do not accept', async () => {
    const { encounterId } = await finished();
    const report = await signed(encounterId);
    const asDoctor = () => district.context(clinic.doctor);
    const decision = (version: number, verdict: 'accepted' | 'amended' | 'declined', reason: string) =>
      decide(district.services, asDoctor(), { reportId: report.reportId, version, decision: verdict, reason });
    expect((await failure(decision(1, 'declined', ''))).code).toBe('BAD_REQUEST');
    expect((await failure(decision(2, 'accepted', ''))).code).toBe('VERSION_CONFLICT');
    const decided = await decision(1, 'declined', '患者对该药过敏');
    expect(decided.clinicDecision).toMatchObject({ decision: 'declined', decidedBy: clinic.doctor.name });
    expect((await failure(decision(1, 'accepted', ''))).code).toBe('INVALID_TRANSITION');
    const amended = await signed(encounterId, { ...NOTE, advice: '换药。' });
    expect(amended.clinicDecision).toBeNull();
    expect((await decision(2, 'accepted', '')).clinicDecision?.decision).toBe('accepted');
    const kept = await db()
      .selectFrom('clinic_decision')
      .select(['report_version', 'decision'])
      .where('report_id', '=', report.reportId)
      .orderBy('report_version')
      .execute();
    expect(kept).toEqual([
      { report_version: 1, decision: 'declined' },
      { report_version: 2, decision: 'accepted' },
    ]);
  });

  test('the worklist goes from awaiting the report to printing to done, and back after an amendment', async () => {
    const { encounterId } = await finished();
    const status = async () =>
      (await worklist(district.services, district.context(clinic.nurse), {})).items.find(
        (item) => item.encounterId === encounterId,
      )?.status;
    expect(await status()).toBe('report-pending');
    const report = await signed(encounterId);
    expect(await status()).toBe('to-print');
    await markPrinted(district.services, district.context(clinic.nurse), report);
    expect(await status()).toBe('done');
    await signed(encounterId, { ...NOTE, advice: '改。' });
    expect(await status()).toBe('to-print');
  });
});

describe('who reads what', () => {
  test('a foreign report answers like one that does not exist', async () => {
    const { encounterId } = await finished();
    const report = await signed(encounterId);
    const [resident, otherClinic, otherSpecialist] = await Promise.all([
      district.resident({ verified: true }),
      district.clinic(),
      district.specialist(),
    ]);
    for (const actor of [resident.actor, otherClinic.doctor, otherSpecialist.actor]) {
      for (const reportId of [report.reportId, ReportId.parse(randomUUID())]) {
        const error = await failure(getReport(district.services, district.context(actor), { reportId }));
        expect({ code: error.code, details: error.details }).toEqual({ code: 'NOT_FOUND', details: undefined });
      }
    }
    const events = await db()
      .selectFrom('audit_event')
      .select(['action', 'outcome'])
      .where('entity_id', '=', report.reportId)
      .orderBy('id')
      .execute();
    expect(events).toEqual([
      { action: 'report:sign', outcome: 'success' },
      ...Array.from({ length: 3 }, () => ({ action: 'report:read', outcome: 'denied' })),
    ]);
  });

  test('another specialist cannot open the chart, write in it, sign it or end the consultation', async () => {
    const { encounterId } = await consulting();
    const stranger = district.context((await district.specialist()).actor);
    const attempts = [
      () => getEncounter(district.services, stranger, { encounterId }),
      () => saveNote(district.services, stranger, { encounterId, content: NOTE, baseVersion: 0 }),
      () => sign(district.services, stranger, { encounterId, content: NOTE, password: PASSWORD }),
      () => finish(district.services, stranger, { encounterId, version: 1, outcome: 'completed' }),
    ];
    for (const attempt of attempts) expect((await failure(attempt())).code).toBe('NOT_FOUND');
  });

  test('each list and each report read leaves exactly one AuditEvent', async () => {
    const { resident, encounterId } = await finished();
    const report = await signed(encounterId);
    const reads = async () => {
      const rows = await db()
        .selectFrom('audit_event')
        .select('id')
        .where('action', '=', 'report:read')
        .where('actor_account', '=', resident.actor.userId)
        .execute();
      return rows.length;
    };
    const { reports } = await listReports(district.services, district.context(resident.actor));
    expect(reports.map((summary) => summary.reportId)).toEqual([report.reportId]);
    expect(await reads()).toBe(1);
    await getReport(district.services, district.context(resident.actor), report);
    expect(await reads()).toBe(2);
  });

  test('an unverified account reads what came of its own booking, not what staff registered', async () => {
    const { resident, encounterId } = await finished();
    await signed(encounterId);
    await db()
      .updateTable('appointment')
      .set({ booked_by_account: clinic.nurse.userId })
      .where('patient_id', '=', resident.patientId)
      .execute();
    const list = () => listReports(district.services, district.context(resident.actor));
    expect((await list()).reports).toEqual([]);
    await db()
      .updateTable('patient')
      .set({ identity_verified_at: new Date() })
      .where('id', '=', resident.patientId)
      .execute();
    expect((await list()).reports).toHaveLength(1);
  });
});

test('hospital board and district overview count what happened', async () => {
  await finished();
  const visit = await flow.walkIn();
  expect(visit.status).toBe('arrived');
  const coordinator = {
    ...specialist.actor,
    role: 'coordinator' as const,
  };
  const { queues } = await board(district.services, district.context(coordinator));
  const { queueId } = await mine(district.services, asSpecialist());
  const own = queues.find((queue) => queue.queueId === queueId);
  expect(own).toMatchObject({ doneToday: 1, longestWaitMinutes: 0, availability: 'available' });
  expect(own?.entries).toHaveLength(1);
  const administrator = { ...specialist.actor, role: 'district-administrator' as const };
  const numbers = await overview(district.services, district.context(administrator));
  expect(numbers.consultationsToday).toBeGreaterThanOrEqual(1);
  expect(numbers.waitingNow).toBeGreaterThanOrEqual(1);
  expect(numbers.terminalsByStatus['ready']).toBeGreaterThanOrEqual(1);
  const inHours = numbers.hourly.reduce((sum, hour) => sum + hour.consultations, 0);
  expect(inHours).toBe(numbers.consultationsToday);
});
