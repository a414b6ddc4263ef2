import type { Appointment, HelperLink } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleAlert, Send } from 'lucide-react';
import { type SubmitEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import '../family/family.css';
import { digitsOfPhone, groupPhone, isPhone } from '../signIn/phone.ts';

/** A helper without an account gets a link to this ticket and place; each can be taken back. */
export function ShareWithHelper({ appointment: { appointmentId } }: { readonly appointment: Appointment }) {
  const { t } = useTranslation('people');
  const { query } = useApi();
  const [writing, setWriting] = useState(false);
  const links = useQuery(query.helperLinks.list.queryOptions({ input: { appointmentId }, refetchInterval: 30_000 }));
  return (
    <section className="r-section" aria-labelledby="share-title">
      <h2 id="share-title" className="r-section__title">
        {t('share.title')}
      </h2>
      <p className="r-muted r-small">{t('share.lead')}</p>
      {links.data === undefined || links.data.links.length === 0 ? null : (
        <ul className="r-card f-links">
          {links.data.links.map((link) => (
            <LinkRow key={link.helperLinkId} appointmentId={appointmentId} link={link} />
          ))}
        </ul>
      )}
      {writing ? (
        <SendForm appointmentId={appointmentId} onDone={() => setWriting(false)} />
      ) : (
        <button type="button" className="r-secondary r-wide" onClick={() => setWriting(true)} data-testid="share">
          <Send className="ch-icon" aria-hidden />
          {t('share.open')}
        </button>
      )}
    </section>
  );
}

interface LinkRowProps {
  readonly appointmentId: Appointment['appointmentId'];
  readonly link: HelperLink;
}

function LinkRow({ appointmentId, link: { helperLinkId, phoneMasked, openedAt } }: LinkRowProps) {
  const { t } = useTranslation('people');
  const { query } = useApi();
  const queryClient = useQueryClient();
  const revoke = useMutation(
    query.helperLinks.revoke.mutationOptions({
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.helperLinks.key() }),
    }),
  );
  return (
    <li className="f-link" data-testid="helper-link" data-opened={openedAt !== null}>
      <span>
        {phoneMasked}
        <br />
        <span className="r-muted r-small">{t(openedAt === null ? 'share.waiting' : 'share.opened')}</span>
      </span>
      <button
        type="button"
        className="r-plain"
        disabled={revoke.isPending}
        onClick={() => revoke.mutate({ appointmentId, helperLinkId })}
        aria-label={t('share.revoke', { phone: phoneMasked })}
        data-testid="revoke-link"
      >
        {t('share.revokeShort')}
      </button>
    </li>
  );
}

function SendForm({ appointmentId, onDone }: { appointmentId: Appointment['appointmentId']; onDone: () => void }) {
  const { t } = useTranslation(['people', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const [phone, setPhone] = useState('');
  const [asked, setAsked] = useState(false);
  const id = useId();
  const send = useMutation(
    query.helperLinks.send.mutationOptions({
      onSuccess: async () => {
        await queryClient.invalidateQueries({ queryKey: query.helperLinks.key() });
        onDone();
      },
    }),
  );
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setAsked(true);
    if (isPhone(phone) && !send.isPending) send.mutate({ appointmentId, phone });
  };
  const max = send.error?.details?.['max'];
  const wrong = asked && !isPhone(phone);
  return (
    <form className="r-card r-form" onSubmit={submit} noValidate>
      <div className="r-field">
        <label className="r-label" htmlFor={id}>
          {t('share.phone')}
        </label>
        <input
          id={id}
          className="r-input r-input--digits"
          type="tel"
          inputMode="numeric"
          autoComplete="off"
          value={groupPhone(phone)}
          onChange={(event) => setPhone(digitsOfPhone(event.target.value))}
          aria-invalid={wrong}
          data-testid="share-phone"
        />
        {wrong ? (
          <p className="r-hint r-hint--bad" role="alert">
            <CircleAlert className="ch-icon" aria-hidden />
            {t('share.phoneMissing')}
          </p>
        ) : null}
      </div>
      {send.isError ? (
        send.error.code === 'LIMIT_REACHED' && typeof max === 'number' ? (
          <p className="r-hint r-hint--bad" role="alert">
            {t('share.limit', { max })}
          </p>
        ) : (
          <ErrorNote error={send.error} />
        )
      ) : null}
      <button type="submit" className="r-primary" disabled={send.isPending} data-testid="share-send">
        {send.isPending ? t('common:state.sending') : t('share.send')}
      </button>
      <button type="button" className="r-plain" onClick={onDone}>
        {t('share.cancel')}
      </button>
    </form>
  );
}
