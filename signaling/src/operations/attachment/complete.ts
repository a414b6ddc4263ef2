import { createHash } from 'node:crypto';
import { AppError } from '@cloud-hospital/protocol';
import type { Services } from '../../Services.ts';
import type { ActorContext } from '../../store/command.ts';
import { Turnstile } from '../../store/Turnstile.ts';
import { runVisible } from '../denied.ts';
import { tellExchange } from '../exchange/openVisit.ts';
import { type Inspected, inspect } from './inspect.ts';
import { lockUpload, uploadState } from './upload.ts';

/** A whole file is held in memory while it is looked into: one at a time on a replica. Milliseconds. */
const turnstile = new Turnstile(1, 30_000);

/** @throws AppError FILE_TYPE_REFUSED */
async function lookInto(
  { files }: Services,
  attachmentId: string,
  stored: number,
): Promise<Inspected & { sha256: string }> {
  const hash = createHash('sha256');
  const parts: Buffer[] = [];
  for await (const part of files.read(attachmentId, stored)) {
    hash.update(part);
    parts.push(part);
  }
  return { ...(await inspect(Buffer.concat(parts))), sha256: hash.digest('hex') };
}

const reasonOf = ({ details }: AppError): string => {
  const reason = details?.['reason'];
  return typeof reason === 'string' ? reason : 'kind';
};

async function refuse(services: Services, context: ActorContext, attachmentId: string, reason: string): Promise<void> {
  await runVisible(services, context, async (unit) => {
    const upload = await lockUpload(unit, context.agent, attachmentId);
    if (upload.status !== 'in-progress') return;
    await unit.tx
      .updateTable('attachment')
      .set({ status: 'not-done', updated_at: unit.now })
      .where('id', '=', attachmentId)
      .execute();
    unit.audit({
      action: 'attachment:complete',
      entityKind: 'Attachment',
      entityId: attachmentId,
      patientId: upload.patient_id,
      outcome: 'failure',
      reason,
    });
    await tellExchange(unit, upload.encounter_id);
  });
  await services.files.remove(attachmentId);
}

/**
 * All bytes are there: looks into them and makes the file part of the record, for good. Asked again it changes nothing,
 * so that whoever finds a whole but unfinished upload (its replica died in between) may ask.
 * @throws AppError as `lockUpload`; FILE_TYPE_REFUSED, and the content is gone then
 */
export async function completeUpload(services: Services, context: ActorContext, attachmentId: string): Promise<void> {
  const { status, stored, received, bytes } = await uploadState(services, context, attachmentId);
  if (status === 'completed' || received < bytes) return;
  let content: Awaited<ReturnType<typeof lookInto>>;
  try {
    content = await turnstile.pass(() => lookInto(services, attachmentId, stored));
  } catch (error) {
    if (error instanceof AppError && error.code === 'FILE_TYPE_REFUSED') {
      await refuse(services, context, attachmentId, reasonOf(error));
    }
    throw error;
  }
  await runVisible(services, context, async (unit) => {
    const upload = await lockUpload(unit, context.agent, attachmentId);
    if (upload.status === 'completed') return;
    await unit.tx
      .updateTable('attachment')
      .set({
        status: 'completed',
        content_type: content.contentType,
        sha256: content.sha256,
        width: content.size?.width ?? null,
        height: content.size?.height ?? null,
        updated_at: unit.now,
      })
      .where('id', '=', attachmentId)
      .execute();
    unit.audit({
      action: 'attachment:complete',
      entityKind: 'Attachment',
      entityId: attachmentId,
      patientId: upload.patient_id,
      details: { encounterId: upload.encounter_id, sha256: content.sha256, contentType: content.contentType },
    });
    await tellExchange(unit, upload.encounter_id);
  });
}
