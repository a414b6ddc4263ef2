import { Eye, EyeOff } from 'lucide-react';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Field } from '../controls/Field.tsx';
import { SignInError } from './SignInError.tsx';
import type { useStaffSignIn } from './useStaffSignIn.ts';

interface SignInFormProps {
  readonly signIn: ReturnType<typeof useStaffSignIn>;
  readonly submit: string;
  /** Unlocking: it is known who it is. */
  readonly username?: string;
}

/** User name, password, and the second factor as soon as the server asks for it. */
export function SignInForm({ signIn, submit, username: known }: SignInFormProps) {
  const { t } = useTranslation('terminal');
  const [username, setUsername] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const [shown, setShown] = useState(false);
  const [tried, setTried] = useState(false);
  const code = signIn.error?.code;
  const [asksTotp, setAsksTotp] = useState(false);
  if (code === 'SECOND_FACTOR_REQUIRED' && !asksTotp) {
    setAsksTotp(true);
    setTried(false);
  }
  const totpField = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (asksTotp) totpField.current?.focus();
  }, [asksTotp]);
  const usernameMissing = username.trim().length < 2;
  const totpMissing = asksTotp && totp.trim().length < 6;
  const send = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (usernameMissing || password === '' || totpMissing || signIn.isPending) return;
    signIn.mutate({ username: username.trim(), password, ...(asksTotp ? { totp: totp.trim() } : {}) });
  };
  return (
    <form className="t-form" onSubmit={send} noValidate>
      {known === undefined ? (
        <Field label={t('signIn.username')} error={tried && usernameMissing ? t('signIn.usernameMissing') : null}>
          {({ id, describedBy, invalid }) => (
            <input
              id={id}
              className="t-input"
              value={username}
              onChange={(event) => setUsername(event.target.value)}
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              aria-describedby={describedBy}
              aria-invalid={invalid}
              data-testid="username"
            />
          )}
        </Field>
      ) : null}
      <Field label={t('signIn.password')} error={tried && password === '' ? t('signIn.passwordMissing') : null}>
        {({ id, describedBy, invalid }) => (
          <div className="t-input-row">
            <input
              id={id}
              className="t-input"
              type={shown ? 'text' : 'password'}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
              autoComplete="current-password"
              aria-describedby={describedBy}
              aria-invalid={invalid}
              data-testid="password"
            />
            <button
              type="button"
              className="t-icon-button"
              aria-label={t(shown ? 'signIn.hide' : 'signIn.show')}
              aria-pressed={shown}
              onClick={() => setShown(!shown)}
            >
              {shown ? <EyeOff className="ch-icon" aria-hidden /> : <Eye className="ch-icon" aria-hidden />}
            </button>
          </div>
        )}
      </Field>
      {asksTotp ? (
        <Field
          label={t('signIn.totp')}
          hint={t('signIn.totpHint')}
          error={tried && totpMissing ? t('signIn.totpMissing') : null}
        >
          {({ id, describedBy, invalid }) => (
            <input
              id={id}
              ref={totpField}
              className="t-input t-input--code"
              value={totp}
              onChange={(event) => setTotp(event.target.value)}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={9}
              aria-describedby={describedBy}
              aria-invalid={invalid}
              data-testid="totp"
            />
          )}
        </Field>
      ) : null}
      <SignInError signIn={signIn} />
      <button type="submit" className="t-primary" disabled={signIn.isPending} data-testid="sign-in-submit">
        {signIn.isPending ? t('signIn.submitting') : submit}
      </button>
    </form>
  );
}
