import type { Appointment, QueuePlace } from '@cloud-hospital/protocol/rest';
import { ErrorNote } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleAlert, UserRoundCheck } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useWords } from '../layout/words.ts';

interface LateStartProps {
  readonly place: QueuePlace;
  readonly appointment: Appointment | undefined;
}

/** The specialist did not begin: said plainly, with one tap to a colleague who is there, or to another time. */
export function LateStart({ place, appointment }: LateStartProps) {
  const { t } = useTranslation('resident');
  const words = useWords();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const { queueEntryId, lateStart } = place;
  const take = useMutation(
    query.queue.takeSubstitute.mutationOptions({
      onSuccess: (fresh) => {
        queryClient.setQueryData(query.queue.place.queryKey({ input: { queueEntryId } }), fresh);
        void queryClient.invalidateQueries({ queryKey: query.appointments.key() });
      },
    }),
  );
  if (lateStart === null) return null;
  const { substitute, since } = lateStart;
  return (
    <section className="ch-note ch-note--attention" role="alert" data-testid="late-start">
      <CircleAlert className="ch-note__icon" aria-hidden />
      <div className="ch-note__body">
        <p className="ch-note__title">
          {t('waiting.specialistLate.title', { specialist: place.specialistName ?? '' })}
        </p>
        <p>{t('waiting.specialistLate.why', { time: words.time(since) })}</p>
        {substitute === null ? (
          <p>{t('waiting.specialistLate.nobody')}</p>
        ) : (
          <>
            <button
              type="button"
              className="r-primary"
              disabled={take.isPending}
              onClick={() => take.mutate({ queueEntryId })}
              data-testid="take-substitute"
            >
              <UserRoundCheck className="ch-icon" aria-hidden />
              {take.isPending ? t('waiting.specialistLate.taking') : t('waiting.specialistLate.take', { substitute })}
            </button>
            <p className="r-small">{t('waiting.specialistLate.takeHint')}</p>
          </>
        )}
        {take.isError ? <ErrorNote error={take.error} /> : null}
        <Link
          to={appointment === undefined ? '/book/department' : `/appointments/${appointment.appointmentId}`}
          className="r-plain r-plain--flush"
        >
          {t('waiting.specialistLate.rebook')}
        </Link>
      </div>
    </section>
  );
}
