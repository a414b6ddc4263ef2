import { AppError } from '@cloud-hospital/protocol';
import { ContentType } from '@cloud-hospital/protocol/rest';
import { fileTypeFromBuffer } from 'file-type';
import { checkStructure, type Size } from './structure.ts';

export interface Inspected {
  readonly contentType: ContentType;
  readonly size: Size;
}

/** The same container, with the coding left open in its brand. */
const SAME_AS: { readonly [mime: string]: ContentType } = { 'image/heif': 'image/heic' };

/**
 * What a content is, by looking into it; name and declared type don't count.
 * @throws AppError FILE_TYPE_REFUSED
 */
export async function inspect(bytes: Buffer): Promise<Inspected> {
  const found = await fileTypeFromBuffer(bytes);
  const mime = found?.mime ?? '';
  const type = ContentType.safeParse(SAME_AS[mime] ?? mime);
  if (!type.success) throw new AppError('FILE_TYPE_REFUSED', { reason: 'kind' });
  const structure = checkStructure(type.data, bytes);
  if (!structure.ok) throw new AppError('FILE_TYPE_REFUSED', { reason: structure.refusal });
  return { contentType: type.data, size: structure.size };
}
