import { AppError, type AttachmentId } from '@cloud-hospital/protocol';
import { isViewable, type SignedImage } from '@cloud-hospital/protocol/rest';
import type { Unit } from '../../store/command.ts';
import { annotationsOf } from '../../store/exchange.view.ts';

/**
 * The pictures of an opinion, named by what they are and what is drawn on them now.
 * @throws AppError BAD_REQUEST for what isn't a complete picture of this visit
 */
export async function signedImages(
  unit: Unit,
  encounterId: string,
  attachmentIds: readonly AttachmentId[],
): Promise<SignedImage[]> {
  if (attachmentIds.length === 0) return [];
  const rows = await unit.tx
    .selectFrom('attachment')
    .select(['id', 'content_type', 'sha256'])
    .where('id', 'in', attachmentIds)
    .where('encounter_id', '=', encounterId)
    .where('status', '=', 'completed')
    .execute();
  const annotations = await annotationsOf(unit.tx, attachmentIds);
  return attachmentIds.map((attachmentId) => {
    const row = rows.find(({ id }) => id === attachmentId);
    if (row === undefined || row.content_type === null || row.sha256 === null || !isViewable(row.content_type)) {
      throw new AppError('BAD_REQUEST', { field: 'content.images' });
    }
    return {
      attachmentId,
      contentType: row.content_type,
      sha256: row.sha256,
      annotationVersion: annotations.get(attachmentId)?.version ?? null,
    };
  });
}
