import { isIdentityNumber, readIdentityNumber } from '@cloud-hospital/protocol';
import { ErrorNote, formatDate, noonOf } from '@cloud-hospital/ui';
import { useApi, useSessionStarted, useSignOut } from '@cloud-hospital/ui/api';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { useMutation } from '@tanstack/react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { type SubmitEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Page } from '../layout/Page.tsx';

const IDENTITY_LENGTH = 18;

/** Once for a new phone: whose it is. The last character of the identity number proves the other seventeen. */
export function ProfilePage() {
  const { t } = useTranslation(['resident', 'common']);
  const locale = useLocale();
  const { query } = useApi();
  const sessionStarted = useSessionStarted();
  const signOut = useSignOut();
  const [name, setName] = useState('');
  const [identityNumber, setIdentityNumber] = useState('');
  const [asked, setAsked] = useState(false);
  const id = useId();
  const write = useMutation(query.session.writeProfile.mutationOptions({ onSuccess: sessionStarted }));

  const nameFine = name.trim().length >= 2;
  const identityFine = isIdentityNumber(identityNumber);
  const identityComplete = identityNumber.length === IDENTITY_LENGTH;
  const identityWrong = !identityFine && (identityComplete || asked);
  const read = identityFine ? readIdentityNumber(identityNumber) : null;

  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setAsked(true);
    if (nameFine && identityFine && !write.isPending) write.mutate({ name: name.trim(), identityNumber });
  };
  return (
    <Page title={t('profile.title')} lead={t('profile.lead')}>
      <form className="r-form" onSubmit={submit} noValidate>
        <div className="r-field">
          <label className="r-label" htmlFor={`${id}-name`}>
            {t('profile.name')}
          </label>
          <input
            id={`${id}-name`}
            className="r-input"
            autoComplete="name"
            maxLength={40}
            value={name}
            onChange={(event) => setName(event.target.value)}
            aria-invalid={asked && !nameFine}
            aria-describedby={`${id}-name-hint`}
            data-testid="profile-name"
          />
          <p id={`${id}-name-hint`} className={asked && !nameFine ? 'r-hint r-hint--bad' : 'r-hint'}>
            {asked && !nameFine ? t('profile.nameInvalid') : t('profile.nameHint')}
          </p>
        </div>
        <div className="r-field">
          <label className="r-label" htmlFor={`${id}-identity`}>
            {t('profile.identityNumber')}
          </label>
          <input
            id={`${id}-identity`}
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
            aria-invalid={identityWrong}
            aria-describedby={`${id}-identity-hint`}
            data-testid="profile-identity"
          />
          <div id={`${id}-identity-hint`} aria-live="polite">
            {read !== null ? (
              <p className="r-hint r-hint--good">
                <CircleCheck className="ch-icon" aria-hidden />
                {t('profile.identityRead', {
                  gender: t(`common:gender.${read.gender}`),
                  birthDate: formatDate(noonOf(read.birthDate), locale),
                })}
              </p>
            ) : identityWrong ? (
              <p className="r-hint r-hint--bad">
                <CircleAlert className="ch-icon" aria-hidden />
                {identityComplete ? t('profile.identityInvalid') : t('profile.identityShort')}
              </p>
            ) : (
              <p className="r-hint">{t('profile.identityHint', { count: IDENTITY_LENGTH - identityNumber.length })}</p>
            )}
          </div>
        </div>
        {write.isError ? <ErrorNote error={write.error} /> : null}
        <button type="submit" className="r-primary" disabled={write.isPending} data-testid="profile-save">
          {write.isPending ? t('common:state.saving') : t('profile.save')}
        </button>
      </form>
      <p className="r-muted r-small">{t('profile.privacy')}</p>
      <div className="r-foot">
        <button type="button" className="r-plain r-plain--flush" onClick={() => signOut.mutate({})}>
          {t('profile.otherPhone')}
        </button>
      </div>
    </Page>
  );
}
