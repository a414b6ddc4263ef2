import { AppError, AttachmentId, EncounterId } from '@cloud-hospital/protocol';
import type { UploadMetadata } from '@cloud-hospital/protocol/rest';
import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Actor } from '../../domain/Actor.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import type { AttachmentTable } from '../../store/exchange.schema.ts';
import { accountOf } from '../booking/visibility.ts';
import { hiddenError, runVisible, runVisibleOnce } from '../denied.ts';
import { isRelated, takesPart } from '../encounter/visibility.ts';
import { exchangeTopics, type OpenVisit, openVisit, tellExchange } from '../exchange/openVisit.ts';

const ACTION = 'attachment:write';
const Created = z.object({ attachmentId: AttachmentId });

export interface UploadState {
  readonly attachmentId: AttachmentId;
  readonly status: 'in-progress' | 'completed';
  readonly bytes: number;
  readonly received: number;
  readonly stored: number;
}

async function assertQuota({ config }: Services, unit: Unit, encounterId: string, bytes: number): Promise<void> {
  const { total } = await unit.tx
    .selectFrom('attachment')
    .select(({ fn }) => fn.sum<string | null>('bytes').as('total'))
    .where('encounter_id', '=', encounterId)
    .where('status', 'in', ['in-progress', 'completed'])
    .executeTakeFirstOrThrow();
  if (Number(total) + bytes > config.UPLOAD_MAX_VISIT_BYTES) throw new AppError('STORAGE_FULL', { reason: 'visit' });
}

/** The picture that was asked for is on its way. @throws AppError NOT_FOUND, INVALID_TRANSITION */
async function answerRequest(unit: Unit, { encounterId }: OpenVisit, stillRequestId: string): Promise<void> {
  const row = await unit.tx
    .selectFrom('still_request')
    .select('status')
    .where('id', '=', stillRequestId)
    .where('encounter_id', '=', encounterId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new AppError('NOT_FOUND');
  if (row.status !== 'requested') {
    throw new AppError('INVALID_TRANSITION', { entity: 'StillRequest', from: row.status, to: 'taken' });
  }
  await unit.tx
    .updateTable('still_request')
    .set({ status: 'taken', answered_at: unit.now })
    .where('id', '=', stillRequestId)
    .execute();
}

/**
 * Makes room for a file of so many bytes. The same idempotency key is the same upload.
 * @throws AppError as `openVisit`; PAYLOAD_TOO_LARGE, STORAGE_FULL
 */
export async function createUpload(
  services: Services,
  context: ActorContext,
  input: UploadMetadata & { readonly bytes: number },
): Promise<AttachmentId> {
  const { files, config } = services;
  if (input.bytes > config.UPLOAD_MAX_BYTES)
    throw new AppError('PAYLOAD_TOO_LARGE', { bytes: config.UPLOAD_MAX_BYTES });
  const { attachmentId } = await runVisibleOnce(
    services,
    context,
    { action: 'uploads.create', request: input, response: Created },
    async (unit) => {
      const actor = context.agent;
      const visit = await openVisit(unit, actor, ACTION, input.encounterId);
      await files.assertRoom(input.bytes);
      await assertQuota(services, unit, visit.encounterId, input.bytes);
      if (input.stillRequestId !== undefined) await answerRequest(unit, visit, input.stillRequestId);
      const { id } = await unit.tx
        .insertInto('attachment')
        .values({
          encounter_id: visit.encounterId,
          patient_id: visit.patientId,
          kind: input.kind,
          title: input.title,
          still_request_id: input.stillRequestId ?? null,
          bytes: input.bytes,
          author_account: accountOf(actor),
          author_role: actor.role,
          author_name: actor.name,
          device_id: actor.deviceId,
        })
        .returning('id')
        .executeTakeFirstOrThrow();
      unit.audit({
        action: ACTION,
        entityKind: 'Attachment',
        entityId: id,
        patientId: visit.patientId,
        details: { encounterId: visit.encounterId, kind: input.kind, bytes: input.bytes },
      });
      await tellExchange(unit, visit.encounterId);
      return { attachmentId: AttachmentId.parse(id) };
    },
  );
  await files.create(attachmentId);
  return attachmentId;
}

/** Whoever began it goes on with it: the same person, or the same terminal after a change of staff. */
const isAuthor = (actor: Actor, row: Selectable<AttachmentTable>): boolean =>
  row.author_account === actor.userId || (row.device_id !== null && row.device_id === actor.deviceId);

/**
 * The row of an upload that the actor began, held. Also after the visit ended: what was begun before it arrives.
 * @throws AppError NOT_FOUND; FILE_TYPE_REFUSED for one that was refused
 */
export async function lockUpload(
  unit: Unit,
  actor: Actor,
  attachmentId: string,
): Promise<Selectable<AttachmentTable> & { status: UploadState['status'] }> {
  const row = await unit.tx
    .selectFrom('attachment')
    .selectAll()
    .where('id', '=', attachmentId)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) throw new AppError('NOT_FOUND');
  const visit = await unit.tx
    .selectFrom('encounter')
    .select(['practitioner_role_id as practitionerRoleId', 'location_id as locationId'])
    .where('id', '=', row.encounter_id)
    .executeTakeFirstOrThrow();
  const isInVisit = isRelated(actor, visit) || (await takesPart(unit, actor, ACTION, row.encounter_id));
  if (!isInVisit || !isAuthor(actor, row)) {
    const { id, patient_id } = row;
    throw hiddenError(true, { action: ACTION, entityKind: 'Attachment', entityId: id, patientId: patient_id });
  }
  const { status } = row;
  if (status === 'not-done') throw new AppError('FILE_TYPE_REFUSED', { reason: 'kind' });
  if (status === 'stopped') throw new AppError('NOT_FOUND');
  return { ...row, status };
}

const stateOf = (row: Selectable<AttachmentTable> & { status: UploadState['status'] }): UploadState => ({
  attachmentId: AttachmentId.parse(row.id),
  status: row.status,
  bytes: Number(row.bytes),
  received: Number(row.received_bytes),
  stored: Number(row.stored_bytes),
});

/** How far an upload has come. @throws AppError as `lockUpload` */
export const uploadState = (services: Services, context: ActorContext, attachmentId: string): Promise<UploadState> =>
  runVisible(services, context, async (unit) => stateOf(await lockUpload(unit, context.agent, attachmentId)));

/**
 * Keeps the next bytes; on return they are on the disk and in the database. Two senders at the same place, on any
 * replicas: one gets through, the other one's VERSION_CONFLICT tells it to ask where to go on.
 * @returns how far it has come now
 * @throws AppError as `lockUpload`; VERSION_CONFLICT, PAYLOAD_TOO_LARGE, STORAGE_FULL
 */
export const appendUpload = (
  services: Services,
  context: ActorContext,
  attachmentId: string,
  part: { readonly offset: number; readonly content: Buffer },
): Promise<number> =>
  runVisible(services, context, async (unit) => {
    const upload = await lockUpload(unit, context.agent, attachmentId);
    const { received, stored, bytes } = stateOf(upload);
    if (part.offset !== received) throw new AppError('VERSION_CONFLICT', { offset: received });
    const after = received + part.content.length;
    if (after > bytes) throw new AppError('PAYLOAD_TOO_LARGE', { bytes });
    await services.files.assertRoom(part.content.length);
    const storedAfter = await services.files.append(attachmentId, { stored, received }, part.content);
    await unit.tx
      .updateTable('attachment')
      .set({ received_bytes: after, stored_bytes: storedAfter, updated_at: unit.now })
      .where('id', '=', attachmentId)
      .execute();
    unit.emit(await exchangeTopics(unit, upload.encounter_id), 'attachment:progress', {
      encounterId: EncounterId.parse(upload.encounter_id),
      attachmentId: AttachmentId.parse(attachmentId),
      receivedBytes: after,
    });
    return after;
  });
