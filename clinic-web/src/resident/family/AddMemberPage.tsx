import { type AppError, isIdentityNumber, readIdentityNumber } from '@cloud-hospital/protocol';
import type { RelatedPerson } from '@cloud-hospital/protocol/rest';
import type { Relationship } from '@cloud-hospital/protocol/states';
import { ErrorNote, localDateOf, serverClock } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { type ReactNode, type SubmitEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { Page } from '../layout/Page.tsx';
import { digitsOfPhone, groupPhone, isPhone } from '../signIn/phone.ts';
import './family.css';

const IDENTITY_LENGTH = 18;
const ADULT_YEARS = 18;
const RELATIONSHIPS = [
  'parent',
  'spouse',
  'child',
  'sibling',
  'grandparent',
  'grandchild',
  'other',
] as const satisfies readonly Relationship[];
/** What a minor can be to their guardian. */
const WARDS: ReadonlySet<Relationship> = new Set(['child', 'grandchild', 'sibling', 'other']);

/** Full years on the server's day. */
function ageOf(birthDate: string): number {
  const today = localDateOf(serverClock.now());
  return Number(today.slice(0, 4)) - Number(birthDate.slice(0, 4)) - (today.slice(5) < birthDate.slice(5) ? 1 : 0);
}

/** One short form: who it is to me, whose card, and how they agree. */
export function AddMemberPage() {
  const { t } = useTranslation('people');
  return (
    <Page title={t('add.title')} lead={t('add.lead')} back="/family">
      <AddForm />
      <p className="r-muted r-small">{t('add.privacy')}</p>
    </Page>
  );
}

const nextPath = ({ status, phoneMasked, relatedPersonId }: RelatedPerson): string =>
  status === 'proposed' && phoneMasked !== '' ? `/family/${relatedPersonId}/code` : '/family';

function AddForm() {
  const { t } = useTranslation(['people', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [relationship, setRelationship] = useState<Relationship | null>(null);
  const [name, setName] = useState('');
  const [identityNumber, setIdentityNumber] = useState('');
  const [phone, setPhone] = useState('');
  const [guardian, setGuardian] = useState(false);
  const [asked, setAsked] = useState(false);
  const add = useMutation(
    query.family.add.mutationOptions({
      onSuccess: async (member) => {
        await queryClient.invalidateQueries({ queryKey: query.family.key() });
        await queryClient.invalidateQueries({ queryKey: query.appointments.patients.key() });
        await navigate(nextPath(member), { replace: true });
      },
    }),
  );
  const valid = isIdentityNumber(identityNumber);
  const read = valid ? readIdentityNumber(identityNumber) : null;
  const age = read === null ? null : ageOf(read.birthDate);
  const minor = age !== null && age < ADULT_YEARS;
  const nameFine = name.trim().length >= 2;
  const wardFine = !minor || relationship === null || WARDS.has(relationship);
  const consentFine = minor ? guardian : isPhone(phone);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setAsked(true);
    if (relationship === null || !nameFine || !valid || !consentFine || !wardFine || add.isPending) return;
    const input = { relationship, name: name.trim(), identityNumber, guardian: minor && guardian };
    add.mutate(minor ? input : { ...input, phone });
  };
  return (
    <form className="r-form" onSubmit={submit} noValidate>
      <fieldset className="f-choice">
        <legend className="r-label">{t('add.relationship')}</legend>
        <div className="r-chips">
          {RELATIONSHIPS.map((one) => (
            <button
              key={one}
              type="button"
              className="r-chip"
              aria-pressed={relationship === one}
              onClick={() => setRelationship(one)}
              data-testid={`relationship-${one}`}
            >
              {t(`relationship.${one}`)}
            </button>
          ))}
        </div>
        {asked && relationship === null ? <Bad>{t('add.relationshipMissing')}</Bad> : null}
        {wardFine ? null : <Bad>{t('add.wardOnly')}</Bad>}
      </fieldset>
      <Field label={t('add.name')} bad={asked && !nameFine ? t('add.nameMissing') : null}>
        {(field) => (
          <input
            {...field}
            className="r-input"
            autoComplete="off"
            maxLength={40}
            value={name}
            onChange={(event) => setName(event.target.value)}
            data-testid="member-name"
          />
        )}
      </Field>
      <Field
        label={t('add.identity')}
        bad={!valid && (asked || identityNumber.length === IDENTITY_LENGTH) ? t('add.identityWrong') : null}
        good={
          read === null || age === null
            ? null
            : t('add.identityRead', { gender: t(`common:gender.${read.gender}`), age })
        }
        hint={t('add.identityHint', { count: IDENTITY_LENGTH - identityNumber.length })}
      >
        {(field) => (
          <input
            {...field}
            className="r-input r-input--digits"
            autoComplete="off"
            spellCheck={false}
            value={identityNumber}
            onChange={(event) =>
              setIdentityNumber(
                event.target.value
                  .toUpperCase()
                  .replaceAll(/[^\dX]/g, '')
                  .slice(0, IDENTITY_LENGTH),
              )
            }
            data-testid="member-identity"
          />
        )}
      </Field>
      {minor ? (
        <div className="r-field">
          <label className="f-declare">
            <input
              type="checkbox"
              checked={guardian}
              onChange={(event) => setGuardian(event.target.checked)}
              data-testid="guardian"
            />
            {t('add.guardian')}
          </label>
          {asked && !guardian ? <Bad>{t('add.guardianMissing')}</Bad> : null}
        </div>
      ) : (
        <Field
          label={t('add.phone')}
          bad={asked && !isPhone(phone) ? t('add.phoneMissing') : null}
          hint={t('add.phoneHint')}
        >
          {(field) => (
            <input
              {...field}
              className="r-input r-input--digits"
              type="tel"
              inputMode="numeric"
              autoComplete="off"
              value={groupPhone(phone)}
              onChange={(event) => setPhone(digitsOfPhone(event.target.value))}
              data-testid="member-phone"
            />
          )}
        </Field>
      )}
      {add.isError ? <AddError error={add.error} /> : null}
      <button type="submit" className="r-primary" disabled={add.isPending} data-testid="member-save">
        {add.isPending ? t('common:state.sending') : t('add.submit')}
      </button>
    </form>
  );
}

const REASONS = ['oneself', 'phone', 'own-phone', 'guardian-declaration', 'guardian-minor'] as const;

function AddError({ error }: { readonly error: AppError }) {
  const { t } = useTranslation('people');
  const reason = REASONS.find((one) => one === error.details?.['reason']);
  const max = error.details?.['max'];
  const text =
    reason !== undefined
      ? t(`add.error.${reason}`)
      : error.code === 'LIMIT_REACHED' && typeof max === 'number'
        ? t('add.limit', { max })
        : null;
  return text === null ? <ErrorNote error={error} /> : <Bad>{text}</Bad>;
}

const Bad = ({ children }: { readonly children: ReactNode }) => (
  <p className="r-hint r-hint--bad" role="alert">
    <CircleAlert className="ch-icon" aria-hidden />
    {children}
  </p>
);

interface FieldProps {
  readonly label: string;
  readonly bad: string | null;
  readonly good?: string | null;
  readonly hint?: string;
  readonly children: (field: { id: string; 'aria-invalid': boolean; 'aria-describedby': string }) => ReactNode;
}

/** Label, field and what is to be said of it. */
function Field({ label, bad, good = null, hint, children }: FieldProps) {
  const id = useId();
  return (
    <div className="r-field">
      <label className="r-label" htmlFor={id}>
        {label}
      </label>
      {children({ id, 'aria-invalid': bad !== null, 'aria-describedby': `${id}-hint` })}
      <div id={`${id}-hint`} aria-live="polite">
        {bad !== null ? (
          <p className="r-hint r-hint--bad">
            <CircleAlert className="ch-icon" aria-hidden />
            {bad}
          </p>
        ) : good !== null ? (
          <p className="r-hint r-hint--good">
            <CircleCheck className="ch-icon" aria-hidden />
            {good}
          </p>
        ) : hint === undefined ? null : (
          <p className="r-hint">{hint}</p>
        )}
      </div>
    </div>
  );
}
