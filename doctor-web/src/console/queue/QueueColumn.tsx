import type { EncounterId } from '@cloud-hospital/protocol';
import type { QueueView } from '@cloud-hospital/protocol/rest';
import { formatTime } from '@cloud-hospital/ui';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { Button, Tooltip } from 'antd';
import { BellOff, BellRing, PhoneOutgoing } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { QueueCard } from './QueueCard.tsx';
import type { CallNext } from './useCallNext.ts';
import type { WaitingAlert } from './useWaitingAlert.ts';

export interface QueueColumnProps {
  readonly queue: QueueView;
  readonly shownEncounterId: EncounterId | null;
  readonly onPick: (encounterId: EncounterId) => void;
  readonly canCall: boolean;
  readonly callNext: CallNext;
  readonly alert: WaitingAlert;
}

/** Who waits, since when, why in this order, and how ready the clinic is. */
export function QueueColumn({ queue, shownEncounterId, onPick, canCall, callNext, alert }: QueueColumnProps) {
  const { t } = useTranslation('console');
  const pick = usePick();
  const locale = useLocale();
  const waiting = queue.entries.filter((entry) => entry.state === 'waiting');
  const nobodyReady = waiting.length > 0 && waiting.every((entry) => !entry.readiness.ready);
  const newest = alert.arrivals.at(-1);
  return (
    <section className="c-queue" aria-label={t('queue.title')}>
      <header className="c-queue__head">
        <h2>{t('queue.waiting', { count: waiting.length })}</h2>
        <p>{t('queue.doneToday', { count: queue.doneToday })}</p>
        <Button
          type="text"
          size="small"
          className="c-queue__mute"
          aria-pressed={alert.muted}
          data-muted={alert.muted}
          icon={
            alert.muted ? <BellOff className="ch-icon" aria-hidden /> : <BellRing className="ch-icon" aria-hidden />
          }
          onClick={() => alert.setMuted(!alert.muted)}
          data-testid="mute-alerts"
        >
          {t(alert.muted ? 'alert.muted' : 'alert.soundOn')}
        </Button>
      </header>
      <Tooltip title={t('shortcut.callNext')} placement="right">
        <Button
          type="primary"
          size="large"
          block
          className="c-queue__call"
          icon={<PhoneOutgoing className="ch-icon" aria-hidden />}
          disabled={!canCall || waiting.length === 0 || nobodyReady}
          loading={callNext.isPending}
          onClick={() => callNext.mutate({})}
          data-testid="call-next"
        >
          {t('queue.callNext')}
          <kbd className="c-kbd">{t('shortcut.callNext')}</kbd>
        </Button>
      </Tooltip>
      {nobodyReady ? <p className="c-queue__hint">{t('queue.nobodyReady', { count: waiting.length })}</p> : null}
      {newest === undefined ? null : (
        <div className="c-queue__alert" role="alert" data-testid="arrival-alert">
          <BellRing className="ch-icon" aria-hidden />
          <p>
            {t('alert.newWaiting', { patient: newest.ticketNumber, clinic: pick(newest.clinic.name) })}
            {alert.arrivals.length > 1 ? ` · ${t('alert.more', { count: alert.arrivals.length - 1 })}` : null}
          </p>
          {alert.askPermission === null ? null : (
            <Button size="small" onClick={alert.askPermission}>
              {t('alert.permission')}
            </Button>
          )}
          <Button type="primary" size="small" onClick={alert.acknowledge} data-testid="acknowledge">
            {t('alert.acknowledge')}
          </Button>
        </div>
      )}
      {queue.entries.length === 0 ? (
        <div className="c-queue__empty">
          <p className="c-queue__empty-title">{t('queue.empty')}</p>
          <p>{t('queue.emptyAdvice')}</p>
        </div>
      ) : (
        <ol className="c-queue__list">
          {queue.entries.map((entry) => (
            <QueueCard
              key={entry.queueEntryId}
              entry={entry}
              now={queue.now}
              shown={entry.encounterId === shownEncounterId}
              canCall={canCall}
              onPick={() => onPick(entry.encounterId)}
            />
          ))}
        </ol>
      )}
      {queue.upcoming.length === 0 ? null : (
        <section className="c-queue__upcoming" aria-label={t('queue.upcoming')}>
          <h3>{t('queue.upcoming')}</h3>
          <ul>
            {queue.upcoming.map((appointment) => (
              <li key={appointment.ticketNumber}>
                <time>{formatTime(appointment.start, locale)}</time>
                <span>{appointment.patientName}</span>
                <span className="c-secondary">{pick(appointment.clinicName)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </section>
  );
}
