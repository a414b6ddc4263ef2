import { randomBytes, randomUUID } from 'node:crypto';
import { AppError } from '@cloud-hospital/protocol';
import { type NoteContent, Report, type SignInput } from '@cloud-hospital/protocol/rest';
import { canTransition, REPORT_TRANSITIONS, type ReportStatus } from '@cloud-hospital/protocol/states';
import type { z } from 'zod';
import { checkPassword } from '../../auth/passwords.ts';
import { canonicalText, documentDigest, reportDocument } from '../../domain/reportDocument.ts';
import type { Services } from '../../Services.ts';
import type { Unit } from '../../store/command.ts';
import { onlyOne, reportViews, selectReports } from '../../store/report.view.ts';
import { accountOf } from '../booking/visibility.ts';
import { runVisibleOnce } from '../denied.ts';
import { lockEncounter } from '../encounter/changeEncounter.ts';
import { notify } from '../inbox/notify.ts';
import { proxyOfVisit } from '../inbox/proxy.ts';
import { assertVisibleEncounter, type RecordContext } from '../encounter/visibility.ts';
import { announceReport } from './announce.ts';
import { encounterFacts } from './facts.ts';
import { signedImages } from './images.ts';

/** Of the verification address: 144 random bits. */
const TOKEN_BYTES = 18;

const says = (content: NoteContent): boolean => content.findings !== '' || content.diagnoses.length > 0;

/** The report's next version number; the row is locked until the end of the transaction. */
async function nextVersion(
  unit: Unit,
  encounterId: string,
  patientId: string,
): Promise<{ reportId: string; version: number; status: ReportStatus }> {
  const existing = await unit.tx
    .selectFrom('report')
    .select(['id', 'status', 'version'])
    .where('encounter_id', '=', encounterId)
    .forUpdate()
    .executeTakeFirst();
  if (existing === undefined) {
    const reportId = randomUUID();
    await unit.tx
      .insertInto('report')
      .values({ id: reportId, encounter_id: encounterId, patient_id: patientId, status: 'final', version: 1 })
      .execute();
    return { reportId, version: 1, status: 'final' };
  }
  const status: ReportStatus = existing.status === 'preliminary' ? 'final' : 'amended';
  if (!canTransition(REPORT_TRANSITIONS, existing.status, status)) {
    throw new AppError('INVALID_TRANSITION', { entity: 'Report', from: existing.status, to: status });
  }
  const version = existing.version + 1;
  await unit.tx.updateTable('report').set({ status, version }).where('id', '=', existing.id).execute();
  return { reportId: existing.id, version, status };
}

async function signVersion(
  services: Services,
  unit: Unit,
  signedBy: string,
  encounter: { id: string; patientId: string },
  content: NoteContent,
): Promise<{ reportId: string; version: number; status: ReportStatus }> {
  const { reportSigner } = services;
  const report = await nextVersion(unit, encounter.id, encounter.patientId);
  const document = reportDocument({
    ...(await encounterFacts(unit, encounter.id)),
    ...report,
    signedAt: unit.now,
    keyId: reportSigner.keyId,
    content,
    images: await signedImages(unit, encounter.id, content.images ?? []),
  });
  const text = canonicalText(document);
  const digest = documentDigest(text);
  await unit.tx
    .insertInto('report_version')
    .values({
      report_id: report.reportId,
      version: report.version,
      content: JSON.stringify(content),
      document: text,
      sha256: digest.toString('hex'),
      signature: Buffer.from(await reportSigner.sign(digest)).toString('base64url'),
      key_id: reportSigner.keyId,
      verification_token: randomBytes(TOKEN_BYTES).toString('base64url'),
      signed_by: signedBy,
      signed_at: unit.now,
    })
    .execute();
  return report;
}

/** Tells the resident, and the family member who booked for them, once for each version. */
async function notifyOfReport(
  unit: Unit,
  report: { reportId: string; version: number },
  encounter: { id: string; patientId: string },
  specialist: string,
): Promise<void> {
  const patient = await unit.tx
    .selectFrom('patient')
    .select(['account_id', 'phone'])
    .where('id', '=', encounter.patientId)
    .executeTakeFirstOrThrow();
  await notify(unit, {
    kind: 'report-ready',
    params: { specialist },
    accountId: patient.account_id,
    phone: patient.phone,
    proxy: await proxyOfVisit(unit, encounter.id),
    subjectId: report.reportId,
    dedupeKey: `report:${report.reportId}:${report.version}`,
  });
}

/**
 * Signs the opinion: the first time it is final, each later time an amendment that leaves the earlier version as it
 * was. Asks for the password again.
 * @throws AppError PASSWORD_WRONG, RATE_LIMITED, BAD_REQUEST for an empty opinion, INVALID_TRANSITION before the
 * consultation began, NOT_FOUND
 */
export async function sign(
  services: Services,
  context: RecordContext,
  input: z.infer<typeof SignInput>,
): Promise<Report> {
  const actor = context.agent;
  const { password, ...request } = input;
  if (!says(input.content)) throw new AppError('BAD_REQUEST', { field: 'content', reason: 'empty' });
  if (!(await checkPassword(services, accountOf(actor), password))) throw new AppError('PASSWORD_WRONG');
  return runVisibleOnce(services, context, { action: 'reports.sign', request, response: Report }, async (unit) => {
    await assertVisibleEncounter(unit, actor, 'report:sign', input.encounterId);
    const encounter = await lockEncounter(unit, input.encounterId);
    if (encounter === undefined || actor.practitionerRoleId === null) throw new AppError('NOT_FOUND');
    if (encounter.startedAt === null) {
      throw new AppError('INVALID_TRANSITION', { entity: 'Encounter', from: encounter.status });
    }
    const report = await signVersion(services, unit, actor.practitionerRoleId, encounter, input.content);
    announceReport(unit, report, { ...encounter, practitionerRoleId: actor.practitionerRoleId });
    await notifyOfReport(unit, report, encounter, actor.name);
    unit.audit({
      action: 'report:sign',
      entityKind: 'Report',
      entityId: report.reportId,
      patientId: encounter.patientId,
      details: { version: report.version, status: report.status, encounterId: encounter.id },
    });
    const rows = await selectReports(unit.tx).where('report.id', '=', report.reportId).execute();
    return onlyOne(await reportViews(unit.tx, rows, context.publicOrigin, unit.now));
  });
}
