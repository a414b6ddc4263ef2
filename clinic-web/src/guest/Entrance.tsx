import type { GuestView } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { usePick } from '@cloud-hospital/ui/i18n';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Smartphone, Video } from 'lucide-react';
import { type SubmitEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DeviceCheck } from './DeviceCheck.tsx';
import { GuestPage } from './GuestPage.tsx';

interface EntranceProps {
  readonly view: GuestView;
  readonly secret: { readonly token: string; readonly key: string };
  /** `wantsCheck`: first tries the devices and the line. */
  readonly onEntered: (wantsCheck: boolean) => void;
}

/** Who asks, as what one joins, how one is called, whether one can be seen and heard. */
export function Entrance({ view, secret, onEntered }: EntranceProps) {
  const { t } = useTranslation('guest');
  const pick = usePick();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const [name, setName] = useState(view.name ?? '');
  const [asked, setAsked] = useState(false);
  const inputId = useId();
  const [wantsCheck, setWantsCheck] = useState(false);
  const enter = useMutation(
    query.callPeople.enter.mutationOptions({
      onSuccess: (fresh) => {
        queryClient.setQueryData(query.callPeople.openGuestLink.queryKey({ input: secret }), fresh);
      },
    }),
  );
  const isMissing = asked && name.trim() === '';
  const go = (check: boolean): void => {
    setAsked(true);
    setWantsCheck(check);
    if (name.trim() !== '' && !enter.isPending) {
      enter.mutate({ ...secret, name: name.trim() }, { onSuccess: () => onEntered(check) });
    }
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    go(false);
  };
  return (
    <GuestPage
      title={t('title')}
      lead={t(`lead.${view.kind}`, { name: view.invitedBy, patient: view.patientNameMasked })}
    >
      <DeviceCheck />
      <form className="r-form" onSubmit={submit} noValidate>
        <div className="r-field">
          <label className="r-label" htmlFor={inputId}>
            {t('name')}
          </label>
          <input
            id={inputId}
            className="r-input"
            maxLength={20}
            autoComplete="name"
            value={name}
            // Once said it stays: the others have read it.
            readOnly={view.name !== null}
            onChange={(event) => setName(event.target.value)}
            aria-invalid={isMissing}
            aria-describedby={`${inputId}-hint`}
            data-testid="guest-name"
          />
          <p id={`${inputId}-hint`} className={isMissing ? 'r-hint r-hint--bad' : 'r-hint'}>
            {t(isMissing ? 'nameMissing' : 'nameHint')}
          </p>
        </div>
        {enter.isError ? <ErrorNote error={enter.error} /> : null}
        <button type="submit" className="r-primary" disabled={enter.isPending} data-testid="guest-join">
          <Video className="ch-icon" aria-hidden />
          {t(enter.isPending && !wantsCheck ? 'joining' : 'join')}
        </button>
        <button
          type="button"
          className="r-secondary r-wide"
          disabled={enter.isPending}
          onClick={() => go(true)}
          data-testid="guest-check"
        >
          <Smartphone className="ch-icon" aria-hidden />
          {t('tried.offer')}
        </button>
        <p className="r-muted r-small">{t('privacy')}</p>
      </form>
      <dl className="r-facts r-card">
        <div>
          <dt>{t('facts.specialist')}</dt>
          <dd>{view.specialistName}</dd>
        </div>
        <div>
          <dt>{t('facts.clinic')}</dt>
          <dd>{pick(view.clinicName)}</dd>
        </div>
      </dl>
    </GuestPage>
  );
}
