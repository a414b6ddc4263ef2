import type { EncounterId } from '@cloud-hospital/protocol';
import { useApi } from '@cloud-hospital/ui/api';
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { type UploadItem, type UploadRequest, Uploads } from '../../exchange/Uploads.ts';
import { contentKey } from './useContent.ts';

const ofPage = new WeakMap<QueryClient, Uploads>();

export interface PageUploads {
  /** Of one visit. */
  readonly items: readonly UploadItem[];
  readonly start: (request: UploadRequest) => string;
  readonly retry: (key: string) => void;
  readonly forget: (key: string) => void;
}

/** The page's uploads: they go on while screens come and go. */
export function useUploads(encounterId: EncounterId | null): PageUploads {
  const { face } = useApi();
  const queryClient = useQueryClient();
  const uploads = useMemo(() => {
    const known = ofPage.get(queryClient);
    if (known !== undefined) return known;
    const made = new Uploads(face);
    ofPage.set(queryClient, made);
    // Whoever sent it need not fetch it to look at it.
    made.on('done', ({ attachmentId }, content) => {
      if (attachmentId !== null) queryClient.setQueryData(contentKey(attachmentId), content);
    });
    return made;
  }, [queryClient, face]);
  const subscribe = useCallback((changed: () => void) => uploads.on('changed', changed), [uploads]);
  const all = useSyncExternalStore(subscribe, () => uploads.items);
  const actions = useMemo(
    () => ({
      start: (request: UploadRequest) => uploads.start(request),
      retry: (key: string) => uploads.retry(key),
      forget: (key: string) => uploads.forget(key),
    }),
    [uploads],
  );
  return useMemo(
    () => ({ items: all.filter((item) => item.encounterId === encounterId), ...actions }),
    [all, actions, encounterId],
  );
}
