import type { BoardEntry } from '@cloud-hospital/protocol/rest';
import { formatTime, formatTimeRange, QUEUE_ENTRY_TONE, StatusWord } from '@cloud-hospital/ui';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { Button } from 'antd';
import { ArrowLeftRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { isOverPromise } from './boardModel.ts';
import { waitTone } from '../layout/waitTone.ts';

const MINUTE_MS = 60_000;

interface BoardCardProps {
  readonly entry: BoardEntry;
  readonly now: string;
  readonly onDrag: (lifted: boolean) => void;
  readonly onMove: () => void;
}

/** One person by ticket: dragged with the mouse, or moved with the button, which a keyboard reaches too. */
export function BoardCard({ entry, now, onDrag, onMove }: BoardCardProps) {
  const { t } = useTranslation(['console', 'common']);
  const pick = usePick();
  const locale = useLocale();
  const waiting = entry.state === 'waiting';
  const minutes = Math.max(0, Math.round((Date.parse(now) - Date.parse(entry.checkedInAt)) / MINUTE_MS));
  return (
    // Dragging is the mouse's way; the button does the same for everybody.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <li
      className="b-card"
      data-state={entry.state}
      data-testid="board-card"
      data-ticket={entry.ticketNumber}
      draggable={waiting}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', entry.ticketNumber);
        onDrag(true);
      }}
      onDragEnd={() => onDrag(false)}
    >
      <span className="b-card__line">
        <strong className="b-card__ticket">{entry.ticketNumber}</strong>
        <span className="b-card__clinic">{pick(entry.clinicName)}</span>
        {entry.urgent ? <span className="c-card__urgent">{t('queue.urgent')}</span> : null}
      </span>
      {waiting ? (
        <span className="b-card__line b-card__line--facts">
          <span className="c-card__wait" data-wait={waitTone(minutes)}>
            {t('board.waited', { minutes })}
          </span>
          {entry.expected === null ? null : (
            <span className="c-secondary">{formatTimeRange(entry.expected.from, entry.expected.to, locale)}</span>
          )}
          {entry.ready ? <span className="c-secondary">{t('board.ready')}</span> : null}
        </span>
      ) : (
        <StatusWord tone={QUEUE_ENTRY_TONE[entry.state]}>
          {t(entry.state === 'called' ? 'common:worklist.status.called' : 'common:worklist.status.in-progress')}
        </StatusWord>
      )}
      {entry.promise !== null && isOverPromise(entry) ? (
        <StatusWord tone="attention">
          {t(Date.parse(now) > Date.parse(entry.promise.first.to) ? 'board.overPromise' : 'board.missesPromise', {
            time: formatTime(entry.promise.first.to, locale),
          })}
        </StatusWord>
      ) : null}
      {waiting ? (
        <Button
          type="text"
          size="small"
          className="b-card__move"
          aria-label={t('board.move', { ticket: entry.ticketNumber })}
          title={t('board.move', { ticket: entry.ticketNumber })}
          icon={<ArrowLeftRight className="ch-icon" aria-hidden />}
          onClick={onMove}
          data-testid="board-move"
        />
      ) : null}
    </li>
  );
}
