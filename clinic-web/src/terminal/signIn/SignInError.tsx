import { ErrorNote } from '@cloud-hospital/ui';
import { ShieldAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { useStaffSignIn } from './useStaffSignIn.ts';

/** Errors of a sign-in; FORBIDDEN says which of the two rules it was. */
export function SignInError({ signIn }: { readonly signIn: ReturnType<typeof useStaffSignIn> }) {
  const { t } = useTranslation('terminal');
  const { error } = signIn;
  if (error === null || error.code === 'SECOND_FACTOR_REQUIRED') return null;
  if (error.code !== 'FORBIDDEN') return <ErrorNote error={error} />;
  const reason = error.details?.['reason'];
  return (
    <p className="ch-note ch-note--danger" role="alert">
      <ShieldAlert className="ch-note__icon" aria-hidden />
      {t(reason === 'other-clinic' ? 'signIn.otherClinic' : 'signIn.otherFace')}
    </p>
  );
}
