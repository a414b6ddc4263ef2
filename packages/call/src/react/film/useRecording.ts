import type { EncounterId, Face } from '@cloud-hospital/protocol';
import { recordingContentPath } from '@cloud-hospital/protocol/rest';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQuery } from '@tanstack/react-query';

/** What there is of a visit's recording, asked for once somebody wants to see it; each opening is one command. */
export function useRecording(encounterId: EncounterId, face: Face, isWanted: boolean) {
  const { query } = useApi();
  const record = useQuery(
    query.recordings.get.queryOptions({ input: { encounterId }, enabled: isWanted, staleTime: 5_000 }),
  );
  const opening = useMutation(query.recordings.open.mutationOptions());
  return {
    record,
    isOpening: opening.isPending,
    openingError: opening.error,
    open: () => opening.mutate({ encounterId }),
    close: () => opening.reset(),
    src: opening.data === undefined ? null : recordingContentPath(opening.data.openingId, face),
  };
}
