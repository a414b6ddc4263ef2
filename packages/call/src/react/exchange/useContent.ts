import { AppError, type AttachmentId, FACE_HEADER } from '@cloud-hospital/protocol';
import { attachmentContentPath } from '@cloud-hospital/protocol/rest';
import { toAppError, useApi } from '@cloud-hospital/ui/api';
import { skipToken, useQuery } from '@tanstack/react-query';
import { useMemo, useSyncExternalStore } from 'react';

/** Kept in memory so long after the last one looked at it. Each fetch is a reading that is audited. Milliseconds. */
const KEPT_MS = 10 * 60_000;

export const contentKey = (attachmentId: AttachmentId) => ['attachment-content', attachmentId] as const;

async function fetchContent(attachmentId: AttachmentId, face: string, signal: AbortSignal): Promise<Blob> {
  try {
    const response = await fetch(attachmentContentPath(attachmentId), { headers: { [FACE_HEADER]: face }, signal });
    if (!response.ok) throw new AppError(response.status === 404 ? 'NOT_FOUND' : 'UNAVAILABLE');
    return await response.blob();
  } catch (error) {
    throw toAppError(error);
  }
}

/** A content's `blob:` address, which exists while somebody shows it. */
class BlobAddress {
  readonly #content: Blob | undefined;
  #users = 0;
  #url: string | null = null;

  constructor(content: Blob | undefined) {
    this.#content = content;
  }

  readonly read = (): string | null => this.#url;

  readonly subscribe = (changed: () => void): (() => void) => {
    this.#users += 1;
    if (this.#url === null && this.#content !== undefined) {
      this.#url = URL.createObjectURL(this.#content);
      changed();
    }
    return () => {
      this.#users -= 1;
      if (this.#users > 0 || this.#url === null) return;
      URL.revokeObjectURL(this.#url);
      this.#url = null;
    };
  };
}

/**
 * A file's content as a `blob:` address, which ends with the component.
 * @param attachmentId null: none wanted (yet)
 */
export function useContent(attachmentId: AttachmentId | null) {
  const { face } = useApi();
  const { data, error, refetch } = useQuery({
    queryKey: attachmentId === null ? ['attachment-content', null] : contentKey(attachmentId),
    queryFn: attachmentId === null ? skipToken : ({ signal }) => fetchContent(attachmentId, face, signal),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: KEPT_MS,
  });
  const address = useMemo(() => new BlobAddress(data), [data]);
  const url = useSyncExternalStore(address.subscribe, address.read);
  return { url, error, retry: () => void refetch() };
}
