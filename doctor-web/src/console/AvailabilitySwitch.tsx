import type { QueueView } from '@cloud-hospital/protocol/rest';
import { AVAILABILITY_TONE, formatTime, StatusWord } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { useShowError } from '../layout/useShowError.ts';

const BREAK_MS = 15 * 60_000;
const CHOICES = ['available', 'break', 'off'] as const;

/** Whether residents can be told that the specialist is there. During a call it only says so. */
export function AvailabilitySwitch({ queue }: { queue: QueueView }) {
  const { t } = useTranslation(['console', 'common']);
  const locale = useLocale();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const showError = useShowError();
  const set = useMutation(
    query.queue.setAvailability.mutationOptions({
      onSuccess: (fresh) => queryClient.setQueryData(query.queue.mine.queryKey(), fresh),
      onError: showError,
    }),
  );
  if (queue.availability === 'in-call') {
    return <StatusWord tone={AVAILABILITY_TONE['in-call']}>{t('common:availability.in-call')}</StatusWord>;
  }
  return (
    <div className="c-availability" role="group" aria-label={t('availability.label')}>
      <Segmented
        value={queue.availability}
        disabled={set.isPending}
        options={CHOICES.map((value) => ({ value, label: t(`availability.${value}`) }))}
        onChange={(state) =>
          set.mutate(
            state === 'break' ? { state, until: new Date(Date.parse(queue.now) + BREAK_MS).toISOString() } : { state },
          )
        }
      />
      {queue.availability === 'break' && queue.breakUntil !== null ? (
        <span className="c-availability__until">
          {t('availability.breakUntil', { time: formatTime(queue.breakUntil, locale) })}
        </span>
      ) : null}
    </div>
  );
}
