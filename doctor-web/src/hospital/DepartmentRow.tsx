import type { BoardQueue } from '@cloud-hospital/protocol/rest';
import { AVAILABILITY_TONE, formatTime, StatusWord } from '@cloud-hospital/ui';
import { useLocale, usePick } from '@cloud-hospital/ui/i18n';
import { type DragEvent, Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BoardCard } from './BoardCard.tsx';
import type { Department, Moving } from './boardModel.ts';

interface RowProps {
  readonly department: Department;
  readonly now: string;
  readonly onMove: (moving: Moving | null) => void;
}

/** Belongs to what stands before it: a line ends after the dot, never begins with it. */
const DOT = '\u00A0·';

/** One department: its pool and its specialists side by side, so that a card has a short way. */
export function DepartmentRow({ department, now, onMove }: RowProps) {
  const pick = usePick();
  const [dragged, setDragged] = useState<Moving | null>(null);
  return (
    <section className="b-row" aria-label={pick(department.name)}>
      <h3 className="b-row__name">{pick(department.name)}</h3>
      <div className="b-row__queues">
        {department.queues.map((queue) => (
          <QueueBox key={queue.queueId} queue={queue} now={now} dragged={dragged} onDrag={setDragged} onMove={onMove} />
        ))}
      </div>
    </section>
  );
}

interface BoxProps {
  readonly queue: BoardQueue;
  readonly now: string;
  readonly dragged: Moving | null;
  readonly onDrag: (moving: Moving | null) => void;
  readonly onMove: (moving: Moving | null) => void;
}

function QueueBox({ queue, now, dragged, onDrag, onMove }: BoxProps) {
  const { t } = useTranslation(['console', 'common']);
  const pick = usePick();
  const locale = useLocale();
  const [over, setOver] = useState(false);
  const isPool = queue.practitionerRoleId === null;
  const accepts = dragged !== null && dragged.from.queueId !== queue.queueId;
  const name = isPool ? t('board.pool') : pick(queue.name);
  const facts = [
    isPool ? null : t('board.done', { count: queue.doneToday }),
    queue.expectedToday === 0 ? null : t('board.toCome', { count: queue.expectedToday }),
    queue.longestWaitMinutes === 0 ? null : t('board.longest', { minutes: queue.longestWaitMinutes }),
    queue.brokenToday === 0 ? null : t('board.broken', { count: queue.brokenToday }),
  ].filter((fact) => fact !== null);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    if (accepts) onMove({ ...dragged, target: queue.practitionerRoleId });
    onDrag(null);
  };
  return (
    // Dropping is the mouse's way; the button on each card does the same for everybody.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      id={`queue-${queue.queueId}`}
      className="b-queue"
      aria-label={isPool ? `${pick(queue.departmentName)} ${name}` : name}
      data-accepts={accepts}
      data-over={accepts && over}
      data-late={queue.lateSince !== null}
      data-testid={isPool ? 'board-pool' : 'board-queue'}
      data-queue={queue.queueId}
      onDragOver={(event) => {
        if (!accepts) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <header className="b-queue__head">
        <h4>{name}</h4>
        <StatusWord tone={AVAILABILITY_TONE[queue.availability]}>
          {t(`common:availability.${queue.availability}`)}
          {queue.breakUntil === null ? null : `${DOT} ${formatTime(queue.breakUntil, locale)}`}
        </StatusWord>
      </header>
      <p className="b-queue__facts">
        {facts.map((fact, index) => (
          <Fragment key={fact}>
            {index === 0 ? null : ' '}
            <span className="b-queue__fact">
              {fact}
              {index === facts.length - 1 ? null : DOT}
            </span>
          </Fragment>
        ))}
      </p>
      {queue.entries.length === 0 ? (
        <p className="b-queue__empty">{accepts ? t('board.dropHere', { name }) : t('board.nobody')}</p>
      ) : (
        <ol className="b-queue__list">
          {queue.entries.map((entry) => (
            <BoardCard
              key={entry.queueEntryId}
              entry={entry}
              now={now}
              onDrag={(lifted) => onDrag(lifted ? { entry, from: queue } : null)}
              onMove={() => onMove({ entry, from: queue })}
            />
          ))}
        </ol>
      )}
    </section>
  );
}
