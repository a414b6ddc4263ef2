import type { WorklistItem } from '@cloud-hospital/protocol/rest';
import { formatTime, StatusWord, WORKLIST_TONE } from '@cloud-hospital/ui';
import { useLocale } from '@cloud-hospital/ui/i18n';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { isOver, rowTime } from './worklistRows.ts';

/** The state in a word, with the position for those who wait. */
export function useStatusText(): (item: WorklistItem) => string {
  const { t } = useTranslation(['terminal', 'common']);
  return ({ status, place, readiness, answerNeeded }) => {
    if (answerNeeded) return t('common:appointment.answerNeeded');
    const position = place?.position ?? null;
    if (status !== 'waiting' || position === null) return t(`common:worklist.status.${status}`);
    return t(readiness.ready ? 'list.ready' : 'list.waitingAt', { position });
  };
}

export const pathOf = ({ appointmentId, encounterId }: WorklistItem): string =>
  encounterId === null ? `/appointments/${appointmentId}` : `/visits/${encounterId}`;

interface WorklistRowProps {
  readonly item: WorklistItem;
  readonly selected: boolean;
}

/** One line of the list: when, who, in which state. */
export function WorklistRow({ item, selected }: WorklistRowProps) {
  const { t } = useTranslation(['terminal', 'common']);
  const locale = useLocale();
  const statusText = useStatusText()(item);
  const time = rowTime(item);
  return (
    <li>
      <Link
        to={pathOf(item)}
        className="t-row"
        aria-current={selected ? 'true' : undefined}
        data-over={isOver(item)}
        data-testid="worklist-item"
        data-appointment-id={item.appointmentId}
        data-encounter-id={item.encounterId}
        data-status={item.status}
        data-position={item.place?.position}
      >
        <span className="t-row__time">{time === null ? '' : formatTime(time, locale)}</span>
        <span className="t-row__name">{item.patient.name}</span>
        <span className="t-row__ticket">
          {item.ticketNumber}
          {item.scheduledStart === null ? ` · ${t('list.walkInShort')}` : ''}
          {item.readiness.byPhone ? ` · ${t('list.byPhone')}` : ''}
        </span>
        <span className="t-row__status">
          <StatusWord tone={item.answerNeeded ? 'attention' : WORKLIST_TONE[item.status]}>{statusText}</StatusWord>
        </span>
      </Link>
    </li>
  );
}
