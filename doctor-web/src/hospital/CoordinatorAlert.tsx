import { useApi } from '@cloud-hospital/ui/api';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { BellOff, BellRing } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMute } from '../alert/useMute.ts';
import { useRepeatedChime } from '../alert/useRepeatedChime.ts';
import { alertKeys } from './boardModel.ts';

const REFRESH_MS = 30_000;

/**
 * Sounds when a specialist is late or the time to answer a changed schedule is over, on whichever of the coordinator's
 * pages, again and again until somebody says that they know. What there was when the page opened is on it anyway.
 */
export function CoordinatorAlert() {
  const { t } = useTranslation('console');
  const { query } = useApi();
  const [muted, setMuted] = useMute();
  const board = useQuery(query.queue.board.queryOptions({ refetchInterval: REFRESH_MS }));
  const unanswered = useQuery(query.scheduleChanges.unanswered.queryOptions({ refetchInterval: REFRESH_MS }));
  const [known, setKnown] = useState<ReadonlySet<string> | null>(null);
  const loaded = board.data !== undefined && unanswered.data !== undefined;
  const keys = alertKeys(board.data?.queues ?? [], unanswered.data?.changes ?? []);
  if (loaded && known === null) setKnown(new Set(keys));
  const news = known === null ? [] : keys.filter((key) => !known.has(key));
  useRepeatedChime(news.length > 0 && !muted, news.at(-1));
  return (
    <>
      {news.length === 0 ? null : (
        <Button
          type="primary"
          size="small"
          onClick={() => setKnown(new Set([...(known ?? []), ...keys]))}
          data-testid="acknowledge"
        >
          {t('board.acknowledge', { count: news.length })}
        </Button>
      )}
      <Button
        type="text"
        size="small"
        aria-pressed={muted}
        data-muted={muted}
        icon={muted ? <BellOff className="ch-icon" aria-hidden /> : <BellRing className="ch-icon" aria-hidden />}
        onClick={() => setMuted(!muted)}
        data-testid="mute-alerts"
      >
        {t(muted ? 'alert.muted' : 'alert.soundOn')}
      </Button>
    </>
  );
}
