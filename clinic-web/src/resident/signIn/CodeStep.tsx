import { ErrorNote, useServerNow } from '@cloud-hospital/ui';
import { useApi, useSessionStarted } from '@cloud-hospital/ui/api';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../layout/Page.tsx';
import { DemoHint } from './DemoHint.tsx';
import { groupPhone } from './phone.ts';

const CODE_LENGTH = 6;

interface CodeStepProps {
  readonly phone: string;
  readonly demo: boolean;
  /** Server time, milliseconds. */
  readonly resendAt: number;
  readonly onResent: (resendAfterMs: number) => void;
  readonly onBack: () => void;
}

export function CodeStep({ phone, demo, resendAt, onResent, onBack }: CodeStepProps) {
  const { t } = useTranslation(['resident', 'common']);
  const { query } = useApi();
  const sessionStarted = useSessionStarted();
  const [code, setCode] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const now = useServerNow(1000);
  const waitSeconds = Math.max(0, Math.ceil((resendAt - now) / 1000));

  const signIn = useMutation(query.session.signInResident.mutationOptions({ onSuccess: sessionStarted }));
  const resend = useMutation(
    query.session.requestCode.mutationOptions({
      onSuccess: ({ resendAfterSeconds }) => {
        signIn.reset();
        onResent(resendAfterSeconds * 1000);
      },
    }),
  );
  // The one thing on this page is the code: the page opens with the keyboard up.
  useEffect(() => {
    input.current?.focus();
  }, []);

  const change = (typed: string) => {
    const digits = typed.replaceAll(/\D/g, '').slice(0, CODE_LENGTH);
    setCode(digits);
    // The sixth digit signs in: nobody has to look for a button under the keyboard.
    if (digits.length < CODE_LENGTH || signIn.isPending) return;
    signIn.mutate(
      { phone, code: digits },
      {
        onError: () => {
          setCode('');
          input.current?.focus();
        },
      },
    );
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    change(code);
  };
  return (
    <Page title={t('signIn.codeTitle')} lead={t('signIn.codeLead', { phone: groupPhone(phone) })} back={onBack}>
      <form className="r-form" onSubmit={submit} noValidate>
        <div className="r-field">
          <label className="r-label" htmlFor={id}>
            {t('signIn.code')}
          </label>
          <input
            id={id}
            ref={input}
            className="r-input r-input--code"
            type="text"
            inputMode="numeric"
            autoComplete="one-time-code"
            value={code}
            onChange={(event) => change(event.target.value)}
            aria-invalid={signIn.isError}
            data-testid="sign-in-code"
          />
        </div>
        {signIn.isError ? <ErrorNote error={signIn.error} /> : null}
        {resend.isError ? <ErrorNote error={resend.error} /> : null}
        <button
          type="submit"
          className="r-primary"
          disabled={signIn.isPending || code.length < CODE_LENGTH}
          data-testid="sign-in-submit"
        >
          {signIn.isPending ? t('common:state.sending') : t('common:action.signIn')}
        </button>
        <button
          type="button"
          className="r-plain"
          disabled={waitSeconds > 0 || resend.isPending}
          onClick={() => resend.mutate({ phone })}
          data-testid="sign-in-resend"
        >
          {waitSeconds > 0 ? t('signIn.resendIn', { seconds: waitSeconds }) : t('signIn.resend')}
        </button>
        <p className="r-muted r-small">{t('signIn.noCode')}</p>
      </form>
      {demo ? <DemoHint phone={phone} /> : null}
    </Page>
  );
}
