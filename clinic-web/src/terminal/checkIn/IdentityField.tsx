import { formatDate, localDateOf, noonOf, serverClock } from '@cloud-hospital/ui';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ageOn, cleanIdentity, groupIdentity, judgeIdentity } from './identityText.ts';

interface IdentityFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** The identity number in large figures, and at once whether it can be right. */
export function IdentityField({ value, onChange }: IdentityFieldProps) {
  const { t } = useTranslation(['terminal', 'common']);
  const locale = useLocale();
  const judgement = judgeIdentity(value);
  const isWrong = judgement.state === 'wrong-date' || judgement.state === 'wrong-check-digit';
  return (
    <div className="t-field">
      <label className="t-label" htmlFor="identity-number">
        {t('identity.label')}
      </label>
      <input
        id="identity-number"
        className="t-input t-input--code"
        value={groupIdentity(value)}
        onChange={(event) => onChange(cleanIdentity(event.target.value))}
        inputMode="none"
        autoComplete="off"
        spellCheck={false}
        aria-invalid={isWrong}
        aria-describedby="identity-number-note"
        data-testid="identity-number"
      />
      <p className="t-identity-note" data-state={judgement.state} id="identity-number-note" aria-live="polite">
        {judgement.state === 'incomplete' ? t('identity.progress', { left: judgement.left }) : null}
        {isWrong ? (
          <>
            <CircleAlert className="ch-icon" aria-hidden />
            {t(judgement.state === 'wrong-date' ? 'identity.wrongDate' : 'identity.wrong')}
          </>
        ) : null}
        {judgement.state === 'right' ? (
          <>
            <CircleCheck className="ch-icon" aria-hidden />
            {t('identity.right', {
              gender: t(`common:gender.${judgement.gender}`),
              date: formatDate(noonOf(judgement.birthDate), locale),
              age: ageOn(localDateOf(serverClock.now()), judgement.birthDate),
            })}
          </>
        ) : null}
      </p>
    </div>
  );
}
