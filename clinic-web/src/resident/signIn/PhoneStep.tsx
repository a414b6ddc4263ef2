import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation } from '@tanstack/react-query';
import { type SubmitEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../layout/Page.tsx';
import { DemoHint } from './DemoHint.tsx';
import { digitsOfPhone, groupPhone, isPhone } from './phone.ts';

interface PhoneStepProps {
  readonly initialPhone: string;
  readonly demo: boolean;
  readonly onSent: (phone: string, resendAfterMs: number) => void;
}

export function PhoneStep({ initialPhone, demo, onSent }: PhoneStepProps) {
  const { t } = useTranslation(['resident', 'common']);
  const { query } = useApi();
  const [phone, setPhone] = useState(initialPhone);
  const [asked, setAsked] = useState(false);
  const hintId = useId();
  const invalid = asked && !isPhone(phone);
  const request = useMutation(
    query.session.requestCode.mutationOptions({
      onSuccess: ({ resendAfterSeconds }) => onSent(phone, resendAfterSeconds * 1000),
    }),
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setAsked(true);
    if (isPhone(phone) && !request.isPending) request.mutate({ phone });
  };
  return (
    <Page title={t('signIn.title')} lead={t('signIn.lead')}>
      <form className="r-form" onSubmit={submit} noValidate>
        <div className="r-field">
          <label className="r-label" htmlFor={`${hintId}-input`}>
            {t('signIn.phone')}
          </label>
          <input
            id={`${hintId}-input`}
            className="r-input r-input--digits"
            type="tel"
            inputMode="numeric"
            autoComplete="tel-national"
            value={groupPhone(phone)}
            onChange={(event) => setPhone(digitsOfPhone(event.target.value))}
            aria-invalid={invalid}
            aria-describedby={hintId}
            data-testid="sign-in-phone"
          />
          <p id={hintId} className={invalid ? 'r-hint r-hint--bad' : 'r-hint'}>
            {invalid ? t('signIn.phoneInvalid') : t('signIn.phoneHint')}
          </p>
        </div>
        {request.isError ? <ErrorNote error={request.error} /> : null}
        <button type="submit" className="r-primary" disabled={request.isPending} data-testid="sign-in-request-code">
          {request.isPending ? t('common:state.sending') : t('signIn.requestCode')}
        </button>
      </form>
      {demo ? <DemoHint phone={phone} /> : null}
    </Page>
  );
}
