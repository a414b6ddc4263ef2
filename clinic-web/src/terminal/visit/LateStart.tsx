import type { QueuePlace } from '@cloud-hospital/protocol/rest';
import { ErrorNote, formatTime } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

/** The specialist did not begin: staff ask the resident and hand them over to a colleague with one touch. */
export function LateStart({ place }: { readonly place: QueuePlace }) {
  const { t } = useTranslation('terminal');
  const locale = useLocale();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const take = useMutation(
    query.queue.takeSubstitute.mutationOptions({
      onSettled: () =>
        Promise.all([
          queryClient.invalidateQueries({ queryKey: query.clinic.key() }),
          queryClient.invalidateQueries({ queryKey: query.encounters.key() }),
        ]),
    }),
  );
  const { lateStart, queueEntryId } = place;
  if (lateStart === null) return null;
  const { substitute, since } = lateStart;
  return (
    <div className="ch-note ch-note--attention" role="alert" data-testid="late-start">
      <CircleAlert className="ch-note__icon" aria-hidden />
      <div className="ch-note__body">
        <p className="ch-note__title">
          {t('wait.late.title', { name: place.specialistName ?? '', time: formatTime(since, locale) })}
        </p>
        <p>{t(substitute === null ? 'wait.late.nobody' : 'wait.late.hint')}</p>
        {substitute === null ? null : (
          <button
            type="button"
            className="t-secondary"
            disabled={take.isPending}
            onClick={() => take.mutate({ queueEntryId })}
            data-testid="take-substitute"
          >
            {t('wait.late.take', { substitute })}
          </button>
        )}
        {take.isError ? <ErrorNote error={take.error} /> : null}
      </div>
    </div>
  );
}
