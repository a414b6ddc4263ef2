import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useShowError } from '../../layout/useShowError.ts';

/** Calls whoever is next by the queue's order. One key press; the terminal rings. */
export function useCallNext() {
  const { query } = useApi();
  const queryClient = useQueryClient();
  const showError = useShowError();
  return useMutation(
    query.queue.callNext.mutationOptions({
      onError: showError,
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.queue.mine.key() }),
    }),
  );
}
export type CallNext = ReturnType<typeof useCallNext>;
