import { serverClock, useServerNow } from '@cloud-hospital/ui';
import { useTranslation } from 'react-i18next';
import { formatTimeSeconds } from './formatTimeSeconds.ts';
import { useLive } from '../live/LiveProvider.tsx';
import { useWords } from '../layout/words.ts';

/** Two missed answers in a row: what is shown may be old. */
const OLD_AFTER_MS = 40_000;

/** When the server was last heard, so that a number on a frozen page is never taken for a fresh one. */
export function LastHeard({ answeredAt }: { /** By this device's clock. */ readonly answeredAt: number }) {
  const { t } = useTranslation(['resident', 'common']);
  const { locale } = useWords();
  const live = useLive();
  const now = useServerNow(1000);
  const heardAt = Math.max(answeredAt + serverClock.offset, live.heardAt ?? 0);
  const old = now - heardAt > OLD_AFTER_MS;
  return (
    <p className="w-heard" data-old={old} data-live={live.state === 'connected'} data-testid="last-heard">
      <span className="w-heard__dot" aria-hidden />
      {t('common:connection.lastHeard', { time: formatTimeSeconds(heardAt, locale) })}
      {old ? ` · ${t('waiting.old')}` : ''}
    </p>
  );
}
