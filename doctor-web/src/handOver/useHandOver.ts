import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useShowError } from '../layout/useShowError.ts';

/** Hands somebody over; both the console's queue and the board show it at once. */
export function useHandOver(onDone: () => void) {
  const { query } = useApi();
  const queryClient = useQueryClient();
  const showError = useShowError();
  return useMutation(
    query.queue.handOver.mutationOptions({
      onSuccess: onDone,
      onError: showError,
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.queue.key() }),
    }),
  );
}
