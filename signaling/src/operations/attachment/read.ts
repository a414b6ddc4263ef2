import { AppError } from '@cloud-hospital/protocol';
import type { ContentType } from '@cloud-hospital/protocol/rest';
import type { Selectable } from 'kysely';
import type { Actor } from '../../domain/Actor.ts';
import { localDate } from '../../domain/localTime.ts';
import type { Services } from '../../Services.ts';
import type { ActorContext, Unit } from '../../store/command.ts';
import type { AttachmentTable } from '../../store/exchange.schema.ts';
import { hiddenError, runVisible } from '../denied.ts';
import { isInvited, isRelated, takesPart } from '../encounter/visibility.ts';
import { visibleReports } from '../report/visibility.ts';

const EXTENSIONS: { readonly [Type in ContentType]: string } = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/heic': 'heic',
  'application/pdf': 'pdf',
  'application/dicom': 'dcm',
};

/** Residents who came to the clinic see what the specialist attached to the newest signed report that they may read. */
async function isAttachedForResident(unit: Unit, actor: Actor, row: Selectable<AttachmentTable>): Promise<boolean> {
  const report = await visibleReports(unit, actor)
    .where('report.encounter_id', '=', row.encounter_id)
    .executeTakeFirst();
  return report?.content.images?.some((id) => id === row.id) ?? false;
}

async function isVisible(unit: Unit, actor: Actor, action: string, row: Selectable<AttachmentTable>): Promise<boolean> {
  if (actor.role === 'resident') {
    if (await takesPart(unit, actor, action, row.encounter_id)) return true;
    return action === 'attachment:read' && isAttachedForResident(unit, actor, row);
  }
  const visit = await unit.tx
    .selectFrom('encounter')
    .select(['practitioner_role_id as practitionerRoleId', 'location_id as locationId'])
    .where('id', '=', row.encounter_id)
    .executeTakeFirstOrThrow();
  return isRelated(actor, visit) || isInvited(unit, actor, action, row.encounter_id);
}

/** @throws AppError NOT_FOUND for one that doesn't exist, isn't complete, or isn't the actor's */
export async function assertVisibleAttachment(
  unit: Unit,
  actor: Actor,
  action: string,
  attachmentId: string,
): Promise<Selectable<AttachmentTable>> {
  const row = await unit.tx.selectFrom('attachment').selectAll().where('id', '=', attachmentId).executeTakeFirst();
  if (row === undefined) throw new AppError('NOT_FOUND');
  if (!(await isVisible(unit, actor, action, row))) {
    const { id, patient_id } = row;
    throw hiddenError(true, { action, entityKind: 'Attachment', entityId: id, patientId: patient_id });
  }
  if (row.status !== 'completed') throw new AppError('NOT_FOUND');
  return row;
}

export interface AttachmentContent {
  readonly contentType: ContentType;
  readonly bytes: number;
  /** Made here, of nothing that somebody typed. */
  readonly fileName: string;
  readonly content: AsyncIterable<Buffer>;
}

/** Each reading leaves its own trace. @throws AppError NOT_FOUND */
export const readAttachment = (
  services: Services,
  context: ActorContext,
  attachmentId: string,
): Promise<AttachmentContent> =>
  runVisible(services, context, async (unit) => {
    const row = await assertVisibleAttachment(unit, context.agent, 'attachment:read', attachmentId);
    if (row.content_type === null) throw new AppError('NOT_FOUND');
    unit.audit({
      action: 'attachment:read',
      entityKind: 'Attachment',
      entityId: row.id,
      patientId: row.patient_id,
      details: { encounterId: row.encounter_id },
    });
    return {
      contentType: row.content_type,
      bytes: Number(row.bytes),
      fileName: `${row.kind}-${localDate(row.created_at)}-${row.id.slice(0, 8)}.${EXTENSIONS[row.content_type]}`,
      content: services.files.read(row.id, Number(row.stored_bytes)),
    };
  });
