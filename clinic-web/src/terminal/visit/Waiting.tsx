import type { WorklistItem } from '@cloud-hospital/protocol/rest';
import { formatTime, useServerNow } from '@cloud-hospital/ui';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { useTranslation } from 'react-i18next';
import { LateStart } from './LateStart.tsx';
import { OwnPicture } from '../call/OwnPicture.tsx';
import { useTerminalCall } from '../call/useTerminalCall.ts';

/** The place in the queue, the promised time, why, and what the specialist does now; live. */
export function Waiting({ item }: { readonly item: WorklistItem }) {
  const { t } = useTranslation(['terminal', 'common']);
  const locale = useLocale();
  const call = useTerminalCall();
  const { place } = item;
  const now = useServerNow(10_000);
  const isPrepared = call !== null && call.encounterId === item.encounterId;
  const pick = usePick();
  if (place === null) return null;
  const breakUntil = place.breakUntil === null || Date.parse(place.breakUntil) < now ? null : place.breakUntil;
  const specialistNow = (): string => {
    const state = place.availability === 'in-call' ? 'inCall' : place.availability;
    const { specialistName: name } = place;
    if (name === null) return t(`wait.pool.${state}`, { department: pick(place.departmentName) });
    if (state !== 'break') return t(`wait.${state}`, { name });
    return breakUntil === null
      ? t('wait.breakOpen', { name })
      : t('wait.break', { name, time: formatTime(breakUntil, locale) });
  };
  return (
    <section className="t-wait" data-testid="waiting" data-position={place.position}>
      <div className="t-wait__text" role="status">
        <p className="t-wait__position">
          {place.ahead === 0 ? t('wait.first') : t('wait.ahead', { count: place.ahead })}
        </p>
        <p className="t-wait__expected">
          {place.expected === null
            ? t('wait.noEstimate')
            : t('wait.expected', {
                from: formatTime(place.expected.from, locale),
                to: formatTime(place.expected.to, locale),
              })}
        </p>
        {place.promise !== null && place.promise.breachedAt !== null ? (
          <p className="t-wait__late" data-testid="promise-broken">
            {t('wait.broken', {
              from: formatTime(place.promise.first.from, locale),
              to: formatTime(place.promise.first.to, locale),
            })}
            {place.promise.reason === null ? null : t(`common:queue.breach.${place.promise.reason}`)}
          </p>
        ) : null}
        <p>{specialistNow()}</p>
        <LateStart place={place} />
        <p className="t-hint">
          {t(`common:queue.order.${place.orderReason}`)} ·{' '}
          {t('wait.updated', { time: formatTime(place.computedAt, locale) })}
        </p>
      </div>
      {isPrepared ? <OwnPicture /> : null}
    </section>
  );
}
