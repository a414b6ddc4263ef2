import type { QueueEntryView } from '@cloud-hospital/protocol/rest';
import { formatTime, QUEUE_ENTRY_TONE, StatusWord } from '@cloud-hospital/ui';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { useTranslation } from 'react-i18next';
import { type WaitTone, waitTone } from '../../layout/waitTone.ts';
import { QueueCardMenu } from './QueueCardMenu.tsx';

const MINUTE_MS = 60_000;

const WAIT_WORD = { long: 'queue.waitLong', 'very-long': 'queue.waitVeryLong' } as const satisfies Record<
  Exclude<WaitTone, 'calm'>,
  string
>;

export interface QueueCardProps {
  readonly entry: QueueEntryView;
  /** The server's time of the view. */
  readonly now: string;
  readonly shown: boolean;
  readonly canCall: boolean;
  readonly onPick: () => void;
}

/** One person in the queue. Pressing the card opens the brief; nothing is called by accident. */
export function QueueCard({ entry, now, shown, canCall, onPick }: QueueCardProps) {
  const { t } = useTranslation(['console', 'common']);
  const locale = useLocale();
  const pick = usePick();
  const minutes = Math.max(0, Math.round((Date.parse(now) - Date.parse(entry.checkedInAt)) / MINUTE_MS));
  const { byPhone } = entry.readiness;
  const missing = [
    entry.readiness.consent ? null : t('queue.consent'),
    // Nobody is with them who could measure.
    entry.readiness.vitals || byPhone ? null : t('queue.vitals'),
    entry.readiness.ready ? null : t(byPhone ? 'queue.phoneReady' : 'queue.seat'),
    entry.readiness.terminalOnline ? null : t(byPhone ? 'queue.phone' : 'queue.terminal'),
  ].filter((word) => word !== null);
  const { position } = entry;
  const tone = waitTone(minutes);
  return (
    <li className="c-card" data-shown={shown} data-state={entry.state} data-testid="queue-card">
      <button
        type="button"
        className="c-card__main"
        aria-pressed={shown}
        aria-disabled={entry.pooled}
        title={entry.pooled ? t('queue.poolOnly') : undefined}
        onClick={entry.pooled ? undefined : onPick}
      >
        <span className="c-card__line">
          <span className="c-card__position">{position ?? '·'}</span>
          <strong className="c-card__name">{entry.patient.name}</strong>
          <span className="c-secondary">
            {t('record.age', { gender: t(`common:gender.${entry.patient.gender}`), count: entry.patient.age })}
          </span>
          {entry.pooled ? <span className="c-card__pooled">{t('queue.pooled')}</span> : null}
          {entry.urgent ? <span className="c-card__urgent">{t('queue.urgent')}</span> : null}
        </span>
        <span className="c-card__complaint">{entry.complaint}</span>
        <span className="c-secondary">
          {pick(entry.clinic.name)} · {entry.ticketNumber} ·{' '}
          {entry.scheduledStart === null
            ? t('queue.walkIn')
            : t('queue.scheduled', { time: formatTime(entry.scheduledStart, locale) })}
        </span>
        {byPhone ? <span className="c-card__phone">{t('queue.byPhone')}</span> : null}
        {entry.state === 'waiting' ? (
          <>
            <span className="c-card__wait" data-wait={tone}>
              {t('queue.since', { time: formatTime(entry.checkedInAt, locale), minutes })}
              {tone === 'calm' ? null : ` · ${t(WAIT_WORD[tone])}`}
            </span>
            <span className="c-secondary">
              {t(`common:queue.order.${entry.orderReason}`)}
              {entry.callCount > 0 ? ` · ${t('queue.calledBefore', { count: entry.callCount })}` : null}
            </span>
            {entry.expected === null ? null : (
              <span className="c-secondary" data-testid="queue-expected">
                {t('queue.expected', {
                  from: formatTime(entry.expected.from, locale),
                  to: formatTime(entry.expected.to, locale),
                })}
              </span>
            )}
            {entry.promiseBreachedAt === null ? null : <StatusWord tone="attention">{t('queue.breached')}</StatusWord>}
            <StatusWord tone={entry.readiness.ready && missing.length === 0 ? 'good' : 'waiting'}>
              {missing.length === 0 ? t('queue.ready') : t('queue.missing', { what: missing.join(' · ') })}
            </StatusWord>
          </>
        ) : (
          <StatusWord tone={QUEUE_ENTRY_TONE[entry.state]}>
            {entry.state === 'called'
              ? t('stage.ringing', { clinic: pick(entry.clinic.name) })
              : t('common:worklist.status.in-progress')}
          </StatusWord>
        )}
      </button>
      {entry.state === 'waiting' ? <QueueCardMenu entry={entry} canCall={canCall} /> : null}
    </li>
  );
}
