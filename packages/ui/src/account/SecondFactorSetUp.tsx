import './account.css';
import type { TotpEnrolment } from '@cloud-hospital/protocol/rest';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useApi, useSignOut } from '../api/index.ts';
import { ErrorNote } from '../components/ErrorNote.tsx';
import { QrCode } from '../components/QrCode.tsx';

const QR_SIZE = 208;
const CODE = /^\d{6}$/;

/**
 * What staff outside the demo district do before anything else: register an authenticator. Kit-neutral, for the console
 * and the terminal; the page around it is the app's.
 */
export function SecondFactorSetUp() {
  const { t } = useTranslation();
  const signOut = useSignOut();
  const enrol = useEnrol();
  return (
    <section className="ch-account" aria-labelledby="second-factor-title" data-testid="second-factor">
      <h1 id="second-factor-title">{t('secondFactor.title')}</h1>
      <p className="ch-account__lead">{t('secondFactor.lead')}</p>
      {enrol.data === undefined ? <PasswordForm enrol={enrol} /> : <Registration enrolment={enrol.data} />}
      <button type="button" className="ch-quiet-button" onClick={() => signOut.mutate({})}>
        {t('secondFactor.signOut')}
      </button>
    </section>
  );
}

const useEnrol = () => useMutation(useApi().query.session.enrolTotp.mutationOptions());
type Enrol = ReturnType<typeof useEnrol>;

function PasswordForm({ enrol }: { readonly enrol: Enrol }) {
  const { t } = useTranslation();
  const id = useId();
  const [password, setPassword] = useState('');
  const [tried, setTried] = useState(false);
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (password !== '' && !enrol.isPending) enrol.mutate({ password });
  };
  return (
    <form className="ch-account__form" onSubmit={send} noValidate>
      <label htmlFor={id}>{t('secondFactor.password')}</label>
      <input
        id={id}
        className="ch-account__input"
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        aria-invalid={tried && password === ''}
        data-testid="second-factor-password"
      />
      {tried && password === '' ? <p className="ch-account__error">{t('secondFactor.passwordMissing')}</p> : null}
      {enrol.error === null ? null : <ErrorNote error={enrol.error} />}
      <button type="submit" className="ch-account__submit" disabled={enrol.isPending} data-testid="second-factor-begin">
        {t('secondFactor.begin')}
      </button>
    </form>
  );
}

function Registration({ enrolment }: { readonly enrolment: TotpEnrolment }) {
  const { t } = useTranslation();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const id = useId();
  const [totp, setTotp] = useState('');
  const [tried, setTried] = useState(false);
  const confirm = useMutation(
    query.session.confirmTotp.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: query.session.read.queryKey() }),
    }),
  );
  const isCode = CODE.test(totp);
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    setTried(true);
    if (isCode && !confirm.isPending) confirm.mutate({ totp });
  };
  return (
    <form className="ch-account__form" onSubmit={send} noValidate>
      <h2>{t('secondFactor.scan')}</h2>
      <QrCode text={enrolment.otpauthUrl} label={t('secondFactor.qr')} className="ch-account__qr" size={QR_SIZE} />
      <p>
        {t('secondFactor.secret')}
        <code className="ch-account__secret" data-testid="second-factor-secret">
          {enrolment.secret}
        </code>
      </p>
      <h2>{t('secondFactor.backup')}</h2>
      <p className="ch-account__lead">{t('secondFactor.backupLead')}</p>
      <ul className="ch-account__codes">
        {enrolment.backupCodes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <label htmlFor={id}>{t('secondFactor.code')}</label>
      <input
        id={id}
        className="ch-account__input ch-account__input--code"
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={6}
        value={totp}
        onChange={(event) => setTotp(event.target.value.trim())}
        aria-invalid={tried && !isCode}
        data-testid="second-factor-code"
      />
      {tried && !isCode ? <p className="ch-account__error">{t('secondFactor.codeMissing')}</p> : null}
      {confirm.error === null ? null : <ErrorNote error={confirm.error} />}
      <button
        type="submit"
        className="ch-account__submit"
        disabled={confirm.isPending}
        data-testid="second-factor-confirm"
      >
        {t('secondFactor.confirm')}
      </button>
    </form>
  );
}
