import { useApi, useSessionStarted } from '@cloud-hospital/ui/api';
import { useMutation } from '@tanstack/react-query';

/** Remembers only the user name, and only in this tab, so that unlocking asks for the password alone. */
const USERNAME_KEY = 'ch.terminal.username';
export const lastUsername = (): string => sessionStorage.getItem(USERNAME_KEY) ?? '';
export const forgetUsername = (): void => sessionStorage.removeItem(USERNAME_KEY);

/** The mutation behind both sign-in and unlocking. SECOND_FACTOR_REQUIRED is an answer, not a failure: ask for it. */
export function useStaffSignIn() {
  const { query } = useApi();
  const sessionStarted = useSessionStarted();
  return useMutation(
    query.session.signInStaff.mutationOptions({
      onSuccess: (session, { username }) => {
        sessionStorage.setItem(USERNAME_KEY, username);
        sessionStarted(session);
      },
    }),
  );
}
