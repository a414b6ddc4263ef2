import type { Appointment } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useWords } from '../layout/words.ts';

const REASONS = [
  'feels-better',
  'time-unsuitable',
  'cannot-travel',
  'seen-elsewhere',
  'booked-by-mistake',
  'other',
] as const;
type Reason = (typeof REASONS)[number];

/** Asked on the page itself rather than in a pop-up: why, what it means, then done. */
export function CancelAppointment({ appointment }: { readonly appointment: Appointment }) {
  const { t } = useTranslation(['resident', 'common']);
  const { query } = useApi();
  const queryClient = useQueryClient();
  const words = useWords();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState<Reason | null>(null);
  const { appointmentId, version } = appointment;
  const cancel = useMutation(
    query.appointments.cancel.mutationOptions({
      onSuccess: (cancelled) =>
        queryClient.setQueryData(query.appointments.get.queryKey({ input: { appointmentId } }), cancelled),
      onSettled: () => queryClient.invalidateQueries({ queryKey: query.appointments.key() }),
    }),
  );
  if (!asking) {
    return (
      <button type="button" className="r-plain" onClick={() => setAsking(true)} data-testid="cancel-appointment">
        {t('cancel.ask')}
      </button>
    );
  }
  return (
    <section className="r-card" aria-labelledby="cancel-title">
      <h2 id="cancel-title" className="r-section__title">
        {t('cancel.title', { time: words.dayTime(appointment.start) })}
      </h2>
      <p>{t('cancel.body')}</p>
      <fieldset className="a-reasons">
        <legend className="r-label">{t('cancel.why')}</legend>
        {REASONS.map((one) => (
          <label key={one} className="a-reason">
            <input
              type="radio"
              name="cancel-reason"
              value={one}
              checked={reason === one}
              onChange={() => setReason(one)}
              data-testid={`reason-${one}`}
            />
            {t(`cancel.reason.${one}`)}
          </label>
        ))}
      </fieldset>
      {cancel.isError ? <ErrorNote error={cancel.error} /> : null}
      <button
        type="button"
        className="r-secondary r-secondary--danger r-wide"
        disabled={cancel.isPending || reason === null}
        onClick={() => {
          if (reason !== null) cancel.mutate({ appointmentId, version, reason });
        }}
        data-testid="cancel-confirm"
      >
        {cancel.isPending ? t('common:state.sending') : t('cancel.confirm')}
      </button>
      <button type="button" className="r-plain" disabled={cancel.isPending} onClick={() => setAsking(false)}>
        {t('cancel.keep')}
      </button>
    </section>
  );
}
