import type { AnnotationLayer, Attachment } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

const NOTHING: AnnotationLayer = { rotation: 0, shapes: [] };

export type AnnotationStatus = 'clean' | 'changed' | 'saving' | 'failed' | 'conflict';

interface Draft {
  readonly layer: AnnotationLayer;
  readonly base: number;
}

/** A picture's marks: what the server has, or what was drawn here since, until it is saved as a new version. */
export function useAnnotation(attachment: Attachment) {
  const { attachmentId, encounterId, annotation } = attachment;
  const { query } = useApi();
  const queryClient = useQueryClient();
  const [draft, setDraft] = useState<Draft | null>(null);
  const known = annotation === null ? NOTHING : { rotation: annotation.rotation, shapes: annotation.shapes };
  const version = annotation?.version ?? 0;
  const mutation = useMutation(
    query.exchange.annotate.mutationOptions({
      onSuccess: (saved, { layer }) => {
        queryClient.setQueryData(query.exchange.get.queryKey({ input: { encounterId } }), (before) =>
          before === undefined
            ? before
            : {
                ...before,
                attachments: before.attachments.map((one) =>
                  one.attachmentId === attachmentId ? { ...one, annotation: saved } : one,
                ),
              },
        );
        // What was drawn while it was being saved goes on from there.
        setDraft((now) => (now === null || now.layer === layer ? null : { ...now, base: saved.version }));
      },
    }),
  );
  const status: AnnotationStatus = mutation.isPending
    ? 'saving'
    : mutation.error !== null && draft !== null
      ? mutation.error.code === 'VERSION_CONFLICT'
        ? 'conflict'
        : 'failed'
      : draft === null
        ? 'clean'
        : 'changed';
  return {
    layer: draft?.layer ?? known,
    status,
    change: (layer: AnnotationLayer): void => setDraft((now) => ({ layer, base: now?.base ?? version })),
    /** After a conflict one's own marks become the newest version; the other ones stay as an earlier one. */
    save: (): void => {
      if (draft === null) return;
      const baseVersion = status === 'conflict' ? version : draft.base;
      mutation.mutate({ attachmentId, baseVersion, layer: draft.layer });
    },
  };
}
