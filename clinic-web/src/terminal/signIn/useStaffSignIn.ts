import { useApi, useSessionStarted } from '@cloud-hospital/ui/api';
import { useMutation } from '@tanstack/react-query';

/** The mutation behind signing in. SECOND_FACTOR_REQUIRED is an answer, not a failure: ask for it. */
export function useStaffSignIn() {
  const { query } = useApi();
  const started = useSessionStarted();
  return useMutation(query.session.signInStaff.mutationOptions({ onSuccess: (session) => started(session) }));
}
