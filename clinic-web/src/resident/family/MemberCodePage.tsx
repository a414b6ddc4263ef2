import type { RelatedPerson } from '@cloud-hospital/protocol/rest';
import { ErrorNote, useServerNow } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Navigate, useNavigate, useParams } from 'react-router';
import { Page } from '../layout/Page.tsx';
import { QueryState } from '../layout/QueryState.tsx';

const CODE_LENGTH = 6;

/** The member reads the code out from their own phone: that is their consent. */
export function MemberCodePage() {
  const { t } = useTranslation('people');
  const { query } = useApi();
  const { relatedPersonId } = useParams();
  const family = useQuery(query.family.list.queryOptions());
  const member = family.data?.members.find((one) => one.relatedPersonId === relatedPersonId);
  // A list that is older than the request says nothing about it.
  if (family.isSuccess && !family.isFetching && member?.status !== 'proposed') return <Navigate to="/family" replace />;
  return (
    <Page
      title={t('code.title')}
      lead={member === undefined ? undefined : t('code.lead', { name: member.name, phone: member.phoneMasked })}
      back="/family"
    >
      <QueryState query={family}>{() => (member === undefined ? null : <CodeForm member={member} />)}</QueryState>
    </Page>
  );
}

function CodeForm({ member }: { readonly member: RelatedPerson }) {
  const { t } = useTranslation(['people', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [code, setCode] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const id = useId();
  const now = useServerNow(1000);
  const { relatedPersonId, resendAt } = member;
  const wait = resendAt === null ? 0 : Math.max(0, Math.ceil((Date.parse(resendAt) - now) / 1000));
  const refresh = async () => {
    await queryClient.invalidateQueries({ queryKey: query.family.key() });
    await queryClient.invalidateQueries({ queryKey: query.appointments.key() });
  };
  const confirm = useMutation(
    query.family.confirm.mutationOptions({
      onSuccess: async () => {
        await navigate('/family', { replace: true });
        await refresh();
      },
    }),
  );
  const resend = useMutation(
    query.family.requestCode.mutationOptions({
      onSuccess: async () => {
        confirm.reset();
        await refresh();
      },
    }),
  );
  useEffect(() => {
    input.current?.focus();
  }, []);
  const change = (typed: string) => {
    const digits = typed.replaceAll(/\D/g, '').slice(0, CODE_LENGTH);
    setCode(digits);
    if (digits.length < CODE_LENGTH || confirm.isPending) return;
    confirm.mutate(
      { relatedPersonId, code: digits },
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
    <form className="r-form" onSubmit={submit} noValidate>
      <div className="r-field">
        <label className="r-label" htmlFor={id}>
          {t('code.label')}
        </label>
        <input
          id={id}
          ref={input}
          className="r-input r-input--code"
          type="text"
          inputMode="numeric"
          autoComplete="off"
          value={code}
          onChange={(event) => change(event.target.value)}
          aria-invalid={confirm.isError}
          data-testid="member-code"
        />
      </div>
      {confirm.isError ? <ErrorNote error={confirm.error} /> : null}
      {resend.isError ? <ErrorNote error={resend.error} /> : null}
      <button type="submit" className="r-primary" disabled={confirm.isPending || code.length < CODE_LENGTH}>
        {confirm.isPending ? t('common:state.sending') : t('code.submit')}
      </button>
      <button
        type="button"
        className="r-plain"
        disabled={wait > 0 || resend.isPending}
        onClick={() => resend.mutate({ relatedPersonId })}
        data-testid="member-resend"
      >
        {wait > 0 ? t('code.resendIn', { seconds: wait }) : t('code.resend')}
      </button>
      <p className="r-muted r-small">{t('code.noCode')}</p>
    </form>
  );
}
