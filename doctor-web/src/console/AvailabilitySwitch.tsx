import type { AvailabilityInput, QueueView } from '@cloud-hospital/protocol/rest';
import { AVAILABILITY_TONE, formatTime, StatusWord, useServerNow } from '@cloud-hospital/ui';
import { useApi } from '@cloud-hospital/ui/api';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Popover, Segmented, Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useShowError } from '../layout/useShowError.ts';

const BREAK_MINUTES = [5, 10, 15, 30, 60] as const;
const CHOICES = ['available', 'break', 'off'] as const;
const MINUTE_MS = 60_000;

/** Whether residents can be told that the specialist is there, and whether they also help with the department's pool. */
export function AvailabilitySwitch({ queue }: { queue: QueueView }) {
  const { t } = useTranslation(['console', 'common']);
  const pick = usePick();
  const { query } = useApi();
  const queryClient = useQueryClient();
  const showError = useShowError();
  const [asking, setAsking] = useState(false);
  const settled = {
    onSuccess: (fresh: QueueView) => queryClient.setQueryData(query.queue.mine.queryKey(), fresh),
    onError: showError,
  };
  const set = useMutation(query.queue.setAvailability.mutationOptions(settled));
  const setPool = useMutation(query.queue.setPool.mutationOptions(settled));
  const choose = (input: AvailabilityInput): void => {
    setAsking(false);
    set.mutate(input);
  };
  return (
    <div className="c-availability" role="group" aria-label={t('availability.label')}>
      {queue.availability === 'in-call' ? (
        <StatusWord tone={AVAILABILITY_TONE['in-call']}>{t('common:availability.in-call')}</StatusWord>
      ) : (
        <Popover
          open={asking}
          onOpenChange={(open) => setAsking(open && asking)}
          trigger="click"
          placement="bottom"
          title={t('availability.breakFor')}
          content={
            <div className="c-availability__minutes">
              {BREAK_MINUTES.map((minutes) => (
                <Button
                  key={minutes}
                  onClick={() => choose({ state: 'break', minutes })}
                  data-testid={`break-${minutes}`}
                >
                  {t('availability.minutes', { count: minutes })}
                </Button>
              ))}
            </div>
          }
        >
          <Segmented
            value={queue.availability}
            disabled={set.isPending}
            options={CHOICES.map((value) => ({ value, label: t(`availability.${value}`) }))}
            onChange={(state) => (state === 'break' ? setAsking(true) : choose({ state }))}
          />
        </Popover>
      )}
      {queue.availability === 'break' && queue.breakUntil !== null ? <BreakLeft until={queue.breakUntil} /> : null}
      <label className="c-availability__pool">
        <Switch
          size="small"
          checked={queue.takesPool}
          loading={setPool.isPending}
          onChange={(takesPool) => setPool.mutate({ takesPool })}
          data-testid="takes-pool"
        />
        {t('availability.pool', { department: pick(queue.departmentName) })}
      </label>
    </div>
  );
}

/** Until when, and how long that still is; the server ends the break. */
function BreakLeft({ until }: { until: string }) {
  const { t } = useTranslation('console');
  const locale = useLocale();
  const left = Math.max(0, Date.parse(until) - useServerNow(1_000));
  const seconds = String(Math.floor((left % MINUTE_MS) / 1_000)).padStart(2, '0');
  return (
    <span className="c-availability__until" data-testid="break-left">
      {t('availability.breakUntil', { time: formatTime(until, locale) })} ·{' '}
      {t('availability.back', { time: `${Math.floor(left / MINUTE_MS)}:${seconds}` })}
    </span>
  );
}
