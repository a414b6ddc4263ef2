import { useApi } from '@cloud-hospital/ui/api';
import { skipToken, useQuery } from '@tanstack/react-query';
import { type SubmitEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { IdentityField } from '../checkIn/IdentityField.tsx';
import { cleanIdentity, IDENTITY_LENGTH, judgeIdentity } from '../checkIn/identityText.ts';
import { Field } from '../controls/Field.tsx';
import { NumberPad } from '../controls/NumberPad.tsx';
import type { WalkInDraft } from '../work/Drafts.tsx';

interface PersonStepProps {
  readonly draft: WalkInDraft;
  readonly onChange: (patch: Partial<WalkInDraft>) => void;
}

const PHONE_LENGTH = 11;
const isPhone = (text: string): boolean => /^1[3-9]\d{9}$/.test(text);

/** Identity number first: it finds people who have been here before, and then there is nothing more to type. */
export function PersonStep({ draft, onChange }: PersonStepProps) {
  const { t } = useTranslation('terminal');
  const { query } = useApi();
  const [field, setField] = useState<'identity' | 'phone'>('identity');
  const [tried, setTried] = useState(false);
  const { identityNumber, name, phone } = draft;
  const isRight = judgeIdentity(identityNumber).state === 'right';
  const found = useQuery(
    query.clinic.findPatient.queryOptions({ input: isRight ? { identityNumber } : skipToken, staleTime: 60_000 }),
  );
  const known = isRight ? (found.data?.patient ?? null) : null;
  useEffect(() => {
    if (known !== null && known.name !== name) onChange({ name: known.name });
  }, [known, name, onChange]);

  const nameMissing = name.trim().length < 2;
  const phoneWrong = phone !== '' && !isPhone(phone);
  const next = (event: SubmitEvent) => {
    event.preventDefault();
    setTried(true);
    if (isRight && !nameMissing && !phoneWrong) onChange({ step: 'visit', name: name.trim() });
  };
  return (
    <form className="t-task" onSubmit={next} noValidate>
      <div className="t-task__body t-identity">
        <div className="t-identity__field">
          <div onFocus={() => setField('identity')}>
            <IdentityField value={identityNumber} onChange={(text) => onChange({ identityNumber: text })} />
          </div>
          {tried && !isRight ? (
            <p className="t-error" role="alert">
              {t('walkIn.identityMissing')}
            </p>
          ) : null}
          <Field
            label={t('walkIn.name')}
            hint={
              known !== null
                ? t('identity.known', { name: known.name })
                : found.isSuccess && isRight
                  ? t('identity.unknown')
                  : undefined
            }
            error={tried && nameMissing ? t('walkIn.nameMissing') : null}
          >
            {({ id, describedBy, invalid }) => (
              <input
                id={id}
                className="t-input"
                value={name}
                onChange={(event) => onChange({ name: event.target.value })}
                readOnly={known !== null}
                autoComplete="off"
                maxLength={40}
                aria-describedby={describedBy}
                aria-invalid={invalid}
                data-testid="walk-in-name"
              />
            )}
          </Field>
          <Field label={t('walkIn.phone')} error={tried && phoneWrong ? t('walkIn.phoneWrong') : null}>
            {({ id, describedBy, invalid }) => (
              <input
                id={id}
                className="t-input t-input--number"
                value={phone}
                onChange={(event) =>
                  onChange({ phone: event.target.value.replaceAll(/\D/g, '').slice(0, PHONE_LENGTH) })
                }
                onFocus={() => setField('phone')}
                inputMode="none"
                autoComplete="off"
                aria-describedby={describedBy}
                aria-invalid={invalid}
                data-testid="walk-in-phone"
              />
            )}
          </Field>
        </div>
        <NumberPad
          label={t(field === 'identity' ? 'identity.label' : 'walkIn.phone')}
          value={field === 'identity' ? identityNumber : phone}
          onChange={(text) =>
            onChange(field === 'identity' ? { identityNumber: cleanIdentity(text) } : { phone: text })
          }
          extra={field === 'identity' ? 'X' : null}
          maxLength={field === 'identity' ? IDENTITY_LENGTH : PHONE_LENGTH}
        />
      </div>
      <button type="submit" className="t-primary" data-testid="walk-in-next">
        {t('walkIn.next')}
      </button>
    </form>
  );
}
