import type { BoardQueue } from '@cloud-hospital/protocol/rest';
import { formatTime } from '@cloud-hospital/ui';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { Button } from 'antd';
import { ClockAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';

const MINUTE_MS = 60_000;
const MOST_NAMES = 3;

interface LateStartsProps {
  readonly late: readonly BoardQueue[];
  readonly now: string;
}

/** Specialists who did not begin, above everything else: since when, who waits, and who could take over. */
export function LateStarts({ late, now }: LateStartsProps) {
  const { t } = useTranslation(['console', 'common']);
  const pick = usePick();
  const locale = useLocale();
  if (late.length === 0) return null;
  return (
    <section className="b-late" role="alert" aria-label={t('board.lateTitle')} data-testid="late-starts">
      {late.map((queue) => {
        const since = queue.lateSince ?? now;
        const there = queue.substitutes.filter(
          ({ availability }) => availability === 'available' || availability === 'in-call',
        );
        return (
          <div key={queue.queueId} className="b-late__one">
            <ClockAlert className="ch-icon" aria-hidden />
            <p>
              <strong>{t('board.late', { name: pick(queue.name) })}</strong>{' '}
              {t('board.lateSince', {
                time: formatTime(since, locale),
                minutes: Math.max(0, Math.round((Date.parse(now) - Date.parse(since)) / MINUTE_MS)),
                waiting: queue.entries.filter(({ state }) => state === 'waiting').length,
              })}
              {' · '}
              {there.length === 0
                ? t('board.noSubstitute')
                : t('board.substitutes') +
                  there
                    .slice(0, MOST_NAMES)
                    .map((one) => pick(one.name))
                    .join(locale === 'en' ? ', ' : '、')}
            </p>
            <Button
              onClick={() => document.getElementById(`queue-${queue.queueId}`)?.scrollIntoView({ block: 'center' })}
            >
              {t('board.find')}
            </Button>
          </div>
        );
      })}
    </section>
  );
}
